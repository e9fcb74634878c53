import { element } from "../../ui/element";
import type { ViewContext } from "../context";
import { prepareCanvas } from "../draw/geometry";
import { stateMask } from "../draw/options";
import { paintStrip, paintStripMarker, stripHeights } from "../draw/strip";
import type { ViewState } from "../viewState";
import type { PlacedRow } from "./listGeometry";

/** Where the strips are within the list's visible part, CSS pixels. */
export interface StripPlace {
	readonly left: number;
	readonly width: number;
}

/** One canvas with the strips of all visible rows. */
export class StripLayer {
	readonly node = element("canvas", { class: "strips", "aria-hidden": "true" });

	constructor(private readonly context: ViewContext) {}

	/** `stripTop` is where a strip begins below its row's top; `marked` the row whose chosen page is outlined. */
	draw(
		rows: readonly PlacedRow[],
		place: StripPlace,
		height: number,
		stripTop: number,
		state: ViewState,
		options: { readonly tickOpacity: number; readonly marked: number | undefined },
	): void {
		const { left, width } = place;
		this.node.style.left = `${left}px`;
		const dpr = devicePixelRatio;
		const canvas = prepareCanvas(this.node, Math.max(1, width), Math.max(1, height), dpr);
		if (!canvas || width <= 0) return;
		const palette = this.context.palette();
		const paint = { dpr, hidden: stateMask(state.hiddenStates), tickOpacity: options.tickOpacity };
		for (const { row, columns, top, index } of rows) {
			if (row.type === "gap" || row.strip.length === 0) continue;
			const y = top + stripTop;
			if (y + stripHeights.total < 0) continue;
			paintStrip(canvas, 0, y, width, row.strip, columns, palette, paint);
			if (index === options.marked && state.selectedPage !== undefined) {
				paintStripMarker(canvas, 0, y, width, row.strip, state.selectedPage, palette, paint);
			}
		}
	}
}
