import { stateCode } from "../../../shared/pageStates";
import type { Batch } from "./batch";
import { snap, snapLength } from "./geometry";

/** Shapes whose sides differ by less than this are the same: lengths come from divisions by the device pixel ratio. */
const hair = 1e-6;
/** Bodies from this height on may hold a letter, CSS pixels: the upper of two bars makes room for it. */
export const letterHeight = 16;
/** Narrower stripes and crosses have no outline: nothing could be seen inside it. CSS pixels. */
const leastOutlined = 8;

/**
 * Draws the form of each page state, which tells it apart without colour: solid, ruled, two bars, outline, stripes,
 * cross, dots. A form fills any rectangle; where that is too small, the form keeps what is left of its character.
 * Lengths are CSS pixels that lie on device pixels.
 */
export class FormPen {
	/** One CSS pixel, as whole device pixels. */
	readonly edge: number;

	/**
	 * `fullHeight` is the height of a full body: the bars of neighbouring columns line up by it. `ruled`: file bodies
	 * are ruled (high contrast).
	 */
	constructor(
		private readonly batch: Batch,
		private readonly dpr: number,
		private readonly fullHeight: number,
		private readonly ruled: boolean,
	) {
		this.edge = snapLength(1, dpr);
	}

	/** Adds the form of the state with code `state`. */
	form(ink: number, state: number, x: number, y: number, width: number, height: number): void {
		switch (state) {
			case stateCode.file:
				if (this.ruled) this.rules(ink, x, y, width, height);
				else this.batch.rectangle(ink, x, y, width, height);
				return;
			case stateCode.shmem:
				this.bars(ink, x, y, width, height);
				return;
			case stateCode.zero:
				this.hollow(ink, x, y, width, height);
				return;
			case stateCode.swapped:
				this.stripes(ink, x, y, width, height);
				return;
			case stateCode.guard:
				this.cross(ink, x, y, width, height);
				return;
			case stateCode.unknown:
				this.dots(ink, x, y, width, height);
				return;
			default:
				this.batch.rectangle(ink, x, y, width, height);
		}
	}

	/** Two bars, 2 px apart (1 px below 9 px); in columns that reach half way the split is at the same height. */
	private bars(ink: number, x: number, y: number, width: number, height: number): void {
		if (height < 3 * this.edge - hair) {
			this.batch.rectangle(ink, x, y, width, height);
			return;
		}
		const split = height > 9 + hair ? snapLength(2, this.dpr) : this.edge;
		const lettered = this.fullHeight >= letterHeight;
		const half = lettered ? snapLength(4, this.dpr) : snap((this.fullHeight - split) / 2, this.dpr);
		const lower = height >= half + split + this.edge - hair ? half : snap((height - split) / 2, this.dpr);
		this.batch.rectangle(ink, x, y, width, height - lower - split);
		this.batch.rectangle(ink, x, y + height - lower, width, lower);
	}

	/** The inner edge of a rectangle, `thickness` CSS pixels wide. */
	outline(ink: number, x: number, y: number, width: number, height: number, thickness = 1): void {
		const edge = Math.min(snapLength(thickness, this.dpr), height, width);
		this.batch.rectangle(ink, x, y, width, edge);
		this.batch.rectangle(ink, x, y + height - edge, width, edge);
		this.batch.rectangle(ink, x, y + edge, edge, height - 2 * edge);
		this.batch.rectangle(ink, x + width - edge, y + edge, edge, height - 2 * edge);
	}

	/** Bars 3 px apart from foot to foot, with 1 px between them, counted from the foot. */
	private rules(ink: number, x: number, y: number, width: number, height: number): void {
		const pitch = snapLength(3, this.dpr);
		let from = 0;
		for (let to = pitch; from < height - hair; to += pitch) {
			const top = Math.min(height, to);
			this.batch.rectangle(ink, x, y + height - top, width, top - from);
			from = to + this.edge;
		}
	}

