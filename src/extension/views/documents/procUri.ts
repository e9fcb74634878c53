import { procScheme } from "../../contributions";

/** A raw kernel file of one process, as a document shows it. */
export interface ProcDocument {
	readonly pid: number;
	/** Clock ticks since boot, decimal. */
	readonly startTime: string;
	readonly file: "maps" | "smaps";
}

/** The parts of a document's URI, for `Uri.from`. The path is the kernel's, which is what the tab then shows. */
export function procUriParts({ pid, startTime, file }: ProcDocument): { scheme: string; path: string; query: string } {
	return { scheme: procScheme, path: `/proc/${pid}/${file}`, query: startTime };
}

/** The document that a URI names; `undefined` for one that is not ours. Anyone may ask for any URI. */
export function parseProcUri(uri: { scheme: string; path: string; query: string }): ProcDocument | undefined {
	const match = /^\/proc\/([1-9]\d{0,9})\/(maps|smaps)$/.exec(uri.path);
	if (uri.scheme !== procScheme || !match || !/^\d{1,20}$/.test(uri.query)) return undefined;
	return { pid: Number(match[1]), startTime: uri.query, file: match[2] === "maps" ? "maps" : "smaps" };
}
