import { type MappingKind, mappingKinds } from "../../../shared/mappingKinds";
import { rowIcons } from "../../../shared/rowIcons";
import { element } from "../../ui/element";
import { icon } from "../../ui/icons";
import { kindNames } from "../../words/names";
import type { ViewContext } from "../context";
import type { Palette } from "../draw/palette";

/** The key of what is coloured by kind: a swatch, an icon and a name for each kind that is there. */
export class KindKey {
	#shown: string | undefined;
	#palette: Palette | undefined;

	constructor(
		readonly node: HTMLElement,
		private readonly context: ViewContext,
	) {}

	/** Shows these kinds, whatever else is among the names, in the product's order. */
	update(names: Iterable<string | undefined>): void {
		const present = new Set(names);
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
	return element("span", { class: "key-entry" }, swatch, icon(rowIcons[kind]), kindNames[kind]);
}