	/** Present, but costs nothing: an outline; top and foot where it is narrow; a line where it is low. */
	private hollow(ink: number, x: number, y: number, width: number, height: number): void {
		const edge = this.edge;
		if (height >= 3 * edge - hair && width >= 3 * edge - hair) {
			this.outline(ink, x, y, width, height);
			return;
		}
		this.batch.rectangle(ink, x, y, width, edge);
		if (height >= 3 * edge - hair) this.batch.rectangle(ink, x, y + height - edge, width, edge);
	}

	/** Outline and 45° stripes, 4 px apart; in narrow shapes stripes of 2 px alone. */
	private stripes(ink: number, x: number, y: number, width: number, height: number): void {
		if (width < leastOutlined - hair || height < 4 - hair) {
			const rows = Math.ceil(height / this.edge - hair);
			for (let row = 0; row < rows; row++) {
				const thickness = Math.min(this.edge, height - row * this.edge);
				for (let at = -((rows - 1 - row) % 4); at * this.edge < width - hair; at += 4) {
					const from = Math.max(0, at * this.edge);
					const to = Math.min(width, (at + 2) * this.edge);
					this.batch.rectangle(ink, x + from, y + row * this.edge, to - from, thickness);
				}
			}
			return;
		}
		this.outline(ink, x, y, width, height);
		const left = x + this.edge;
		const right = x + width - this.edge;
		const top = y + this.edge;
		const foot = y + height - this.edge;
		// On each stripe x + y is the same; counted from the canvas's corner, so that neighbours continue each other.
		for (let sum = Math.ceil((left + top) / 4) * 4; sum < right + foot; sum += 4) {
			const from = Math.max(left, sum - foot);
			const to = Math.min(right, sum - top);
			if (to - from > 0.5) this.batch.line(ink, from, sum - from, to, sum - to);
		}
	}

	/** Outline and diagonal crosses; in narrow shapes the cross alone, in columns top, middle and foot. */
	private cross(ink: number, x: number, y: number, width: number, height: number): void {
		const edge = this.edge;
		if (width < 3 * edge - hair || height < 3 * edge - hair) {
			this.batch.rectangle(ink, x, y, width, edge);
			if (height >= 3 * edge - hair) this.batch.rectangle(ink, x, y + height - edge, width, edge);
			if (height >= 5 * edge - hair) {
				this.batch.rectangle(ink, x, y + snap((height - edge) / 2, this.dpr), width, edge);
			}
			return;
		}
		if (width < leastOutlined - hair) {
			const rows = Math.ceil(height / edge - hair);
			for (let row = 0; row < rows; row++) {
				const thickness = Math.min(edge, height - row * edge);
				const out = snap((row / Math.max(1, rows - 1)) * (width - edge), this.dpr);
				this.batch.rectangle(ink, x + out, y + row * edge, edge, thickness);
				this.batch.rectangle(ink, x + width - edge - out, y + row * edge, edge, thickness);
			}
			return;
		}
		this.outline(ink, x, y, width, height);
		const crosses = Math.max(1, Math.floor(width / (height * 1.6)));
		const step = width / crosses;
		const half = edge / 2;
		for (let index = 0; index < crosses; index++) {
			const left = x + index * step + half;
			const right = x + (index + 1) * step - half;
			this.batch.line(ink, left, y + half, right, y + height - half);
			this.batch.line(ink, left, y + height - half, right, y + half);
		}
	}

	/** A dotted edge: the kernel does not tell what is inside. */
	private dots(ink: number, x: number, y: number, width: number, height: number): void {
		const dot = this.edge;
		for (let at = 0; at < width - hair; at += 2 * dot) {
			const length = Math.min(dot, width - at);
			this.batch.rectangle(ink, x + at, y, length, dot);
			if (height > dot + hair) this.batch.rectangle(ink, x + at, y + height - dot, length, dot);
		}
		for (let at = 2 * dot; at < height - 2 * dot + hair; at += 2 * dot) {
			this.batch.rectangle(ink, x, y + at, dot, dot);
			if (width > 2 * dot + hair) this.batch.rectangle(ink, x + width - dot, y + at, dot, dot);
		}
	}
}
