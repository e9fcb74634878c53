import { flagBit, stateCode } from "../../../shared/pageStates";
import { Batch } from "./batch";
import { FormPen, letterHeight } from "./forms";
import { snap, snapLength } from "./geometry";
import { isHidden, type PaintOptions } from "./options";
import { ink, inkCount, type Palette } from "./palette";

/** Measures of a page glyph, CSS pixels: a body over a gap over a lane. */
export interface GlyphSize {
	readonly width: number;
	readonly body: number;
	readonly gap: number;
	readonly lane: number;
}

/** The glyph in the legend, in the page view, in the lab's grids of some hundred pages, and in the inspector's grid. */
export const glyphSizes = {
	legend: { width: 16, body: 10, gap: 1, lane: 3 },
	page: { width: 23, body: 20, gap: 1, lane: 4 },
	small: { width: 10, body: 12, gap: 1, lane: 3 },
	cell: { width: 4, body: 10, gap: 1, lane: 3 },
} as const satisfies Record<string, GlyphSize>;

/** Height of a glyph, CSS pixels. */
export function glyphHeight(size: GlyphSize): number {
	return size.body + size.gap + size.lane;
}

/** One page: its state's code and its flag bits. */
export interface GlyphPage {
	readonly state: number;
	readonly flags: number;
	/** `exclusive` was asked of the page table, so its absence means something. */
	readonly detailed: boolean;
}

export interface GlyphOptions extends PaintOptions {
	/** CSS font of the letter; without it, and below a body of 16 px, no letter is drawn. */
	readonly letterFont?: string;
	/** The page cache is not known here: no lane. */
	readonly cacheHidden?: boolean;
	/** "Colour by: kind": bodies of present pages take this colour and lanes vanish. */
	readonly bodyColour?: string;
	/** With {@link bodyColour}: bodies of anonymous pages are two bars, as those of stacks. */
	readonly bodySplit?: boolean;
	/** Ticks stand over pages written since the last clear too, and not only over those that changed between samples. */
	readonly softDirty?: boolean;
	/** How "not present" looks: a faint cell with a dot, or the strip's line at the lane's foot, as small glyphs have it. */
	readonly absent?: "cell" | "line";
}

/** Letters by state code; "not present" has a dot, a guard page its cross. */
export const stateLetters = ["", "c", "F", "S", "A", "0", "W", "", "?"] as const;

const batch = new Batch(inkCount);
const ticks = new Batch(inkCount);

/** Paints one page glyph with its top left corner at (x, y). */
export function paintGlyph(
	context: CanvasRenderingContext2D,
	x: number,
	y: number,
	size: GlyphSize,
	page: GlyphPage,
	palette: Palette,
	options: GlyphOptions,
): void {
	const painter = new GlyphPainter(size, palette, options);
	painter.add(x, y, page.state, page.flags, page.detailed);
	painter.flush(context);
}

/** Paints many glyphs of one size: {@link add} each, then {@link flush}. */
export class GlyphPainter {
	private readonly pen: FormPen;
	private readonly body: number;
	private readonly lane: number;
	private readonly width: number;
	private readonly gap: number;
	private readonly small: boolean;
	private readonly letterX: number[] = [];
	private readonly letterY: number[] = [];
	private readonly letterStates: number[] = [];

	constructor(
		size: GlyphSize,
		private readonly palette: Palette,
		private readonly options: GlyphOptions,
	) {
		const { dpr } = options;
		this.body = snap(size.body, dpr);
		this.lane = snapLength(size.lane, dpr);
		this.width = snapLength(size.width, dpr);
		this.gap = snapLength(size.gap, dpr);
		this.small = size.body < letterHeight;
		this.pen = new FormPen(batch, dpr, this.body, palette.highContrast);
	}

	/** Adds a page's glyph with its top left corner at (x, y). */
	add(x: number, y: number, state: number, flags: number, detailed: boolean): void {
		const { dpr, hidden } = this.options;
		const shown = isHidden(hidden, state) ? stateCode.notPresent : state;
		const left = snap(x, dpr);
		const top = snap(y, dpr);
		if (shown === stateCode.notPresent) this.addAbsent(left, top);
		else if (shown === stateCode.cached) this.addPlace(left, top);
		else this.addBody(left, top, shown, detailed && (flags & flagBit.exclusive) === 0);
		this.addLane(left, top, shown, flags);
		const ticked = this.options.softDirty === true ? flagBit.changed | flagBit.softDirty : flagBit.changed;
		if ((flags & ticked) !== 0) this.addTick(left, top);
		if (!this.small && this.options.letterFont !== undefined) {
			this.letterX.push(left + this.width / 2);
			this.letterY.push(top + this.letterMiddle(shown));
			this.letterStates.push(shown);
		}
	}

