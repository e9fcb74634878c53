// Bundles the three programs: extension host, sampler worker, webview. `--watch` rebuilds; `--production` minifies.
import { copyFile, mkdir, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const watch = process.argv.includes("--watch");
const production = process.argv.includes("--production");
const target = process.env.KOFFI_TARGET ?? `${process.platform}-${process.arch}`;

/**
 * Bundles koffi's CommonJS build (its ESM build hides the binary behind createRequire, which esbuild cannot follow)
 * and copies exactly one native binary next to the bundle.
 */
const koffiNative = {
	name: "koffi-native",
	setup(build) {
		build.onResolve({ filter: /^koffi$/ }, () => ({ path: require.resolve("koffi") }));
		build.onResolve({ filter: /^@koromix\/koffi-/ }, ({ path }) =>
			path === `@koromix/koffi-${target}`
				? { path: join(dirname(require.resolve(`${path}/package.json`)), target.replace("-", "_"), "koffi.node") }
				: { path, external: true },
		);
	},
};

/** The browser driver is installed beside the workbench tests, where their bundles, in `out/`, would not find it. */
const workbenchModules = {
	name: "workbench-modules",
	setup(build) {
		build.onResolve({ filter: /^playwright-core$/ }, ({ path }) => ({
			path: join(root, "test/workbench/node_modules", path, "index.js"),
			external: true,
		}));
	},
};

const common = {
	bundle: true,
	logLevel: "info",
	minify: production,
	sourcemap: production ? false : "linked",
	absWorkingDir: root,
};

const host = {
	...common,
	platform: "node",
	format: "cjs",
	target: "node20",
	external: ["vscode"],
	loader: { ".node": "copy" },
	assetNames: "[name]",
	plugins: [koffiNative],
	outdir: "dist",
	entryPoints: { extension: "src/extension/main.ts", sampler: "src/extension/sampler/worker.ts" },
};

const webview = {
	...common,
	platform: "browser",
	format: "esm",
	target: "chrome122",
	outdir: "dist/webview",
	entryPoints: { memoryMap: "src/webview/memoryMap/main.ts" },
	loader: { ".ttf": "file" },
	assetNames: "[name]",
};

/** Every test file is a bundle of its own, found by glob: a test that is not listed anywhere cannot be forgotten. */
const tests = async () => ({
	...common,
	minify: false,
	sourcemap: "linked",
	platform: "node",
	format: "cjs",
	target: "node20",
	external: ["vscode", "mocha", "esbuild", "@biomejs/biome"],
	loader: { ".node": "copy" },
	assetNames: "[name]",
	plugins: [koffiNative, workbenchModules],
	outdir: "out/test",
	outbase: "test",
	entryPoints: ["test/run.ts", "test/integration/index.ts", ...(await findTests())],
});

async function findTests() {
	const folders = ["test/unit", "test/integration", "test/workbench"];
	const recursive = (folder) => folder !== "test/workbench"; // it has a node_modules of half a gigabyte
	const paths = folders.map(async (folder) =>
		(await readdir(join(root, folder), { recursive: recursive(folder) })).map((path) => join(folder, path)),
	);
	return (await Promise.all(paths)).flat().filter((path) => path.endsWith(".test.ts"));
}

async function copyAssets() {
	await mkdir(join(root, "dist/webview"), { recursive: true });
	const codicons = dirname(require.resolve("@vscode/codicons/package.json"));
	await copyFile(join(codicons, "dist/codicon.ttf"), join(root, "dist/webview/codicon.ttf"));
}

await copyAssets();
const configurations = [host, webview, ...(process.argv.includes("--tests") ? [await tests()] : [])];
if (watch) {
	for (const configuration of configurations) await (await context(configuration)).watch();
} else {
	await Promise.all(configurations.map((configuration) => build(configuration)));
}
