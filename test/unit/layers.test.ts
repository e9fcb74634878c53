import { strict as assert } from "node:assert";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { checkout } from "../support/checkout";
import { findImports } from "../support/imports";
import { judgeImport, judgeSources, layers, sourceFiles } from "../support/layers";

/** What the rules say of a file with this text. */
const judge = (file: string, text: string): (string | undefined)[] =>
	findImports(text).map((imported) => judgeImport(file, imported));

describe("layers", () => {
	it("are kept by every import of the sources", async () => {
		const { violations, judged } = await judgeSources();
		assert.deepEqual(violations, []);
		assert.ok(judged > 300, `only ${judged} imports were found`);
	});

	it("are the rooms that exist", async () => {
		const files = await sourceFiles();
		const empty = Object.keys(layers).filter(
			(room) => !files.some((file) => file === room || file.startsWith(`${room}/`)),
		);
		assert.deepEqual(empty, []);
	});

	it("leave the clipboard to the one file that makes visible what cannot be seen", async () => {
		const texts = (await sourceFiles()).map(async (file) => [
			file,
			await readFile(join(checkout, "src", file), "utf8"),
		]);
		const writers = (await Promise.all(texts)).filter(([, text]) => /\bclipboard\.\w/.test(text ?? ""));
		assert.deepEqual(
			writers.map(([file]) => file),
			["extension/views/clipboard.ts"],
		);
	});

	it("see every import that the bundler sees", async () => {
		const { metafile } = await build({
			absWorkingDir: checkout,
			entryPoints: (await sourceFiles()).map((file) => `src/${file}`),
			outdir: "out",
			bundle: true,
			packages: "external",
			platform: "node",
			write: false,
			metafile: true,
			logLevel: "silent",
			loader: { ".ttf": "empty", ".css": "empty" },
		});
		let seen = 0;
		for (const [path, { imports }] of Object.entries(metafile.inputs)) {
			const found = new Set(
				findImports(await readFile(join(checkout, path), "utf8")).map(({ specifier }) => specifier),
			);
			for (const { original, path: resolved } of imports) {
				seen++;
				assert.ok(found.has(original ?? resolved), `${path}: ${original ?? resolved}`);
			}
		}
		assert.ok(seen > 200);
	});

	const wrong: readonly (readonly [file: string, text: string, sentence: RegExp])[] = [
		["shared/a.ts", 'import { x } from "../extension/base/log";', /shared may not import extension\/base/],
		["shared/a.ts", 'import type { Stats } from "node:fs";', /shared may not import Node's node:fs/],
		["shared/a.ts", 'import { join } from "path";', /shared may not import Node's path/],
		["shared/a.ts", 'import * as vscode from "vscode";', /shared may not import vscode/],
		["extension/base/a.ts", 'export * from "../proc/maps";', /base may not import extension\/proc/],
		["extension/proc/a.ts", 'import { libc } from "../native/libc";', /proc may not import extension\/native/],
		["extension/proc/a.ts", 'import type { A } from "../memory/names";', /proc may not import extension\/memory/],
		["extension/proc/a.ts", 'const k = require("koffi");', /proc may not import koffi/],
		["extension/native/a.ts", 'import { readStat } from "../proc/stat";', /native may not import extension\/proc/],
		["extension/native/a.ts", 'import("vscode").then(f);', /native may not import vscode/],
		["extension/memory/a.ts", 'import { statSync } from "node:fs";', /memory may not import Node's node:fs/],
		["extension/memory/a.ts", 'export { libc } from "../native/libc";', /memory may not import extension\/native/],
		[
			"extension/memory/a.ts",
			'import { takeSample } from "../sampler/takeSample";',
			/may not import extension\/sampler/,
		],
		["extension/memory/a.ts", 'import { readMaps } from "../proc/maps";', /may not import readMaps/],
		["extension/memory/a.ts", 'import * as maps from "../proc/maps";', /may not import \* of extension\/proc/],
		["extension/sampler/a.ts", 'import { ids } from "../contributions";', /may not import extension\/contributions.ts/],
		["extension/sampler/a.ts", 'import { notify } from "../views/notify";', /sampler may not import extension\/views/],
		["extension/sampler/a.ts", 'import koffi from "koffi";', /sampler may not import koffi/],
		["extension/lab/a.ts", 'import { window } from "vscode";', /lab may not import vscode/],
		["extension/lab/a.ts", 'import { readMaps } from "../proc/maps";', /lab may not import readMaps/],
		["extension/lab/a.ts", 'import { libc } from "../native/libc";', /lab may not import extension\/native/],
		["extension/lab/a.ts", 'import { Guard } from "./process/guard";', /lab may not import extension\/lab\/process/],
		["extension/lab/a.ts", 'import { readFileSync } from "node:fs";', /lab may not block.*readFileSync/],
		["extension/lab/process/a.ts", 'import { S } from "../../sampler/protocol";', /process may not import.*sampler/],
		["extension/lab/demos/a.ts", 'import { x } from "../session";', /demos may not import extension\/lab/],
		["extension/debug/a.ts", 'import type { X } from "../views/notify";', /debug may not import extension\/views/],
		["extension/views/a.ts", 'import { readMaps } from "../proc/maps";', /views may not import extension\/proc/],
		["extension/views/a.ts", 'type L = import("../native/libc").Libc;', /views may not import extension\/native/],
		["extension/views/a/b.ts", 'import { readFileSync } from "node:fs";', /views may not block.*readFileSync/],
		["extension/views/a.ts", 'import { stat, statSync as s } from "fs";', /views may not block.*statSync/],
		["extension/views/a.ts", 'import * as fs from "node:fs";', /by single names only/],
		["extension/views/a.ts", 'import fs from "node:fs";', /by single names only/],
		["extension/views/a.ts", 'import { execSync } from "node:child_process";', /views may not block.*execSync/],
		["extension/views/a.ts", 'import { Row } from "../../webview/memoryMap/store";', /views may not import webview/],
		["extension/views/a.ts", 'import { createApi } from "../api";', /views may not import extension\/api.ts/],
		["extension/main.ts", 'import { openSync } from "node:fs";', /main.ts may not block/],
		["extension/main.ts", 'import { readMaps } from "./proc/maps";', /main.ts may not import extension\/proc/],
		["extension/api.ts", 'import { writeFileSync } from "node:fs";', /api.ts may not block/],
		["extension/api.ts", 'import { panel } from "./views/panel";', /api.ts may not import extension\/views/],
		["extension/contributions.ts", 'import * as vscode from "vscode";', /contributions.ts may not import vscode/],
		["webview/ui/a.ts", 'import { Store } from "../memoryMap/store";', /ui may not import webview\/memoryMap/],
		["webview/ui/a.ts", 'import "react";', /ui may not import react/],
		["webview/memoryMap/a.ts", 'import "@vscode/webview-ui-toolkit";', /may not import @vscode\/webview-ui-toolkit/],
		["webview/memoryMap/a.ts", 'import { x } from "../../extension/memory/model";', /may not import extension\/memory/],
		["webview/memoryMap/a.ts", 'import { readFile } from "node:fs/promises";', /may not import Node's/],
		["webview/memoryMap/draw/a.ts", 'import { Store } from "../store";', /draw may not import webview\/memoryMap/],
		["webview/memoryMap/draw/a.ts", 'import { element } from "../../ui/element";', /draw may not import webview\/ui/],
		["webview/lab/a.ts", 'import { Store } from "../memoryMap/store";', /lab may not import webview\/memoryMap/],
		["extension/views/a.ts", "await import(name);", /computes the name/],
		["extension/proc/a.ts", 'require("../" + name);', /computes the name/],
		["extension/elsewhere/a.ts", 'import { x } from "./b";', /lies in no room/],
		["extension/views/a.ts", 'import data from "../../../package.json";', /leads out of every room/],
		["shared/a.ts", '/// <reference types="node" />', /shared may not import node/],
	];
	it("report every wrong import", () => {
		for (const [file, text, sentence] of wrong) {
			const sentences = judge(file, text);
			assert.equal(sentences.length, 1, text);
			assert.match(sentences[0] ?? `nothing is said of ${text} in ${file}`, sentence);
		}
	});

	it("report a wrong import wherever it lies below the sources", async () => {
		const src = await mkdtemp(join(tmpdir(), "layers-"));
		try {
			await mkdir(join(src, "extension/views/deep"), { recursive: true });
			await writeFile(join(src, "extension/views/deep/wrong.ts"), "export type { Libc } from '../../native/libc';");
			await writeFile(join(src, "extension/views/right.ts"), 'import { wrong } from "./deep/wrong";');
			const { violations, judged } = await judgeSources(src);
			assert.equal(judged, 2);
			assert.deepEqual(violations, ["extension/views/deep/wrong.ts: extension/views may not import extension/native"]);
		} finally {
			await rm(src, { recursive: true });
		}
	});

	it("let through what they allow", () => {
		const right: readonly (readonly [string, string])[] = [
			["extension/views/a.ts", 'import { readFile } from "node:fs/promises"; import * as vscode from "vscode";'],
			[
				"extension/views/a/b.ts",
				'import { x } from "../../sampler/protocol"; import { ids } from "../../contributions";',
			],
			["extension/sampler/a.ts", 'import { statSync } from "node:fs"; import { libc } from "../native/libc";'],
			["extension/native/a.ts", 'import type K from "koffi"; const k = require("koffi");'],
			["extension/memory/a.ts", 'import { parseMaps, type MapsColumns } from "../proc/maps";'],
			["webview/ui/a.ts", 'import { provideVSCodeDesignSystem } from "@vscode/webview-ui-toolkit/dist/index.js";'],
			["webview/memoryMap/blocks/a.ts", 'import { x } from "../draw/bar"; import { y } from "../../ui/element";'],
		];
		for (const [file, text] of right) {
			const sentences = judge(file, text);
			assert.ok(sentences.length > 0);
			assert.deepEqual(sentences.filter(Boolean), [], text);
		}
	});

	it("are not fooled by text that looks like an import", () => {
		const text = [
			'// import "vscode";',
			'/* import { x } from "vscode"; */',
			"const a = 'import \"vscode\"', b = \"require('koffi')\";",
			// biome-ignore lint/suspicious/noTemplateCurlyInString: a template of the source that is read
			'const c = `import "vscode" ${`${require("./inner")}`} from "koffi"`;',
			'const d = /import "vscode"/.test(a) || x / y / z;',
			'const e = /[/"]/; const f = "from";',
			'loader.require("koffi"); map.from("vscode");',
			'import type { T } from "./real";',
		].join("\n");
		assert.deepEqual(
			findImports(text).map(({ specifier }) => specifier),
			["./inner", "./real"],
		);
	});

	it("know the names that are imported, as the other module has them", () => {
		const names = (text: string) => findImports(text)[0]?.names;
		assert.deepEqual(names('import { a, type B, c as d } from "x";'), ["a", "B", "c"]);
		assert.deepEqual(names('import e, { f } from "x";'), ["default", "f"]);
		assert.deepEqual(names('import * as g from "x";'), ["*"]);
		assert.deepEqual(names('export * from "x";'), ["*"]);
		assert.deepEqual(names('import type h from "x";'), ["default"]);
		assert.deepEqual(names('import "x";'), []);
	});
});
