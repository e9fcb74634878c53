/** Groups of four numbers, collected by ink; grows and is reused, so that a frame allocates nothing after the first few. */
class Quads {
	private readonly values: Float64Array[];
	private readonly lengths: Int32Array;

	constructor(readonly inks: number) {
		this.values = Array.from({ length: inks }, () => new Float64Array(256));
		this.lengths = new Int32Array(inks);
	}

	add(ink: number, a: number, b: number, c: number, d: number): void {
		const length = this.lengths[ink] ?? 0;
		let target = this.values[ink];
		if (target === undefined) return;
		if (length + 4 > target.length) {
			const larger = new Float64Array(target.length * 2);
			larger.set(target);
			this.values[ink] = larger;
			target = larger;
		}
		target[length] = a;
		target[length + 1] = b;
		target[length + 2] = c;
		target[length + 3] = d;
		this.lengths[ink] = length + 4;
	}

	/** The quads of one ink, which are forgotten; valid until the next {@link add}. */
	take(ink: number): Float64Array {
		const length = this.lengths[ink] ?? 0;
		this.lengths[ink] = 0;
		return (this.values[ink] ?? new Float64Array(0)).subarray(0, length);
	}

	isEmpty(ink: number): boolean {
		return this.lengths[ink] === 0;
	}
}

/**
 * Rectangles and thin lines collected by ink (see `palette.ts`) and painted ink by ink, so that a frame sets the fill
 * style a handful of times.
 */
export class Batch {
	private readonly rectangles: Quads;
	private readonly lines: Quads;

	constructor(private readonly inks: number) {
		this.rectangles = new Quads(inks);
		this.lines = new Quads(inks);
	}

	/** Adds a filled rectangle in CSS pixels; empty ones are left out. */
	rectangle(ink: number, x: number, y: number, width: number, height: number): void {
		if (width > 0 && height > 0) this.rectangles.add(ink, x, y, width, height);
	}

	/** Adds a line of one CSS pixel's width. */
	line(ink: number, x1: number, y1: number, x2: number, y2: number): void {
		this.lines.add(ink, x1, y1, x2, y2);
	}

	/**
	 * Paints everything and forgets it; higher inks first, so that grounds lie under dots. `colours` gives the CSS colour of
	 * each ink.
	 */
	flush(context: CanvasRenderingContext2D, colours: readonly string[]): void {
		for (let ink = this.inks - 1; ink >= 0; ink--) {
			const colour = colours[ink] ?? "";
			if (!this.rectangles.isEmpty(ink)) {
				const quads = this.rectangles.take(ink);
				context.fillStyle = colour;
				for (let at = 0; at < quads.length; at += 4) {
					context.fillRect(quads[at] ?? 0, quads[at + 1] ?? 0, quads[at + 2] ?? 0, quads[at + 3] ?? 0);
				}
			}
			if (!this.lines.isEmpty(ink)) {
				const quads = this.lines.take(ink);
				context.strokeStyle = colour;
				context.lineWidth = 1;
				context.beginPath();
				for (let at = 0; at < quads.length; at += 4) {
					context.moveTo(quads[at] ?? 0, quads[at + 1] ?? 0);
					context.lineTo(quads[at + 2] ?? 0, quads[at + 3] ?? 0);
				}
				context.stroke();
			}
		}
	}
}
