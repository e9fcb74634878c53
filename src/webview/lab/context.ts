import type { LabPanelService } from "../../shared/labPanel";
import type { Palette } from "../memoryMap/draw/palette";
import type { Tooltip } from "../ui/tooltip";
import type { LabStore } from "./store";

/** What every block of the panel works with. */
export interface LabContext {
	readonly store: LabStore;
	readonly service: LabPanelService;
	readonly tooltip: Tooltip;
	/** The theme's colours now. */
	readonly palette: () => Palette;
	/** Tells screen readers what has happened. */
	readonly announce: (text: string) => void;
}
