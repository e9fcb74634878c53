import { stateCode, stateCount } from "../../../shared/pageStates";
import { Batch } from "./batch";
import { FormPen } from "./forms";
import { snapLength } from "./geometry";
import { isHidden, type PaintOptions } from "./options";
import { ink, inkCount, type Palette } from "./palette";
import { createStack, firstBody, type Stack, sameStack, stackShares, touches } from "./stack";

/** Index of two shares that follow those of the states in {@link ColumnPainter.shares}. */
export const fileCachedShare = stateCount;
export const changedShare = stateCount + 1;

/** Heights in CSS pixels: a body over a gap over a lane. */
export interface ColumnHeights {
	readonly body: number;
	readonly gap: number;
	readonly lane: number;
	/** The tick over changed pages, and the space between it and the body. */
	readonly tick: number;
	readonly tickGap: number;
}

export interface ColumnOptions extends PaintOptions {
	/** Ink of every body ("Colour by: kind"); lanes vanish then. */
	readonly bodyInk?: number;
	/** False where the page cache is not known, or not told apart: no lane. */
	readonly lanes: boolean;
	/** Whether not-present pages get the line at the lane's foot. */
	readonly foot: boolean;
}

const hair = 1e-6;
const batch = new Batch(inkCount);
const ticks = new Batch(inkCount);

/**
 * Draws columns of shares from left to right: bodies stacked by state over a lane whose height is the share that is
 * cached. Equal neighbours become one shape; where different states would touch, the column loses its first pixel.
 *
 * Fill {@link shares}, call {@link column}, and {@link end} after the last one; {@link flush} paints.
 */
export class ColumnPainter {
	/** 0…1 by state code, then private copies with a cached original, then changed. */
	readonly shares = new Float64Array(stateCount + 2);
	private readonly pen: FormPen;
	private readonly pixel: number;
	private readonly bodyDevice: number;
	private readonly laneDevice: number;
	private foot = 0;
	private stack: Stack = createStack();
	private previous: Stack = createStack();
	private bodyFrom = 0;
	private bodyTo = Number.NaN;
	private readonly lane: Run = { from: 0, to: Number.NaN, level: 0 };
	private readonly tick: Run = { from: 0, to: Number.NaN, level: 0 };

	constructor(
		private readonly palette: Palette,
		private readonly heights: ColumnHeights,
		private readonly options: ColumnOptions,
	) {
		this.pen = new FormPen(batch, options.dpr, heights.body, palette.highContrast);
		this.pixel = Math.max(1, Math.round(options.dpr));
		this.bodyDevice = Math.max(1, Math.round(heights.body * options.dpr));
		this.laneDevice = Math.max(1, Math.round(heights.lane * options.dpr));
	}

	/** Starts a row of columns whose bodies' top is at `y`, CSS pixels. */
	begin(y: number): void {
		this.foot = y + this.heights.body;
		this.bodyTo = this.lane.to = this.tick.to = Number.NaN;
		this.previous = clear(this.previous);
	}

	/** Adds a column from `left` to `right`, CSS pixels on device pixels, with the current {@link shares}. */
	column(left: number, right: number): void {
		this.hideStates();
		stackShares(this.shares, this.bodyDevice, this.pixel, this.stack);
		if (left !== this.bodyTo || !sameStack(this.stack, this.previous)) {
			this.bodyFrom = left + this.keepApart(left, right);
			[this.previous, this.stack] = [this.stack, this.previous];
		}
		this.bodyTo = right;
		this.extend(this.lane, left, right, this.laneLevel());
		this.extend(this.tick, left, right, (this.shares[changedShare] ?? 0) > 0 ? 1 : 0);
	}

	/** Ends a row of columns. */
	end(): void {
		this.endBody();
		this.endLane();
		this.endTick();
		this.bodyTo = this.lane.to = this.tick.to = Number.NaN;
	}

	/** Paints what was added since the last time, at the context's own opacity; `custom` is the colour of that ink. */
	flush(context: CanvasRenderingContext2D, custom?: string): void {
		const inks = custom === undefined ? this.palette.inks : [...this.palette.inks.slice(0, ink.custom), custom];
		batch.flush(context, inks);
		const opacity = context.globalAlpha;
		context.globalAlpha = opacity * (this.options.tickOpacity ?? 1);
		ticks.flush(context, inks);
		context.globalAlpha = opacity;
	}

