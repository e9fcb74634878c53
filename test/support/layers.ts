import { readdir, readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join, posix } from "node:path";
import { checkout } from "./checkout";
import { findImports, type ImportedModule } from "./imports";

/** A folder or file below `src`, and what its files may import. */
interface Room {
	/** Rooms it may enter besides itself. */
	readonly rooms: readonly string[];
	/** Packages it may use. */
	readonly packages?: readonly string[];
	/** Node's own modules: all, those that do not block (the extension host's thread), or none. */
	readonly node?: "all" | "async";
	/** Names that it may not import from a room it may otherwise enter, and why. */
	readonly except?: { readonly room: string; readonly names: RegExp; readonly why: string };
}

/**
 * The layers, as ARCHITECTURE.md draws them. Imports run one way; `proc` and `native` do not know each other; the webview
 * and the extension meet only in `shared`. What is not listed is forbidden.
 */
export const layers: Readonly<Record<string, Room>> = {
	shared: { rooms: [] },

	"extension/base": { rooms: ["shared"], node: "all" },
	"extension/proc": { rooms: ["extension/base", "shared"], node: "all" },
	"extension/native": { rooms: ["extension/base", "shared"], node: "all", packages: ["koffi"] },
	"extension/elf": { rooms: ["extension/base", "shared"], node: "all" },
	"extension/memory": {
		rooms: ["extension/proc", "extension/base", "shared"],
		except: { room: "extension/proc", names: /^(read|open|close|with)[A-Z]/, why: "the model reads no files" },
	},
	"extension/sampler": {
		rooms: ["extension/memory", "extension/proc", "extension/native", "extension/elf", "extension/base", "shared"],
		node: "all",
	},
	"extension/lab/language": { rooms: ["shared"] },
	"extension/lab/demos": { rooms: ["shared"] },
	// The lab process: a program of its own, which may block and calls whatever a demo calls.
	"extension/lab/process": {
		rooms: [
			"extension/lab",
			"extension/lab/language",
			"extension/proc",
			"extension/native",
			"extension/base",
			"shared",
		],
		node: "all",
	},
	"extension/lab": {
		rooms: [
			"extension/lab/language",
			"extension/lab/demos",
			"extension/memory",
			"extension/sampler",
			"extension/proc",
			"extension/base",
			"shared",
		],
		node: "async",
		except: { room: "extension/proc", names: /^(read|open|close|with)[A-Z]/, why: "the host reads no files of /proc" },
	},
	"extension/debug": {
		rooms: ["extension/memory", "extension/sampler", "extension/proc", "extension/base", "shared"],
		node: "async",
	},
	"extension/views": {
		rooms: [
			"extension/debug",
			"extension/lab",
			"extension/lab/demos",
			"extension/lab/language",
			"extension/memory",
			"extension/sampler",
			"extension/base",
			"extension/contributions.ts",
			"shared",
		],
		node: "async",
		packages: ["vscode"],
	},
	"extension/contributions.ts": { rooms: ["shared"] },
	"extension/api.ts": {
		rooms: [
			"extension/memory",
			"extension/sampler",
			"extension/lab",
			"extension/lab/demos",
			"extension/base",
			"shared",
		],
		node: "async",
		packages: ["vscode"],
	},
	"extension/main.ts": {
		rooms: [
			"extension/views",
			"extension/debug",
			"extension/lab",
			"extension/lab/demos",
			"extension/memory",
			"extension/sampler",
			"extension/base",
			"extension/contributions.ts",
			"extension/api.ts",
			"shared",
		],
		node: "async",
		packages: ["vscode"],
	},

	"webview/ui": { rooms: ["shared"], packages: ["@vscode/webview-ui-toolkit", "@vscode/codicons"] },
	"webview/memoryMap/draw": { rooms: ["shared"] },
	"webview/words": { rooms: ["webview/ui", "shared"] },
	"webview/rows": { rooms: ["webview/words", "webview/ui", "shared"] },
	"webview/memoryMap": {
		rooms: ["webview/memoryMap/draw", "webview/rows", "webview/words", "webview/ui", "shared"],
	},
	"webview/lab": { rooms: ["webview/memoryMap/draw", "webview/rows", "webview/words", "webview/ui", "shared"] },
};

/** Rooms by the length of their path, so that the innermost is found first. */
const byDepth = Object.keys(layers).sort((a, b) => b.length - a.length);

/** The room that a path below `src` lies in; undefined when no room covers it. */
function roomOf(path: string): string | undefined {
	// An import leaves out the extension: `../contributions` means `contributions.ts`.
	return byDepth.find((room) => path === room || `${path}.ts` === room || path.startsWith(`${room}/`));
}

/** What is wrong with an import in a file (a path below `src`), as a sentence; undefined when nothing is. */
export function judgeImport(file: string, { specifier, names }: ImportedModule): string | undefined {
	const here = roomOf(file);
	if (here === undefined) return `${file} lies in no room of the layer table`;
	const room = layers[here];
	if (specifier === undefined) return `${here} computes the name of a module, so that its layer cannot be told`;
	if (!specifier.startsWith(".")) return judgePackage(here, specifier, names);
	const path = posix.join(posix.dirname(file), specifier);
	const there = roomOf(path);
	if (there === undefined) return `${specifier} in ${here} leads out of every room`;
	if (there !== here && !room?.rooms.includes(there)) return `${here} may not import ${there}`;
	const { except } = room ?? {};
	const forbidden = except?.room === there ? names.find((name) => name === "*" || except.names.test(name)) : undefined;
	return forbidden === undefined ? undefined : `${here} may not import ${forbidden} of ${there}: ${except?.why}`;
}

function judgePackage(here: string, specifier: string, names: readonly string[]): string | undefined {
	const { packages = [], node } = layers[here] ?? {};
	// `vscode` is no package of npm, so isBuiltin does not know it.
	if (!isBuiltin(specifier)) {
		const allowed = packages.some((name) => specifier === name || specifier.startsWith(`${name}/`));
		return allowed ? undefined : `${here} may not import ${specifier}`;
	}
	if (node === undefined) return `${here} may not import Node's ${specifier}`;
	if (node === "all") return undefined;
	const whole = names.find((name) => name === "*" || name === "default");
	if (whole !== undefined && blocking.test(specifier)) return `${here} may import ${specifier} by single names only`;
	const sync = names.find((name) => name.endsWith("Sync"));
	return sync === undefined ? undefined : `${here} may not block its thread with ${sync}`;
}

/** Modules with calls that block. */
const blocking = /^(node:)?(fs|child_process|zlib|crypto)$/;

/** Every wrong import below a `src` folder, as `file: sentence`, with the number of imports judged. */
export async function judgeSources(
	src = join(checkout, "src"),
): Promise<{ readonly violations: string[]; readonly judged: number }> {
	const violations: string[] = [];
	let judged = 0;
	for (const file of await sourceFiles(src)) {
		for (const imported of findImports(await readFile(join(src, file), "utf8"))) {
			judged++;
			const violation = judgeImport(file, imported);
			if (violation !== undefined) violations.push(`${file}: ${violation}`);
		}
	}
	return { violations, judged };
}

/** TypeScript files below a `src` folder, as paths from there. */
export async function sourceFiles(src = join(checkout, "src")): Promise<string[]> {
	const paths = await readdir(src, { recursive: true });
	return paths.filter((path) => /\.[cm]?tsx?$/.test(path)).sort();
}
