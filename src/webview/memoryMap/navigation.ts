import type { Row, SelectedMapping } from "../../shared/mapFrame";
import { hexPage } from "../../shared/units";
import { type MenuEntry, openMenu } from "../ui/menu";
import type { ViewContext } from "./context";
import { findStateChange } from "./stateChange";
import { newestFrame } from "./store";
import { selectMapping, selectPage } from "./viewState";

/** Going from place to place in the map: to an address, into pages and back, from page to page. */
export class Navigator {
	constructor(
		private readonly context: ViewContext,
		private readonly views: {
			/** Brings a row of the list into view once it is there. */
			showRow(index: number): void;
			/** Puts the focus to the list or the pages, once they are there. */
			focusMain(): void;
			/** Whether a page is laid out in the page view. */
			pagesShow(page: number): boolean;
		},
	) {}

	/**
	 * Selects the mapping that holds `page`, unfolding and unfiltering what hides it. `choose`: the person asked for this
	 * very page, so it is selected too, and the keys act there from now on.
	 */
	async goTo(page: number, choose: boolean): Promise<void> {
		const { store, service } = this.context;
		store.update({ changes: false });
		const selection = choose ? selectPage(page) : selectMapping(page);
		if (store.state.openPage !== undefined) {
			const shown = this.views.pagesShow(page);
			const location = shown ? undefined : await service.locate(page);
			if (location?.kind === "gap") this.#nothingAt(page);
			else {
				store.update({ ...selectPage(page), inspectorOpen: true, ...(shown ? {} : { openPage: page }) });
				if (choose) this.views.focusMain();
			}
			return;
		}
		let location = await service.locate(page);
		if (location.kind === "mapping" && location.row < 0) {
			// The filter leaves it out: what the person asks for by address comes first.
			store.update({ filter: "", kinds: [] });
			await store.settled();
			location = await service.locate(page);
		}
		if (location.kind === "gap") {
			this.#nothingAt(page);
			return;
		}
		const { unfold, row } = location;
		const unfolded = unfold === undefined ? store.state.unfolded : [...store.state.unfolded, unfold];
		store.update({ ...selection, unfolded, inspectorOpen: true, table: false });
		if (row >= 0) this.views.showRow(row);
		if (choose) this.views.focusMain();
	}

	/** Scrolls the list to a page without selecting it. */
	async scrollTo(page: number, scroll: (row: number) => void): Promise<void> {
		const location = await this.context.service.locate(page);
		if (location.kind === "mapping" && location.row >= 0) scroll(location.row);
	}

	openPages(page: number): void {
		this.context.store.update({ ...selectPage(page), openPage: page, inspectorOpen: true });
		this.views.focusMain();
	}

	/** Back from the pages to the list. */
	closePages(): void {
		const { selectedPage } = this.context.store.state;
		this.context.store.update({ openPage: undefined, pageChosen: selectedPage !== undefined });
		this.views.focusMain();
	}

	closeInspector(): void {
		this.context.store.update({ inspectorOpen: false, sheetOpen: false });
		this.views.focusMain();
	}

	enterStrip(): void {
		const { selectedPage } = this.context.store.state;
		if (selectedPage !== undefined) this.context.store.update(selectPage(selectedPage));
	}

	leaveStrip(): void {
		const mapping = this.#mapping();
		const { selectedPage } = this.context.store.state;
		const page = mapping?.startPage ?? selectedPage;
		if (page !== undefined) this.context.store.update(selectMapping(page));
	}

	/** Moves the chosen page within its mapping. */
	movePage(by: "page" | "change" | "end", step: 1 | -1): void {
		const mapping = this.#mapping();
		const page = this.context.store.state.selectedPage;
		if (!mapping || page === undefined) return;
		const { startPage, endPage } = mapping;
		if (by === "page") this.#choose(Math.max(startPage, Math.min(endPage - 1, page + step)));
		else if (by === "end") this.#choose(step === 1 ? endPage - 1 : startPage);
		else this.context.perform(this.#moveToChange(mapping, page, step));
	}

	async #moveToChange(mapping: SelectedMapping, page: number, step: 1 | -1): Promise<void> {
		const fetchPages = (start: number, end: number) => this.context.service.pages(start, end);
		const shares = mapping.cells.counts.length > 0 ? mapping.cells : undefined;
		const found = await findStateChange(fetchPages, mapping, page, step, shares);
		// The person may have moved on while the pages were read.
		if (this.context.store.state.selectedPage === page) this.#choose(found);
	}

	#choose(page: number): void {
		this.context.store.update(selectPage(page));
	}

	/** The mapping that holds the selected page, as the newest frame of the view has it. */
	#mapping(): SelectedMapping | undefined {
		const { state, list, pages } = this.context.store.snapshot;
		const selected = (state.openPage === undefined ? list : pages)?.frame.selected;
		const page = state.selectedPage;
		return selected && page !== undefined && page >= selected.startPage && page < selected.endPage
			? selected
			: undefined;
	}

	#nothingAt(page: number): void {
		const pageSize = newestFrame(this.context.store.snapshot)?.pageSize ?? 1;
		this.context.store.remark(`Nothing is mapped at ${hexPage(page, pageSize)}.`);
	}

	/** The menu of a row. */
	openRowMenu(row: Row, at: { readonly x: number; readonly y: number }): void {
		const { store } = this.context;
		const pageSize = newestFrame(store.snapshot)?.pageSize ?? 1;
		const start = hexPage(row.startPage, pageSize);
		const end = hexPage(row.endPage, pageSize);
		const open: MenuEntry[] =
			row.type === "mapping"
				? [{ label: "Open pages", detail: "Enter", run: () => this.openPages(row.startPage) }, "separator"]
				: [];
		const line: MenuEntry[] =
			row.type === "mapping"
				? [{ label: "Copy maps line", run: () => this.#copy(this.#mapping()?.line ?? `${start}-${end}`) }]
				: [];
		openMenu(at, "Mapping", [
			...open,
			{ label: "Copy address", run: () => this.#copy(`0x${start}`) },
			{ label: "Copy range", run: () => this.#copy(`${start}-${end}`) },
			...line,
			"separator",
			...this.#rawEntries(),
		]);
	}

	/** The menu of a page; `readBytes` reads its bytes. */
	openPageMenu(page: number, at: { readonly x: number; readonly y: number }, readBytes: () => void): void {
		const pageSize = newestFrame(this.context.store.snapshot)?.pageSize ?? 1;
		openMenu(at, "Page", [
			{ label: "Read bytes", detail: "Enter", run: readBytes },
			"separator",
			{ label: "Copy address", run: () => this.#copy(`0x${hexPage(page, pageSize)}`) },
			{ label: "Copy range", run: () => this.#copy(`${hexPage(page, pageSize)}-${hexPage(page + 1, pageSize)}`) },
			"separator",
			...this.#rawEntries(),
		]);
	}

	#rawEntries(): MenuEntry[] {
		const { service, perform } = this.context;
		return [
			{ label: "Open maps as text", run: () => perform(service.openText("maps")) },
			{ label: "Open smaps as text", run: () => perform(service.openText("smaps")) },
		];
	}

	#copy(text: string): void {
		this.context.perform(this.context.service.copy([text]));
		this.context.announce("Copied");
	}
}