	/** A dotted line at the lane's foot: the kernel does not tell about the page cache here. */
	unknownLane(left: number, right: number): void {
		const dot = this.pen.edge;
		const y = this.foot + this.heights.gap + this.heights.lane - dot;
		for (let x = left; x < right; x += 3 * dot) {
			batch.rectangle(ink.secondary, x, y, Math.min(dot, right - x), dot);
		}
	}

	/**
	 * Ends the run before a column that is drawn otherwise. Returns how much that column must leave empty at its left,
	 * CSS pixels: 0 where nothing touches, or where it is too narrow and the run before it gave the pixel.
	 */
	private keepApart(left: number, right: number): number {
		const { edge } = this.pen;
		let own = 0;
		if (left === this.bodyTo && touches(this.previous, this.stack)) {
			if (right - left >= 2 * edge - hair) own = edge;
			else if (this.bodyTo - this.bodyFrom >= 2 * edge - hair) this.bodyTo -= edge;
			else own = Math.max(0, Math.min(edge, right - left - 1 / this.options.dpr));
		}
		this.endBody();
		return own;
	}

	/** Moves the shares of hidden states, and of the lane that belongs to them, to "not present". */
	private hideStates(): void {
		const { hidden } = this.options;
		if (hidden === undefined || hidden === 0) return;
		const { shares } = this;
		if (isHidden(hidden, stateCode.anonymous)) shares[fileCachedShare] = 0;
		for (let state: number = stateCode.cached; state < stateCount; state++) {
			if (!isHidden(hidden, state)) continue;
			shares[0] = (shares[0] ?? 0) + (shares[state] ?? 0);
			shares[state] = 0;
		}
	}

	/** Height of the lane in device pixels; -1 for the foot line. */
	private laneLevel(): number {
		const { shares } = this;
		if (this.options.lanes && this.options.bodyInk === undefined) {
			const share =
				(shares[stateCode.cached] ?? 0) +
				(shares[stateCode.file] ?? 0) +
				(shares[stateCode.shmem] ?? 0) +
				(shares[fileCachedShare] ?? 0);
			if (share > 0) return Math.max(this.pixel, Math.min(this.laneDevice, Math.round(share * this.laneDevice)));
		}
		return this.options.foot && (shares[stateCode.notPresent] ?? 0) > 0 ? -1 : 0;
	}

	private extend(run: Run, left: number, right: number, level: number): void {
		if (run.to !== left || run.level !== level) {
			if (run === this.lane) this.endLane();
			else this.endTick();
			run.from = left;
			run.level = level;
		}
		run.to = right;
	}

	private endBody(): void {
		if (Number.isNaN(this.bodyTo)) return;
		const { dpr, bodyInk } = this.options;
		for (let state: number = firstBody; state < stateCount; state++) {
			const from = this.previous.from[state] ?? 0;
			const to = this.previous.to[state] ?? 0;
			if (to === from) continue;
			const y = this.foot - to / dpr;
			const width = this.bodyTo - this.bodyFrom;
			if (bodyInk === undefined) this.pen.form(state, state, this.bodyFrom, y, width, (to - from) / dpr);
			else batch.rectangle(bodyInk, this.bodyFrom, y, width, (to - from) / dpr);
		}
	}

	private endLane(): void {
		const { from, to, level } = this.lane;
		if (Number.isNaN(to) || level === 0) return;
		const height = level < 0 ? this.pen.edge : level / this.options.dpr;
		const y = this.foot + this.heights.gap + this.heights.lane - height;
		batch.rectangle(level < 0 ? ink.lines : ink.lane, from, y, to - from, height);
	}

	private endTick(): void {
		const { from, to, level } = this.tick;
		if (Number.isNaN(to) || level === 0) return;
		const height = snapLength(this.heights.tick, this.options.dpr);
		ticks.rectangle(
			ink.foreground,
			from,
			this.foot - this.heights.body - this.heights.tickGap - height,
			to - from,
			height,
		);
	}
}

/** Neighbouring columns that have the same lane or tick. */
interface Run {
	from: number;
	to: number;
	level: number;
}

function clear(stack: Stack): Stack {
	stack.from.fill(0);
	stack.to.fill(0);
	return stack;
}
