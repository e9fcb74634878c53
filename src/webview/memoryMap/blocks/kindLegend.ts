import { type MappingKind, mappingKinds } from "../../../shared/mappingKinds";
import { rowIcons } from "../../../shared/rowIcons";
import { element } from "../../ui/element";
import { icon } from "../../ui/icons";
import { kindNames } from "../../words/names";
import type { ViewContext } from "../context";
import type { Palette } from "../draw/palette";
import type { Snapshot } from "../store";

/** The key of the page view while it is coloured by kind: the kinds that are laid out there. */
export class KindLegend {
	readonly node = element("footer", { class: "legend kind-legend", "aria-label": "Kinds" });
	#shown = "";
	#palette: Palette | undefined;

	constructor(private readonly context: ViewContext) {}

	update({ pages }: Snapshot): void {
		const present = new Set(pages?.frame.rows.rows.map(({ icon: name }) => name));
		const kinds = mappingKinds.filter((kind) => present.has(kind));
		const palette = this.context.palette();
		const key = kinds.join();
		if (key === this.#shown && palette === this.#palette) return;
		this.#shown = key;
		this.#palette = palette;
		this.node.replaceChildren(...kinds.map((kind) => entry(kind, palette)));
	}
}

function entry(kind: MappingKind, palette: Palette): HTMLElement {
	const swatch = element("span", { class: "swatch", "aria-hidden": "true" });
	swatch.style.background = palette.kinds[kind];
	return element("span", { class: "legend-entry" }, swatch, icon(rowIcons[kind]), kindNames[kind]);
}
