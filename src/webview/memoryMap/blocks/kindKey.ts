import { type MappingKind, mappingKinds } from "../../../shared/mappingKinds";
import { rowIcons } from "../../../shared/rowIcons";
import { element } from "../../ui/element";
import { icon } from "../../ui/icons";
import { kindNames } from "../../words/names";
import type { ViewContext } from "../context";
import type { Palette } from "../draw/palette";

/**
 * The key of what is coloured by kind: icon and name of each kind that is there. A theme has fewer colours for symbols than
 * there are kinds, so those that look alike share a swatch.
 */
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
		const colours = [...kindsByColour(kinds, palette)];
		this.node.replaceChildren(...colours.map(([colour, alike]) => entry(colour, alike)));
	}
}

/** The kinds in their order under the colour that each has in this theme; colours in the order of their first kinds. */
export function kindsByColour(
	kinds: readonly MappingKind[],
	palette: Pick<Palette, "kinds">,
): ReadonlyMap<string, readonly MappingKind[]> {
	const byColour = new Map<string, MappingKind[]>();
	for (const kind of kinds) {
		const colour = palette.kinds[kind];
		byColour.set(colour, [...(byColour.get(colour) ?? []), kind]);
	}
	return byColour;
}

function entry(colour: string, kinds: readonly MappingKind[]): HTMLElement {
	const swatch = element("span", { class: "swatch", "aria-hidden": "true" });
	swatch.style.background = colour;
	const names = kinds.map((kind) => element("span", { class: "key-name" }, icon(rowIcons[kind]), kindNames[kind]));
	return element("span", { class: "key-entry" }, swatch, ...names);
}
