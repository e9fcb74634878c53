import type { FaultDrawing, Strips } from "../../../shared/debug/stopLayer";
import { stateCode } from "../../../shared/pageStates";
import { snap } from "../draw/geometry";
import { glyphSizes, paintGlyph } from "../draw/glyph";
import type { Palette } from "../draw/palette";
import { paintStrip } from "../draw/strip";
import { layoutStrip, stripPlace } from "../draw/stripLayout";

/** Heights, CSS pixels: the text of the address, the marker below it, the strip. */
const textHeight = 17;
const markerHeight = 8;
const stripY = textHeight + markerHeight + 4;
export const drawingHeight = stripY + 16;

/** Widths of what is not drawn to scale, CSS pixels, and the space between parts. */
const guardWidth = 22;
const gapWidth = 96;
const space = 3;

export interface PlacedPart {
	readonly x: number;
	readonly width: number;
}

/** Places the parts side by side: guards and gaps have fixed widths, mappings share what is left by the root of their pages. */
export function layoutDrawing({ parts }: FaultDrawing, width: number): PlacedPart[] {
	const fixed = (kind: string) => (kind === "guard" ? guardWidth : gapWidth);
	const rest =
		width -
		space * (parts.length - 1) -
		parts.reduce((sum, part) => sum + (part.kind === "mapping" ? 0 : fixed(part.kind)), 0);
	const weights = parts.map((part) => (part.kind === "mapping" ? Math.sqrt(part.endPage - part.startPage) : 0));
	const whole = weights.reduce((sum, weight) => sum + weight, 0);
	let x = 0;
	return parts.map((part, index) => {
		const share = part.kind === "mapping" ? Math.max(0, (rest * (weights[index] ?? 0)) / whole) : fixed(part.kind);
		const placed = { x, width: share };
		x += share + space;
		return placed;
	});
}

/** Paints the drawing of a fault. Strips that are not there yet are left out. */
export function paintDrawing(
	context: CanvasRenderingContext2D,
	layout: readonly PlacedPart[],
	drawing: FaultDrawing,
	strips: Strips | undefined,
	palette: Palette,
	text: { readonly font: string; readonly colour: string },
): void {
	const dpr = devicePixelRatio;
	let strip = 0;
	let marker = 0;
	for (const [index, part] of drawing.parts.entries()) {
		const { x, width } = layout[index] ?? { x: 0, width: 0 };
		if (index === drawing.marker.part) marker = x + width * drawing.marker.at;
		if (part.kind === "guard") paintGuard(context, x, palette);
		else if (part.kind === "gap") paintGap(context, x, width, part.text, palette, text);
		else {
			const segments = strips?.strips[strip++] ?? [];
			if (strips) paintStrip(context, x, stripY, width, segments, strips.columns, palette, { dpr });
			const { page } = drawing.marker;
			const place =
				index === drawing.marker.part && page !== undefined
					? stripPlace(layoutStrip(segments, width, dpr), page)
					: undefined;
			if (place) marker = x + place.x + place.width / 2;
		}
	}
	paintMarker(context, snap(marker, dpr), drawing.marker.text, text);
}

function paintGuard(context: CanvasRenderingContext2D, x: number, palette: Palette): void {
	const page = { state: stateCode.guard, flags: 0, detailed: false };
	paintGlyph(context, x, stripY, { ...glyphSizes.legend, width: guardWidth, body: 13 }, page, palette, {
		dpr: devicePixelRatio,
	});
}

function paintGap(
	context: CanvasRenderingContext2D,
	x: number,
	width: number,
	label: string,
	palette: Palette,
	text: { readonly font: string; readonly colour: string },
): void {
	context.save();
	context.strokeStyle = palette.lines;
	context.setLineDash([4, 3]);
	context.lineWidth = 1;
	context.strokeRect(x + 0.5, stripY + 0.5, width - 1, 12);
	context.restore();
	context.font = text.font;
	context.fillStyle = text.colour;
	context.textAlign = "center";
	context.textBaseline = "middle";
	context.fillText(label, x + width / 2, stripY + 7, width - 8);
}

/** A triangle that points at the address, and the address beside it, on the side where there is room. */
function paintMarker(
	context: CanvasRenderingContext2D,
	x: number,
	label: string,
	text: { readonly font: string; readonly colour: string },
): void {
	context.fillStyle = text.colour;
	context.beginPath();
	context.moveTo(x - 5, textHeight);
	context.lineTo(x + 5, textHeight);
	context.lineTo(x, textHeight + markerHeight);
	context.fill();
	context.font = text.font;
	context.textBaseline = "alphabetic";
	context.textAlign = "left";
	const width = context.measureText(label).width;
	const room = context.canvas.width / devicePixelRatio;
	context.fillText(label, Math.max(0, Math.min(x - 5, room - width)), textHeight - 4);
}
