/** A window into something wider: how many times as wide, and its left edge as a share of the whole. */
export interface Zoom {
	readonly factor: number;
	readonly start: number;
}

export const noZoom: Zoom = { factor: 1, start: 0 };

/** The zoom with its left edge at `start`, as far as the whole reaches. */
export function pan({ factor }: Zoom, start: number): Zoom {
	return { factor, start: Math.max(0, Math.min(start, 1 - 1 / factor)) };
}

/** The zoom by `wanted`, between 1 and `most`, with what lies at `share` (0…1) of the window staying there. */
export function zoomAround(zoom: Zoom, wanted: number, most: number, share: number): Zoom {
	const factor = Math.max(1, Math.min(most, wanted));
	const at = zoom.start + share / zoom.factor;
	return pan({ factor, start: 0 }, at - share / factor);
}

/** The left edge in pixels of a whole that is `fullWidth` wide and seen through a window of `width`. */
export function zoomOffset(zoom: Zoom, fullWidth: number, width: number): number {
	return Math.max(0, Math.min(zoom.start * fullWidth, fullWidth - width));
}
