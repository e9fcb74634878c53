import type { PageCells } from "../../../shared/mapFrame";
import { maxPagesPerCall } from "../../../shared/mapPanel";
import { formatBytes, formatCount, hexPage, pagesToBytes } from "../../../shared/units";
import { element } from "../../ui/element";
import type { Lifetime } from "../../ui/lifetime";
import { flagsInWords, stateNames } from "../../words/names";
import type { Block, ViewContext } from "../context";
import { uniformRuns } from "../pageRuns";
import type { Snapshot } from "../store";
import { selectPage } from "../viewState";
import { stateOf } from "../words/page";
import { Pager } from "./pager";
import { focusTable, updateRows } from "./tableRows";

/** The pages of a mapping as a table: a row for each run of equal pages. */
export class PageTable implements Block {
	readonly node: HTMLElement;
	readonly #body = element("tbody");
	readonly #scroll: HTMLElement;
	readonly #pager: Pager;
	#key = "";
	#first = 0;
	#mapping: { readonly startPage: number; readonly endPage: number } | undefined;

	constructor(
		lifetime: Lifetime,
		private readonly context: ViewContext,
	) {
		const close = { label: "Show as map", run: () => context.store.update({ table: false }) };
		this.#pager = new Pager(lifetime, close, (step) => {
			this.#first = Math.max(0, this.#first + step * maxPagesPerCall);
			context.store.redraw();
		});
		const heads = ["From", "To", "Pages", "Size", "State", "Flags"].map((text) => {
			const number = text === "Pages" || text === "Size";
			return element("th", { scope: "col", class: number ? "number" : undefined }, text);
		});
		const table = element(
			"table",
			{ "aria-label": "Pages" },
			element("thead", {}, element("tr", {}, ...heads)),
			this.#body,
		);
		this.#scroll = element("div", { class: "table-scroll", tabindex: 0 }, table);
		this.node = element(
			"section",
			{ class: "table-block", "aria-label": "Pages as a table" },
			this.#pager.node,
			this.#scroll,
		);
		lifetime.listen(this.#body, "click", (event) => {
			const page =
				event.target instanceof Element ? event.target.closest("[data-page]")?.getAttribute("data-page") : null;
			if (page) context.store.update({ ...selectPage(Number(page)), inspectorOpen: true });
		});
	}

	update({ state, pages }: Snapshot): void {
		const selected = pages?.frame.selected;
		if (!state.table || state.openPage === undefined || !pages || !selected) return;
		const { startPage, endPage } = selected;
		if (startPage !== this.#mapping?.startPage) this.#first = 0;
		this.#mapping = { startPage, endPage };
		const total = endPage - startPage;
		const first = Math.min(this.#first, Math.max(0, total - 1));
		const end = Math.min(total, first + maxPagesPerCall);
		const { pageSize, sample } = pages.frame;
		const key = `${startPage} ${first} ${end} ${sample.number}`;
		if (key === this.#key) return;
		this.#key = key;
		this.#pager.update("Pages", first, end, total);
		this.context.service.pages(startPage + first, startPage + end).then(
			(cells) => {
				if (key === this.#key) this.#show(cells, pageSize);
			},
			(error: unknown) => this.context.store.fail(error),
		);
	}

	focus(): boolean {
		focusTable(this.#scroll, this.#body);
		return true;
	}

	#show(cells: PageCells, pageSize: number): void {
		const rows = uniformRuns(cells).map(({ startPage, endPage, state, flags }) => {
			const from = element("button", { class: "link", "data-page": startPage }, hexPage(startPage, pageSize));
			const pages = endPage - startPage;
			return element(
				"tr",
				{},
				element("th", { scope: "row" }, from),
				element("td", {}, hexPage(endPage, pageSize)),
				element("td", { class: "number" }, formatCount(pages)),
				element("td", { class: "number" }, formatBytes(pagesToBytes(pages, pageSize))),
				element("td", {}, stateNames[stateOf(state)]),
				element("td", {}, flagsInWords(flags).join(", ")),
			);
		});
		updateRows(this.#body, rows, "data-page");
	}
}
