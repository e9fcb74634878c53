import type { MapFrame, Row } from "../../../shared/mapFrame";
import { visibleText } from "../../../shared/text";
import { formatBytes, formatCount, hexPage } from "../../../shared/units";
import { element } from "../../ui/element";
import type { Lifetime } from "../../ui/lifetime";
import { measureNames } from "../../words/names";
import { rowShares, sharesInWords, valueText } from "../../words/row";
import type { Block, ViewContext } from "../context";
import type { ReceivedFrame, Snapshot } from "../store";
import { selectGroup, selectMapping } from "../viewState";
import { Pager } from "./pager";
import { focusTable, updateRows } from "./tableRows";

/** Rows of one part of the table. */
const rowsPerPart = 200;

/** The rows of the list as a real table, in parts: for screen readers, and for those who like tables. */
export class MappingTable implements Block {
	readonly node: HTMLElement;
	readonly #body = element("tbody");
	readonly #scroll: HTMLElement;
	readonly #measure = element("th", { scope: "col", class: "number" });
	readonly #pager: Pager;
	#received: ReceivedFrame | undefined;
	#selected = "";

	constructor(
		lifetime: Lifetime,
		private readonly context: ViewContext,
		private readonly openPages: (page: number) => void,
	) {
		const close = { label: "Show as map", run: () => context.store.update({ table: false }) };
		this.#pager = new Pager(lifetime, close, (step) => this.#move(step));
		const heads = ["Mapping", "From", "To", "Permissions"].map((text) => element("th", { scope: "col" }, text));
		const head = element(
			"tr",
			{},
			...heads,
			element("th", { scope: "col", class: "number" }, "Size"),
			this.#measure,
			element("th", { scope: "col" }, "Pages"),
		);
		const table = element("table", { "aria-label": "Mappings" }, element("thead", {}, head), this.#body);
		this.#scroll = element("div", { class: "table-scroll", tabindex: 0 }, table);
		this.node = element(
			"section",
			{ class: "table-block", "aria-label": "Mappings as a table" },
			this.#pager.node,
			this.#scroll,
		);
		lifetime.listen(this.#body, "click", (event) => this.#onClick(event));
	}

	update(snapshot: Snapshot): void {
		const { state, list } = snapshot;
		if (!state.table || !list || list.query.rows.count !== rowsPerPart) return;
		const selected = `${state.selectedGroup ?? ""} ${state.selectedPage ?? ""}`;
		if (list === this.#received && selected === this.#selected) return;
		this.#received = list;
		this.#selected = selected;
		const { rows } = list.frame;
		this.#pager.update("Mappings", rows.first, rows.first + rows.rows.length, rows.total);
		this.#measure.textContent = measureNames[list.query.measure];
		const nodes = rows.rows.map((row) => this.#row(row, list.frame, snapshot));
		updateRows(this.#body, nodes, "data-key");
	}

	focus(): boolean {
		focusTable(this.#scroll, this.#body);
		return true;
	}

	#move(step: 1 | -1): void {
		const { store } = this.context;
		const { tableRows } = store.snapshot.viewport;
		const first = Math.max(0, tableRows.first + step * rowsPerPart);
		store.setViewport({ tableRows: { ...tableRows, first } });
	}

	#row(row: Row, { pageSize, rows }: MapFrame, { state }: Snapshot): HTMLElement {
		const cells = (...texts: string[]) => texts.map((text) => element("td", {}, text));
		const from = hexPage(row.startPage, pageSize);
		const to = hexPage(row.endPage, pageSize);
		if (row.type === "gap") {
			const name = element("th", { scope: "row" }, "Gap");
			const size = element("td", { class: "number" }, formatBytes(row.size));
			return element("tr", { class: "table-gap" }, name, ...cells(from, to, ""), size, ...cells("", "nothing mapped"));
		}
		const selected =
			row.type === "group"
				? row.key === state.selectedGroup
				: state.selectedPage !== undefined && state.selectedPage >= row.startPage && state.selectedPage < row.endPage;
		const words = [visibleText(row.name), row.note ?? "", row.count === undefined ? "" : `(${formatCount(row.count)})`];
		const button = element("button", { class: "link", "data-key": row.key }, words.filter(Boolean).join(" "));
		const reserved = row.strip.every(({ kind }) => kind === "reserved");
		const pages = reserved ? "no access" : sharesInWords(rowShares(row, rows.columns));
		return element(
			"tr",
			{ "aria-selected": String(selected), class: row.type },
			element("th", { scope: "row", style: `--depth: ${row.depth}` }, button),
			...cells(from, to, row.permissions ?? ""),
			element("td", { class: "number" }, formatBytes(row.size)),
			element("td", { class: "number" }, valueText(row)),
			element("td", {}, pages),
		);
	}

	/** The first click on a name selects, the next opens: folds a group, shows a mapping's pages. */
	#onClick(event: MouseEvent): void {
		const key =
			event.target instanceof Element ? event.target.closest("[data-key]")?.getAttribute("data-key") : undefined;
		const row = this.#received?.frame.rows.rows.find((candidate) => candidate.key === key);
		if (!row) return;
		const { store } = this.context;
		const { state } = store;
		if (row.type === "group") {
			const again = state.selectedGroup === row.key;
			const unfolded = state.unfolded.includes(row.key)
				? state.unfolded.filter((other) => other !== row.key)
				: [...state.unfolded, row.key];
			store.update({ ...selectGroup(row.key), inspectorOpen: true, ...(again ? { unfolded } : {}) });
			return;
		}
		const { selectedPage } = state;
		const again = selectedPage !== undefined && selectedPage >= row.startPage && selectedPage < row.endPage;
		if (again) this.openPages(row.startPage);
		else store.update({ ...selectMapping(row.startPage), inspectorOpen: true });
	}
}
