import type { FileResult } from "../../../shared/labResult";
import { formatCount } from "../../../shared/units";

/** A size to the byte: the last byte of a file matters here. */
export function sizeWords(size: number): string {
	return size === 1 ? "1 byte" : `${formatCount(size)} bytes`;
}

/** What somebody else did to a file since the step before; `undefined` when nobody did anything that shows. */
export function earlierWords({ earlier, before }: Pick<FileResult, "earlier" | "before">): string | undefined {
	if (earlier === undefined) return undefined;
	const since = "Since the step before, somebody else has";
	if ("error" in before) {
		const gone = before.error.errno === "ENOENT";
		return gone ? `${since} deleted or renamed this file.` : `${since} made this file unreadable.`;
	}
	if ("error" in earlier) return `${since} made this file.`;
	if (earlier.size === before.size) return `${since} written to this file.`;
	const verb = before.size < earlier.size ? "cut this file off" : "made this file longer";
	return `${since} ${verb}: ${sizeWords(earlier.size)} before, ${sizeWords(before.size)} now.`;
}
