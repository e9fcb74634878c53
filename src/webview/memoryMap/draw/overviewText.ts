import type { OverviewSegment } from "../../../shared/mapFrame";
import { visibleText } from "../../../shared/text";
import { formatBytes, formatCount, hexPage } from "../../../shared/units";

/** A text and where it starts, CSS pixels. */
export interface PlacedText {
	readonly text: string;
	readonly x: number;
	readonly width: number;
}

/** Neighbouring mapping segments with one label. */
interface Run {
	readonly label: string;
	readonly from: number;
	to: number;
	bytes: number;
	/** Labels that share this text. */
	labels: number;
	readonly afterGap: boolean;
}

/** Space kept between two texts, CSS pixels. */
const textSpace = 8;
/** Least distance between the left edges of two addresses, CSS pixels. */
const addressDistance = 104;

/**
 * The labels over the overview: a run of segments with one label has one text; neighbouring runs too narrow for their
 * own share the name of the largest; the largest are placed first, and none overlaps another. `measure` gives the width
 * of a text in CSS pixels; segments are in the overview's own pixels, of which `offset` … `offset + width` is seen.
 */
export function placeLabels(
	segments: readonly OverviewSegment[],
	width: number,
	offset: number,
	measure: (text: string) => number,
): PlacedText[] {
	const runs = joinNarrow(labelRuns(segments, offset, width), measure).sort((one, other) => other.bytes - one.bytes);
	const placed: PlacedText[] = [];
	for (const run of runs) {
		const x = Math.max(0, run.from - offset);
		const text = [labelText(run), shortText(run)].find((candidate) => {
			const end = x + measure(candidate);
			return (
				end <= width && placed.every((other) => end + textSpace <= other.x || other.x + other.width + textSpace <= x)
			);
		});
		if (text !== undefined) placed.push({ text, x, width: measure(text) });
	}
	return placed.sort((one, other) => one.x - other.x);
}

/**
 * The addresses under the overview: of segments that follow a gap or begin a label, from left to right, at least 104 px
 * apart and inside the width.
 */
export function placeAddresses(
	segments: readonly OverviewSegment[],
	width: number,
	offset: number,
	pageSize: number,
	measure: (text: string) => number,
): PlacedText[] {
	const placed: PlacedText[] = [];
	let end = Number.NEGATIVE_INFINITY;
	let former: OverviewSegment | undefined;
	for (const segment of segments) {
		const before = former;
		former = segment;
		if (segment.kind !== "mapping") continue;
		if (before?.kind === "mapping" && before.label === segment.label) continue;
		const x = segment.x - offset;
		if (x < 0 || x < end) continue;
		const text = `0x${hexPage(segment.startPage, pageSize)}`;
		const length = measure(text);
		if (x + length > width) break;
		placed.push({ text, x, width: length });
		end = x + Math.max(addressDistance, length + textSpace);
	}
	return placed;
}

/** A size as short as it gets, number and unit: what fits over each other into a gap: `["2.6", "TiB"]`. */
export function shortSize(bytes: number): readonly [string, string] {
	const [number = "0", unit = "B"] = formatBytes(bytes).split(" ");
	const value = Number(number);
	return [value >= 9.95 ? String(Math.round(value)) : String(Number(value.toPrecision(2))), unit];
}

function labelRuns(segments: readonly OverviewSegment[], offset: number, width: number): Run[] {
	const runs: Run[] = [];
	let afterGap = false;
	for (const { kind, label, x, width: length, residentBytes } of segments) {
		if (kind === "gap") afterGap = true;
		if (kind !== "mapping" || label === "" || x + length <= offset || x >= offset + width) continue;
		const last = runs.at(-1);
		if (last?.label === label && !afterGap) {
			last.to = x + length;
			last.bytes += residentBytes;
		} else {
			runs.push({ label, from: x, to: x + length, bytes: residentBytes, labels: 1, afterGap });
		}
		afterGap = false;
	}
	return runs;
}

/** Joins neighbouring runs (with no gap between them) that have no room for a text of their own. */
function joinNarrow(runs: readonly Run[], measure: (text: string) => number): Run[] {
	const joined: Run[] = [];
	let open: Run[] = [];
	const close = (): void => {
		const [first] = open;
		const last = open.at(-1);
		if (first === undefined || last === undefined) return;
		const largest = open.reduce((best, run) => (run.bytes > best.bytes ? run : best));
		const bytes = open.reduce((sum, run) => sum + run.bytes, 0);
		joined.push({
			...largest,
			from: first.from,
			to: last.to,
			bytes,
			labels: new Set(open.map((run) => run.label)).size,
		});
		open = [];
	};
	for (const run of runs) {
		if (run.afterGap) close();
		if (run.to - run.from >= measure(shortText(run)) + textSpace) {
			close();
			joined.push(run);
		} else {
			open.push(run);
		}
	}
	close();
	return joined;
}

function labelText(run: Run): string {
	if (run.bytes === 0) return shortText(run);
	return `${shortText(run)}${run.labels > 1 ? "," : ""} ${formatBytes(run.bytes)}`;
}

function shortText({ label, labels }: Run): string {
	const name = visibleText(label);
	return labels > 1 ? `${name} and ${formatCount(labels - 1)} more` : name;
}
