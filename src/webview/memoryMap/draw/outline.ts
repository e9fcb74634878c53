import { type Rect, snap, snapLength } from "./geometry";

/** How a cell or segment is marked, lengths in CSS pixels. */
export interface OutlineStyle {
	readonly colour: string;
	readonly line: number;
	/** Empty space between what is marked and the line; it is cleared. */
	readonly space: number;
	readonly dpr: number;
}

/** Marks a rectangle by a line around it, outside of it. The context must not be translated. */
export function paintOutline(context: CanvasRenderingContext2D, rect: Rect, style: OutlineStyle): void {
	const { dpr } = style;
	const line = snapLength(style.line, dpr);
	const space = style.space === 0 ? 0 : snapLength(style.space, dpr);
	const inner = space + line;
	// At the canvas's edge the line is drawn over the cell rather than not at all.
	const left = Math.max(0, snap(rect.x, dpr) - inner);
	const top = Math.max(0, snap(rect.y, dpr) - inner);
	const width = Math.min(context.canvas.width / dpr, snap(rect.x + rect.width, dpr) + inner) - left;
	const height = Math.min(context.canvas.height / dpr, snap(rect.y + rect.height, dpr) + inner) - top;
	if (space > 0) {
		context.clearRect(left + line, top + line, space, height - 2 * line);
		context.clearRect(left + width - inner, top + line, space, height - 2 * line);
		context.clearRect(left + line, top + line, width - 2 * line, space);
		context.clearRect(left + line, top + height - inner, width - 2 * line, space);
	}
	context.fillStyle = style.colour;
	context.fillRect(left, top, width, line);
	context.fillRect(left, top + height - line, width, line);
	context.fillRect(left, top + line, line, height - 2 * line);
	context.fillRect(left + width - line, top + line, line, height - 2 * line);
}
