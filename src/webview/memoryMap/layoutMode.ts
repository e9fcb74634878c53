/** The three layouts: inspector beside the list, below it, and everything in one column of two-line rows. */
export type LayoutMode = "wide" | "medium" | "narrow";

/** The layout for a panel of `width` CSS pixels. */
export function layoutMode(width: number): LayoutMode {
	if (width >= 1100) return "wide";
	return width >= 700 ? "medium" : "narrow";
}

/** Whether a panel of this layout and height, CSS pixels, has no room for all bars by kind above the list. */
export function isTight(layout: LayoutMode, height: number): boolean {
	if (layout === "narrow") return true;
	return height < (layout === "wide" ? 560 : 1000);
}
