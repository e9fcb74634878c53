import type { MapPanelService } from "../../shared/mapPanel";
import type { Tooltip } from "../ui/tooltip";
import type { Palette } from "./draw/palette";
import type { LayoutMode } from "./layoutMode";
import type { PageSource } from "./pageSource";
import type { MapStore, Snapshot } from "./store";
import type { Ticks } from "./ticks";

/** What every block of the view works with. */
export interface ViewContext {
	readonly store: MapStore;
	readonly service: MapPanelService;
	readonly pages: PageSource;
	readonly tooltip: Tooltip;
	readonly ticks: Ticks;
	/** The theme's colours now. */
	readonly palette: () => Palette;
	readonly layout: () => LayoutMode;
	/** Whether there is so little height that the bars by kind fold to a line. */
	readonly tight: () => boolean;
	/** Tells screen readers what has changed. */
	readonly announce: (text: string) => void;
	/** Lets a call run whose result nobody waits for; a failure becomes a notice. */
	readonly perform: (call: Promise<unknown>) => void;
}

/** A part of the page that draws snapshots. */
export interface Block {
	readonly node: HTMLElement;
	update(snapshot: Snapshot): void;
	/** Takes the keyboard focus, when F6 comes by; false when there is nothing to focus now. */
	focus(): boolean;
}
