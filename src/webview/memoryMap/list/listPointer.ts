import { visibleText } from "../../../shared/text";
import { hexPage } from "../../../shared/units";
import type { Lifetime } from "../../ui/lifetime";
import type { TipLine } from "../../ui/tooltip";
import { describeColumn } from "../../words/row";
import type { ViewContext } from "../context";
import { layoutStrip, type StripHit, stripHit } from "../draw/stripLayout";
import { newestFrame } from "../store";
import { selectGroup, selectMapping, selectPage, toggled } from "../viewState";
import { type PlacedRow, rowUnder } from "./listGeometry";
import type { ListActions } from "./listKeys";
import type { StripPlace } from "./stripLayer";

/** Height of a row's line of text, below which a narrow row has its strip, CSS pixels. */
const textHeight = 22;

/** What the pointer needs of the list. */
interface ListSurface {
	/** Takes the events. */
	readonly node: HTMLElement;
	/** Its top left corner is the origin of {@link placed}. */
	readonly view: HTMLElement;
	placed(): readonly PlacedRow[];
	strip(): StripPlace;
}

/** What a pointer does in the list: select, fold, open, ask for the menu, and be told what lies under it. */
export class ListPointer {
	constructor(
		lifetime: Lifetime,
		private readonly context: ViewContext,
		private readonly actions: Pick<ListActions, "openPages" | "openMenu">,
		private readonly surface: ListSurface,
	) {
		lifetime.listen(surface.node, "click", (event) => this.#onClick(event));
		lifetime.listen(surface.node, "dblclick", (event) => this.#onDoubleClick(event));
		lifetime.listen(surface.node, "contextmenu", (event) => this.#onContextMenu(event));
		context.tooltip.attach(surface.node, (x, y) => this.#tip(x, y), lifetime.signal);
	}

	/** The row and the place of its strip under an event. */
	#at(event: MouseEvent): { readonly placed: PlacedRow | undefined; readonly hit: StripHit | undefined } {
		const box = this.surface.view.getBoundingClientRect();
		const x = event.clientX - box.left;
		const y = event.clientY - box.top;
		const placed = rowUnder(this.surface.placed(), y);
		return { placed, hit: placed && this.#hitStrip(placed, x, y) };
	}

	#hitStrip(placed: PlacedRow, x: number, y: number): StripHit | undefined {
		const { left, width } = this.surface.strip();
		const inText = this.context.layout() === "narrow" && y < placed.top + textHeight;
		if (inText || x < left || x >= left + width) return undefined;
		return stripHit(layoutStrip(placed.row.strip, width, devicePixelRatio), x - left);
	}

	#fold(key: string): void {
		const { store } = this.context;
		store.update({ unfolded: toggled(store.state.unfolded, key) });
	}

	#onClick(event: MouseEvent): void {
		const { placed, hit } = this.#at(event);
		if (!placed || placed.row.type === "gap") return;
		const { row } = placed;
		if (row.type === "group" && isOnTwistie(event)) {
			this.#fold(row.key);
			return;
		}
		const page = hit && Math.floor((hit.startPage + hit.endPage - 1) / 2);
		const ofMapping = page === undefined ? selectMapping(row.startPage) : selectPage(page);
		const selection = row.type === "group" ? selectGroup(row.key) : ofMapping;
		this.context.store.update({ ...selection, inspectorOpen: true });
	}

	#onDoubleClick(event: MouseEvent): void {
		const { placed, hit } = this.#at(event);
		if (placed?.row.type === "mapping") this.actions.openPages(hit?.startPage ?? placed.row.startPage);
		else if (placed?.row.type === "group" && !isOnTwistie(event)) this.#fold(placed.row.key);
	}

	#onContextMenu(event: MouseEvent): void {
		event.preventDefault();
		const { placed } = this.#at(event);
		if (!placed || placed.row.type === "gap") return;
		const { row } = placed;
		this.context.store.update(row.type === "group" ? selectGroup(row.key) : selectMapping(row.startPage));
		this.actions.openMenu(row, { x: event.clientX, y: event.clientY });
	}

	#tip(x: number, y: number): TipLine[] | undefined {
		const pageSize = newestFrame(this.context.store.snapshot)?.pageSize;
		const placed = rowUnder(this.surface.placed(), y);
		const hit = placed && this.#hitStrip(placed, x, y);
		if (pageSize === undefined || !hit) return undefined;
		const { segment } = hit;
		const range = `${hexPage(hit.startPage, pageSize)}–${hexPage(hit.endPage, pageSize)}`;
		const reserved = segment.kind === "reserved";
		const column = segment.firstColumn + hit.column;
		const states = reserved
			? "Set aside, no access, no pages"
			: describeColumn(placed.columns, column, hit.endPage - hit.startPage);
		return [{ text: range, style: "code" }, { text: states }, { text: visibleText(placed.row.name), style: "note" }];
	}
}

function isOnTwistie(event: MouseEvent): boolean {
	return event.target instanceof Element && event.target.closest(".twistie") !== null;
}
