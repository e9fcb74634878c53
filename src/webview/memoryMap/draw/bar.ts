import { stateCode } from "../../../shared/pageStates";
import { Batch } from "./batch";
import { FormPen } from "./forms";
import { snap, snapLength } from "./geometry";
import { isHidden, type PaintOptions } from "./options";
import { ink, inkCount, type Palette } from "./palette";

/** Height of a bar by kind, CSS pixels. */
export const barHeight = 10;

/** What a bar shows: a frame's `KindTotal` is one. */
export interface BarData {
	/** Bytes; absent when not known. */
	readonly bytes?: number;
	/** Bytes by state code. */
	readonly byState?: Float64Array;
}

/** Least width of a part, CSS pixels: a sliver is still seen. */
const sliver = 2;
const gap = 1;
const batch = new Batch(inkCount);
/** Resident states first, as in the body of a strip; "not present" last. */
const order: readonly number[] = [
	stateCode.anonymous,
	stateCode.file,
	stateCode.shmem,
	stateCode.zero,
	stateCode.swapped,
	stateCode.guard,
	stateCode.unknown,
	stateCode.cached,
	stateCode.notPresent,
];

/**
 * Paints the bar of a kind with its top left corner at (x, y). `scale` is how many bytes the whole `width` stands for.
 * The bar is split by state where the measure has states, else it is of one neutral colour. Returns the width drawn.
 */
export function paintBar(
	context: CanvasRenderingContext2D,
	x: number,
	y: number,
	width: number,
	data: BarData,
	scale: number,
	palette: Palette,
	options: PaintOptions,
): number {
	const { bytes = 0, byState } = data;
	if (bytes <= 0 || scale <= 0) return 0;
	const { dpr } = options;
	const left = snap(x, dpr);
	const height = snap(barHeight, dpr);
	const total = Math.max(snapLength(sliver, dpr), snap(Math.min(1, bytes / scale) * width, dpr));
	if (byState === undefined) {
		context.fillStyle = palette.secondary;
		context.fillRect(left, snap(y, dpr), total, height);
		return total;
	}
	const pen = new FormPen(batch, dpr, height, palette.highContrast);
	let drawn = 0;
	for (const part of barParts(byState, bytes, total, options)) {
		const partLeft = left + part.from;
		const partWidth = part.to - part.from;
		if (part.state === stateCode.notPresent || isHidden(options.hidden, part.state)) {
			const line = snapLength(1, dpr);
			batch.rectangle(ink.lines, partLeft, snap(y, dpr) + height - line, partWidth, line);
		} else if (part.state === stateCode.cached) {
			const lane = snapLength(4, dpr);
			batch.rectangle(ink.lane, partLeft, snap(y, dpr) + height - lane, partWidth, lane);
		} else {
			pen.form(part.state, part.state, partLeft, snap(y, dpr), partWidth, height);
		}
		drawn = part.to;
	}
	batch.flush(context, palette.inks);
	return drawn;
}

/** A state's part of a bar, CSS pixels from its left edge. */
export interface BarPart {
	readonly state: number;
	readonly from: number;
	readonly to: number;
}

/**
 * Divides a bar by state: 1 px between the parts, each at least 2 px wide; what that costs the largest gives. Wider than
 * `width` only where the states alone need more.
 */
export function barParts(byState: Float64Array, bytes: number, width: number, options: PaintOptions): BarPart[] {
	const { dpr } = options;
	const least = Math.max(1, Math.round(sliver * dpr));
	const space = Math.max(1, Math.round(gap * dpr));
	const states = order.filter((state) => (byState[state] ?? 0) > 0);
	const bytesOf = (state: number): number => byState[state] ?? 0;
	const largest = states.reduce((best, state) => (bytesOf(state) > bytesOf(best) ? state : best), states[0] ?? 0);
	const spaces = space * (states.length - 1);
	const visible = Math.max(states.length * least, Math.floor(width * dpr + 1e-6) - spaces);
	let free = visible - states.length * least;
	const lengths = new Map<number, number>();
	for (const state of states) {
		if (state === largest) continue;
		const extra = Math.max(0, Math.min(free, Math.round((bytesOf(state) / bytes) * visible) - least));
		free -= extra;
		lengths.set(state, least + extra);
	}
	lengths.set(largest, least + free);
	const parts: BarPart[] = [];
	let from = 0;
	for (const state of states) {
		const to = from + (lengths.get(state) ?? least);
		parts.push({ state, from: from / dpr, to: to / dpr });
		from = to + space;
	}
	return parts;
}
