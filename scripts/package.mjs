// `npm run package [-- --out FILE]`: makes the linux-x64 package, and checks its size and what is in it.
// It is put together in out/package/, so that dist/ stays what the developer built.
import { cp, readFile, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { checkout, endOnSignals, run } from "./support/commands.mjs";
import { makeEmpty } from "./support/folders.mjs";
import { install } from "./support/install.mjs";
import { thirdPartyNotices } from "./support/notices.mjs";
import { listZip } from "./support/zip.mjs";

const target = "linux-x64";
const largest = 1024 * 1024;

/** What must be in the package. */
const required = [
	"extension/package.json",
	"extension/readme.md",
	"extension/changelog.md",
	"extension/LICENSE.txt",
	"extension/ThirdPartyNotices.txt",
	"extension/dist/extension.js",
	"extension/dist/sampler.js",
	"extension/dist/reader.js",
	"extension/dist/lab.js",
	"extension/dist/koffi.node",
	"extension/dist/webview/memoryMap.js",
	"extension/dist/webview/lab.js",
	"extension/dist/webview/codicon.ttf",
];
/** What else may be in it. */
const allowed = [
	/^(extension\.vsixmanifest|\[Content_Types\]\.xml)$/,
	/^extension\/dist\/webview\/[^/]+\.(js|css|ttf)$/,
	/^extension\/media\/[^/]+\.(svg|png)$/,
	/^extension\/media\/language\/[^/]+\.json$/,
	/^extension\/media\/walkthrough\//,
];

endOnSignals();
try {
	await makePackage();
} catch (error) {
	console.error(`\n${error instanceof Error ? error.message : error}`);
	process.exit(1);
}

async function makePackage() {
	const { values } = parseArgs({ options: { out: { type: "string" } } });
	await install(checkout, "Packages");
	const manifest = JSON.parse(await readFile(join(checkout, "package.json"), "utf8"));
	const { name, version } = manifest;
	const file = resolve(checkout, values.out ?? `${name}-${target}-${version}.vsix`);

	const stage = join(checkout, "out/package");
	await makeEmpty(stage);
	for (const item of ["README.md", "CHANGELOG.md", "LICENSE", ".vscodeignore", "media"]) {
		await cp(join(checkout, item), join(stage, item), { recursive: true });
	}
	for (const key of ["scripts", "dependencies", "devDependencies", "overrides", "allowScripts"]) delete manifest[key];
	await writeFile(join(stage, "package.json"), JSON.stringify(manifest, undefined, "\t"));
	await mustRun(process.execPath, ["esbuild.mjs", "--production", `--outdir=${join(stage, "dist")}`], {
		env: { KOFFI_TARGET: target },
	});
	const inputs = JSON.parse(await readFile(join(stage, "dist/inputs.json"), "utf8"));
	inputs.push("node_modules/@vscode/codicons/dist/codicon.ttf"); // copied, not bundled
	await writeFile(join(stage, "ThirdPartyNotices.txt"), await thirdPartyNotices(inputs));
	await mustRun(
		join(checkout, "node_modules/.bin/vsce"),
		[
			...["package", "--target", target, "--out", file],
			...["--no-dependencies", "--no-rewrite-relative-links", "--allow-missing-repository"],
		],
		{ cwd: stage },
	);

	const archive = await readFile(file);
	const entries = listZip(archive);
	for (const { name: path, size, packedSize } of entries) {
		console.log(`${String(packedSize).padStart(9)} of ${String(size).padStart(9)} bytes  ${path}`);
	}
	console.log(`${String(archive.length).padStart(9)} bytes in ${relative(checkout, file)}`);
	const names = entries.map((entry) => entry.name);
	const missing = required.filter((path) => !names.includes(path));
	const superfluous = names.filter(
		(path) => !required.includes(path) && !allowed.some((pattern) => pattern.test(path)),
	);
	if (missing.length > 0) throw new Error(`The package lacks ${missing.join(", ")}.`);
	if (superfluous.length > 0) throw new Error(`The package has what nobody needs: ${superfluous.join(", ")}.`);
	if (archive.length > largest) throw new Error(`The package is larger than ${largest} bytes.`);
}

/**
 * Runs a quiet command that must not fail.
 * @param {string} command
 * @param {string[]} parameters
 * @param {import("./support/commands.mjs").CommandOptions} options
 */
async function mustRun(command, parameters, options) {
	if ((await run(command, parameters, { quiet: true, ...options })) !== 0) throw new Error("The package was not made.");
}
