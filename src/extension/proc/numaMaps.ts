import { hexPage } from "../../shared/units";
import { withProcFile } from "./procFile";

/**
 * `/proc/PID/numa_maps` (CONFIG_NUMA): for each mapping a line with its memory policy and the pages that it has on each
 * node, see numa_maps(5). Readable by whoever may read `maps`; costs as much as `smaps`, since page tables are walked.
 *
 *     start policy [file=NAME] [heap|stack] [huge] [COUNT=pages …] [N0=pages …] [kernelpagesize_kB=size]
 *
 * A policy may hold spaces (`prefer (many):0,1`). There is no end address, and `[vsyscall]` is left out.
 */
export interface NumaMapping {
	readonly startPage: number;
	/** As the kernel writes it: `default`, `bind:0-1`, `interleave=static:0,2`. */
	readonly policy: string;
	/** Latin-1, spaces and newlines restored; undefined for memory without a file. */
	readonly file?: string;
	/** What follows the policy and is no number: `heap`, `stack`, `huge`, and what later kernels may add. */
	readonly words: readonly string[];
	/** `anon`, `dirty`, `mapped`, `mapmax`, `active`, … in pages of {@link pageSize}. */
	readonly counts: ReadonlyMap<string, number>;
	/** Pages by node, in the order of the line. */
	readonly nodes: ReadonlyMap<number, number>;
	/** Bytes of the pages that are counted; undefined where the mapping has none. */
	readonly pageSize?: number;
}

export interface NumaMaps {
	readonly mappings: readonly NumaMapping[];
	/** Lines that did not parse. */
	readonly malformed: number;
	/** The last line had no end. */
	readonly truncated: boolean;
}

const knownWords: ReadonlySet<string> = new Set(["heap", "stack", "huge"]);

/** One line without its end; undefined when it is none. */
export function parseNumaLine(line: string, systemPageSize: number): NumaMapping | undefined {
	const [address = "", ...tokens] = line.split(" ");
	if (!/^[0-9a-f]{1,16}$/.test(address)) return undefined;
	const start = BigInt(`0x${address}`);
	if (start % BigInt(systemPageSize) !== 0n) return undefined;
	const policy: string[] = [];
	const words: string[] = [];
	const counts = new Map<string, number>();
	const nodes = new Map<number, number>();
	let file: string | undefined;
	let pageSize: number | undefined;
	let inPolicy = true;
	for (const token of tokens) {
		const count = /^(\w+)=(\d+)$/.exec(token);
		const node = /^N(\d+)$/.exec(count?.[1] ?? "")?.[1];
		const isFile = token.startsWith("file=") && file === undefined;
		// The first token is the policy whatever it looks like; it goes on until something that is surely none.
		if (policy.length === 0 || (inPolicy && !count && !isFile && !knownWords.has(token))) {
			policy.push(token);
			continue;
		}
		inPolicy = false;
		if (isFile) file = unescaped(token.slice("file=".length));
		else if (node !== undefined) nodes.set(Number(node), Number(count?.[2]));
		else if (count?.[1] === "kernelpagesize_kB") pageSize = Number(count[2]) * 1024;
		else if (count?.[1] !== undefined) counts.set(count[1], Number(count[2]));
		else words.push(token);
	}
	if (policy.length === 0 || policy[0] === "") return undefined;
	return {
		startPage: Number(start / BigInt(systemPageSize)),
		policy: policy.join(" "),
		...(file === undefined ? {} : { file }),
		words,
		counts,
		nodes,
		...(pageSize === undefined ? {} : { pageSize }),
	};
}

/** The kernel writes newline, tab, space and `=` of a name as octal numbers, and the backslash as it is. */
function unescaped(name: string): string {
	return name.replace(/\\(012|011|040|075)/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Parses the text of `numa_maps`. Never throws: lines it cannot read are counted. */
export function parseNumaMaps(text: Buffer, systemPageSize: number): NumaMaps {
	const lines = text.toString("latin1").split("\n");
	const truncated = lines.pop() !== "";
	const mappings = lines.map((line) => parseNumaLine(line, systemPageSize));
	const known = mappings.filter((mapping) => mapping !== undefined);
	return { mappings: known, malformed: mappings.length - known.length + (truncated ? 1 : 0), truncated };
}

/**
 * The line of the mapping that starts at `startPage`, without parsing the others; undefined where there is none.
 * Errors as `readProcFile`: without CONFIG_NUMA the file is missing, which looks like `processGone`.
 */
export function readNumaMapping(pid: number, startPage: number, systemPageSize: number): NumaMapping | undefined {
	return withProcFile(`/proc/${pid}/numa_maps`, (text) => {
		const mark = `${hexPage(startPage, systemPageSize)} `;
		const first = text.subarray(0, mark.length).toString("latin1") === mark;
		const start = first ? 0 : text.indexOf(`\n${mark}`, 0, "latin1") + 1;
		if (start === 0 && !first) return undefined;
		const end = text.indexOf(0x0a, start);
		return end < 0 ? undefined : parseNumaLine(text.toString("latin1", start, end), systemPageSize);
	});
}
