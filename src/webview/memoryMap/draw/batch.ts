/**
 * Rectangles collected by ink and painted ink by ink, so that a frame sets the fill style a handful of times. One batch
 * is kept and reused: after the first frames it allocates nothing.
 */
export class RectBatch {
	/** x, y, width, height of each rectangle, per ink. */
	private readonly rectangles: Float64Array[];
	private readonly lengths: Int32Array;

	constructor(inks: number) {
		this.rectangles = Array.from({ length: inks }, () => new Float64Array(256));
		this.lengths = new Int32Array(inks);
	}

	/** Adds a rectangle in CSS pixels; empty ones are left out. */
	add(ink: number, x: number, y: number, width: number, height: number): void {
		if (width <= 0 || height <= 0) return;
		const length = this.lengths[ink] ?? 0;
		let target = this.rectangles[ink];
		if (target === undefined) return;
		if (length + 4 > target.length) {
			const larger = new Float64Array(target.length * 2);
			larger.set(target);
			this.rectangles[ink] = larger;
			target = larger;
		}
		target[length] = x;
		target[length + 1] = y;
		target[length + 2] = width;
		target[length + 3] = height;
		this.lengths[ink] = length + 4;
	}

	/** Paints everything and forgets it. `inks` gives the CSS colour of each ink. */
	flush(context: CanvasRenderingContext2D, inks: readonly string[]): void {
		for (let ink = 0; ink < this.rectangles.length; ink++) {
			const length = this.lengths[ink] ?? 0;
			const source = this.rectangles[ink];
			const colour = inks[ink];
			this.lengths[ink] = 0;
			if (length === 0 || source === undefined || colour === undefined) continue;
			context.fillStyle = colour;
			for (let at = 0; at < length; at += 4) {
				context.fillRect(source[at] ?? 0, source[at + 1] ?? 0, source[at + 2] ?? 0, source[at + 3] ?? 0);
			}
		}
	}
}
