import type { ProcessSummary } from "../../memory/model";

/**
 * Whether `process` matches every word of `filter`: in its name or command line, in any case, or as the beginning of
 * its pid. An empty filter matches everything.
 */
export function matchesFilter(process: ProcessSummary, filter: string): boolean {
	if (filter === "") return true;
	const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
	if (words.length === 0) return true;
	const text = [process.name, ...process.commandLine].join(" ").toLowerCase();
	const pid = String(process.pid);
	return words.every((word) => text.includes(word) || pid.startsWith(word));
}