	/** Paints what was added. */
	flush(context: CanvasRenderingContext2D): void {
		const { bodyColour, letterFont, tickOpacity = 1 } = this.options;
		const { inks } = this.palette;
		batch.flush(context, bodyColour === undefined ? inks : [...inks.slice(0, ink.custom), bodyColour]);
		const opacity = context.globalAlpha;
		context.globalAlpha = opacity * tickOpacity;
		ticks.flush(context, inks);
		context.globalAlpha = opacity;
		if (letterFont === undefined) return;
		context.font = letterFont;
		context.textAlign = "center";
		context.textBaseline = "middle";
		for (const [index, state] of this.letterStates.entries()) {
			const letter = stateLetters[state];
			if (letter === undefined || letter === "") continue;
			const x = this.letterX[index] ?? 0;
			const y = this.letterY[index] ?? 0;
			this.paintLetterGround(context, state, x, y);
			context.fillStyle = this.letterColour(state);
			context.fillText(letter, x, y);
		}
		this.letterX.length = this.letterY.length = this.letterStates.length = 0;
	}

	private addBody(left: number, top: number, state: number, shared: boolean): void {
		const { bodyColour, dpr } = this.options;
		const cut = shared && canBeExclusive(state) ? snapLength(2, dpr) : 0;
		const width = Math.max(1 / dpr, this.width - cut);
		this.pen.form(bodyColour === undefined ? state : ink.custom, this.formOf(state), left, top, width, this.body);
	}

	private formOf(state: number): number {
		return this.options.bodySplit === true && state === stateCode.anonymous ? stateCode.shmem : state;
	}

	private addPlace(left: number, top: number): void {
		if (this.absentLine()) return;
		if (this.palette.highContrast) this.pen.outline(ink.lines, left, top, this.width, this.body);
		else batch.rectangle(ink.absent, left, top, this.width, this.body);
	}

	private addAbsent(left: number, top: number): void {
		const { dpr } = this.options;
		if (this.absentLine()) {
			const edge = this.pen.edge;
			batch.rectangle(ink.lines, left, top + this.body + this.gap + this.lane - edge, this.width, edge);
			return;
		}
		this.addPlace(left, top);
		const dot = snapLength(2, dpr);
		batch.rectangle(
			ink.lines,
			snap(left + (this.width - dot) / 2, dpr),
			snap(top + (this.body - dot) / 2, dpr),
			dot,
			dot,
		);
	}

	/** "Not present" is a line where a dot in a cell would be too much for a glyph of this size, or is not wanted. */
	private absentLine(): boolean {
		return (this.options.absent ?? (this.small ? "line" : "cell")) === "line";
	}

	private addLane(left: number, top: number, state: number, flags: number): void {
		const { bodyColour, cacheHidden } = this.options;
		if (cacheHidden === true || bodyColour !== undefined) return;
		const cached =
			state === stateCode.cached ||
			state === stateCode.file ||
			state === stateCode.shmem ||
			(state === stateCode.anonymous && (flags & flagBit.fileCached) !== 0);
		if (cached) batch.rectangle(ink.lane, left, top + this.body + this.gap, this.width, this.lane);
	}

	private addTick(left: number, top: number): void {
		const { dpr } = this.options;
		const height = snapLength(this.small ? 1 : 2, dpr);
		ticks.rectangle(ink.foreground, left, top - this.pen.edge - height, this.width, height);
	}

	/** Letters stand in the middle of the body, or of its upper bar. */
	private letterMiddle(state: number): number {
		return this.formOf(state) === stateCode.shmem ? (this.body - snapLength(6, this.options.dpr)) / 2 : this.body / 2;
	}

	/** Makes stripes and rules quiet where the letter comes. */
	private paintLetterGround(context: CanvasRenderingContext2D, state: number, x: number, y: number): void {
		const { palette } = this;
		const isStriped = state === stateCode.swapped;
		if (!isStriped && !(state === stateCode.file && palette.highContrast)) return;
		const { dpr, bodyColour } = this.options;
		context.fillStyle = isStriped ? palette.background : (bodyColour ?? palette.states[state] ?? palette.foreground);
		const left = snap(x - 5, dpr);
		const top = snap(y - 6, dpr);
		context.fillRect(left, top, snap(x + 5, dpr) - left, snap(y + 6, dpr) - top);
	}

	private letterColour(state: number): string {
		const { palette } = this;
		const { bodyColour } = this.options;
		if (state === stateCode.anonymous || state === stateCode.file || state === stateCode.shmem) {
			return bodyColour === undefined ? (palette.letters[state] ?? palette.background) : palette.background;
		}
		if (state === stateCode.cached && bodyColour !== undefined) return palette.secondary;
		return bodyColour ?? palette.states[state] ?? palette.foreground;
	}
}

/** States whose page may belong to this process alone; the zero page never does. */
function canBeExclusive(state: number): boolean {
	return state === stateCode.anonymous || state === stateCode.file || state === stateCode.shmem;
}
