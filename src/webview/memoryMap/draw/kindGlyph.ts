import type { MappingKind } from "../../../shared/mappingKinds";
import { stateCode } from "../../../shared/pageStates";
import { snap, snapLength } from "./geometry";
import { type GlyphSize, glyphHeight, paintGlyph } from "./glyph";
import type { PaintOptions } from "./options";
import type { Palette } from "./palette";

/**
 * Paints a kind's entry in the legend of "Colour by: kind", with its top left corner at (x, y). Several themes give kinds
 * the same colour, so stacks have two bars, guards a cross and reservations dashes.
 */
export function paintKindGlyph(
	context: CanvasRenderingContext2D,
	x: number,
	y: number,
	size: GlyphSize,
	kind: MappingKind,
	palette: Palette,
	options: PaintOptions,
): void {
	const { dpr } = options;
	if (kind === "reserved") {
		context.fillStyle = palette.kinds[kind];
		const line = snapLength(1, dpr);
		const middle = snap(y + (glyphHeight(size) - 1) / 2, dpr);
		for (let at = 0; at < size.width; at += 6) {
			context.fillRect(snap(x + at, dpr), middle, snapLength(Math.min(4, size.width - at), dpr), line);
		}
		return;
	}
	const state = kindState(kind);
	const bodyColour = palette.kinds[kind];
	paintGlyph(context, x, y, size, { state, flags: 0, detailed: false }, palette, { ...options, bodyColour });
}

/** The state whose form stands for a kind. */
function kindState(kind: MappingKind): number {
	if (kind === "stack") return stateCode.shmem;
	return kind === "guard" ? stateCode.guard : stateCode.anonymous;
}
