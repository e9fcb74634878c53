// Bundles the programs: extension host, sampler worker, lab process, webview.
//   --watch       builds anew whenever a source file changes
//   --tests       also the tests, into out/test/
//   --bench       only the benchmarks, into out/bench/
//   --production  minified, without source maps
//   --outdir=DIR  somewhere else than dist/
import { copyFile, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build, context } from "esbuild";

/** @typedef {import("esbuild").BuildOptions} BuildOptions */
/** @typedef {import("esbuild").Plugin} Plugin */

const root = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const { values: options } = parseArgs({
	options: {
		watch: { type: "boolean", default: false },
		tests: { type: "boolean", default: false },
		bench: { type: "boolean", default: false },
		production: { type: "boolean", default: false },
		outdir: { type: "string", default: "dist" },
	},
});
const outdir = resolve(root, options.outdir);
const target = process.env.KOFFI_TARGET ?? `${process.platform}-${process.arch}`;
const nativeBinary = join(
	dirname(require.resolve(`@koromix/koffi-${target}/package.json`)),
	target.replace("-", "_"),
	"koffi.node",
);

/**
 * Bundles koffi's CommonJS build (its ESM build hides the binary behind createRequire, which esbuild cannot follow)
 * and copies exactly one native binary next to the bundle.
 * @type {Plugin}
 */
const koffiNative = {
	name: "koffi-native",
	setup({ onResolve }) {
		onResolve({ filter: /^koffi$/ }, () => ({ path: require.resolve("koffi") }));
		onResolve({ filter: /^@koromix\/koffi-/ }, ({ path }) =>
			path === `@koromix/koffi-${target}` ? { path: nativeBinary } : { path, external: true },
		);
	},
};

/**
 * For the extension itself the binary is not copied by esbuild, which would write into a file that a running extension
 * host has mapped and so kill it: {@link copyAssets} puts it there under its own name when it is another one.
 * @type {Plugin}
 */
const koffiBeside = {
	name: "koffi-beside",
	setup({ onResolve }) {
		onResolve({ filter: /^koffi$/ }, () => ({ path: require.resolve("koffi") }));
		onResolve({ filter: /^@koromix\/koffi-/ }, ({ path }) => ({
			path: path === `@koromix/koffi-${target}` ? "./koffi.node" : path,
			external: true,
		}));
	},
};

/**
 * The browser driver is installed beside the workbench tests, where their bundles, in `out/`, would not find it.
 * @type {Plugin}
 */
const workbenchModules = {
	name: "workbench-modules",
	setup({ onResolve }) {
		onResolve({ filter: /^playwright-core$/ }, ({ path }) => ({
			path: join(root, "test/workbench/node_modules", path, "index.js"),
			external: true,
		}));
	},
};

const testsOf = "tests of ";

/**
 * All tests of a folder of `test`.
 * @type {Plugin}
 */
const testsOfFolder = {
	name: "tests-of-folder",
	setup({ onResolve, onLoad }) {
		onResolve({ filter: new RegExp(`^${testsOf}`) }, ({ path }) => ({ path, namespace: "tests" }));
		onLoad({ filter: /./, namespace: "tests" }, async ({ path }) => {
			const files = await findTests([path.slice(testsOf.length)]);
			return { contents: files.map((file) => `import "./${file}";`).join("\n"), resolveDir: root };
		});
	},
};

/** @type {BuildOptions} */
const common = {
	bundle: true,
	logLevel: "info",
	minify: options.production,
	sourcemap: options.production ? false : "linked",
	metafile: options.production,
	absWorkingDir: root,
};

/** @type {BuildOptions} */
const node = {
	...common,
	platform: "node",
	format: "cjs",
	target: "node20",
	loader: { ".node": "copy" },
	assetNames: "[name]",
};

/** @type {BuildOptions} */
const host = {
	...node,
	external: ["vscode"],
	plugins: [koffiBeside],
	outdir,
	entryPoints: {
		extension: "src/extension/main.ts",
		sampler: "src/extension/sampler/worker.ts",
		reader: "src/extension/sampler/reader.ts",
		lab: "src/extension/lab/process/main.ts",
	},
};

/** @type {BuildOptions} */
const webview = {
	...common,
	platform: "browser",
	format: "esm",
	target: "chrome122",
	outdir: join(outdir, "webview"),
	entryPoints: { memoryMap: "src/webview/memoryMap/main.ts", lab: "src/webview/lab/main.ts" },
	loader: { ".ttf": "file" },
	assetNames: "[name]",
};

/**
 * Test files are found by name: one that is not listed anywhere cannot be forgotten. Each is a bundle of its own, but for
 * unit tests, which are many and share most of what they import: those of a folder are one.
 * @returns {Promise<BuildOptions>}
 */
async function tests() {
	return {
		...node,
		minify: false,
		sourcemap: "linked",
		external: ["vscode", "mocha", "esbuild", "@biomejs/biome"],
		plugins: [koffiNative, workbenchModules, testsOfFolder],
		outdir: "out/test",
		entryPoints: [
			...[
				"test/run.ts",
				"test/kernel/main.ts",
				"test/integration/index.ts",
				"test/workbench/screenshots/main.ts",
				"test/support/labHost.ts",
			].map(besideItsLike),
			...(await unitTests()),
			...(await findTests(["integration", "churn", "workbench/shared", "workbench/own", "workbench/debugging"])).map(
				besideItsLike,
			),
		],
	};
}

/** A program of `test`, at the same place in `out/test`. @param {string} path */
function besideItsLike(path) {
	return { in: path, out: path.slice("test/".length, -".ts".length) };
}

async function unitTests() {
	const entries = await readdir(join(root, "test/unit"), { withFileTypes: true });
	return entries.map((entry) => {
		if (!entry.isDirectory()) return besideItsLike(`test/unit/${entry.name}`);
		return { in: `${testsOf}unit/${entry.name}`, out: `unit/${entry.name}/all.test` };
	});
}

/** The benchmarks, with a sampler of their own to watch with. */
const bench = {
	...node,
	sourcemap: /** @type {const} */ ("linked"),
	external: ["vscode"],
	plugins: [koffiNative],
	outdir: "out/bench",
	entryPoints: {
		main: "test/bench/main.ts",
		collectingSampler: "test/bench/collectingSampler.ts",
		sampler: "src/extension/sampler/worker.ts",
		reader: "src/extension/sampler/reader.ts",
	},
};

/**
 * Paths of the test files in folders of `test`: named ones, since the workbench's has a node_modules of half a gigabyte.
 * @param {string[]} names
 */
async function findTests(names) {
	const paths = names.map(async (name) => {
		const folder = `test/${name}`;
		return (await readdir(join(root, folder), { recursive: true })).map((path) => join(folder, path));
	});
	return (await Promise.all(paths)).flat().filter((path) => path.endsWith(".test.ts"));
}

async function copyAssets() {
	await mkdir(join(outdir, "webview"), { recursive: true });
	const codicons = dirname(require.resolve("@vscode/codicons/package.json"));
	await copyFile(join(codicons, "dist/codicon.ttf"), join(outdir, "webview/codicon.ttf"));
	const own = join(outdir, "koffi.node");
	const [now, wanted] = await Promise.all([readFile(own).catch(() => undefined), readFile(nativeBinary)]);
	if (now?.equals(wanted)) return;
	await copyFile(nativeBinary, `${own}.new`);
	await rename(`${own}.new`, own);
}

/**
 * Tells VS Code's background task when building starts, and when all bundles are done.
 * @param {number} bundles
 * @returns {Plugin}
 */
function announceBuilds(bundles) {
	let running = bundles;
	console.log("[watch] build started");
	const seen = new Set();
	return {
		name: "announce-builds",
		setup({ initialOptions, onStart, onEnd }) {
			onStart(() => {
				if (!seen.has(initialOptions.outdir)) return void seen.add(initialOptions.outdir);
				if (running++ === 0) console.log("[watch] build started");
			});
			onEnd(() => {
				if (--running === 0) console.log("[watch] build finished");
			});
		},
	};
}

await copyAssets();
const configurations = options.bench ? [bench] : [host, webview, ...(options.tests ? [await tests()] : [])];
if (options.watch) {
	const announce = announceBuilds(configurations.length);
	for (const configuration of configurations) {
		const plugins = [...(configuration.plugins ?? []), announce];
		await (await context({ ...configuration, plugins, logLevel: "warning" })).watch();
	}
} else {
	const builds = configurations.map((configuration) => build(configuration));
	const results = await Promise.all(builds).catch(() => process.exit(1)); // esbuild has said what is wrong
	// What went into the bundles, for the notices of the package.
	const inputs = results.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}));
	if (options.production) await writeFile(join(outdir, "inputs.json"), JSON.stringify(inputs, undefined, "\t"));
}
