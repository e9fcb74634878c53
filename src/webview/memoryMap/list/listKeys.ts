import type { Row } from "../../../shared/mapFrame";
import type { ViewContext } from "../context";
import type { ListCommand, ListContext } from "../keyboard";
import { type ListModel, parentIndex, rowAt, selectableFrom } from "../listRows";
import { selectGroup, selectMapping, toggled, type ViewState } from "../viewState";

/** What keys of the list do beyond the list. */
export interface ListActions {
	openPages(page: number): void;
	/** Moves the chosen page within the selected mapping. */
	movePage(by: "page" | "change" | "end", step: 1 | -1): void;
	enterStrip(): void;
	leaveStrip(): void;
	back(): void;
	openMenu(row: Row, at: { readonly x: number; readonly y: number }): void;
}

/** What the keys need of the list. */
interface ListAccess {
	model(): ListModel;
	visibleRows(): number;
	reveal(index: number): void;
}

/** What keys act on: of a mapping that was selected by its address, the row need not be loaded yet. */
export function listContext(row: Row | undefined, { selectedPage, pageChosen }: ViewState): ListContext {
	if (row === undefined && selectedPage !== undefined) {
		return { inStrip: pageChosen, row: { type: "mapping", unfolded: false, depth: 0 } };
	}
	return {
		inStrip: pageChosen && row?.type === "mapping",
		row: row && row.type !== "gap" ? { type: row.type, unfolded: row.unfolded === true, depth: row.depth } : undefined,
	};
}

/** Carries out the list's key commands. A row that is not loaded yet is selected when it comes. */
export class ListKeys {
	#pending: { readonly index: number; readonly step: 1 | -1 } | undefined;

	constructor(
		private readonly context: ViewContext,
		private readonly actions: ListActions,
		private readonly list: ListAccess,
	) {}

	run(
		command: ListCommand,
		selected: number | undefined,
		row: Row | undefined,
		anchor: () => { readonly x: number; readonly y: number },
	): void {
		const { store } = this.context;
		switch (command.kind) {
			case "row":
				this.#moveRow(command.by, command.step, selected);
				break;
			case "fold":
				if (row) store.update({ unfolded: toggled(store.state.unfolded, row.key) });
				break;
			case "parent": {
				const parent = selected === undefined ? undefined : parentIndex(this.list.model(), selected);
				if (parent !== undefined) this.#select(parent, -1);
				break;
			}
			case "firstChild":
				if (selected !== undefined) this.#select(selected + 1, 1);
				break;
			case "openPages":
				this.actions.openPages(store.state.selectedPage ?? row?.startPage ?? 0);
				break;
			case "menu":
				if (row) this.actions.openMenu(row, anchor());
				break;
			case "page":
				this.actions.movePage(command.by, command.step);
				break;
			case "enterStrip":
			case "leaveStrip":
			case "back":
				this.actions[command.kind]();
				break;
		}
	}

	/** New rows have come: selects the one that was waited for. */
	settle(): void {
		const pending = this.#pending;
		if (!pending) return;
		const model = this.list.model();
		if (pending.index >= model.total) this.#pending = undefined;
		else if (rowAt(model, pending.index)) this.#select(pending.index, pending.step);
	}

	#moveRow(by: "row" | "screen" | "end", step: 1 | -1, selected: number | undefined): void {
		const { total } = this.list.model();
		if (total === 0) return;
		if (by === "end") {
			this.#select(step === 1 ? total - 1 : 0, step === 1 ? -1 : 1);
			return;
		}
		const from = this.#pending?.index ?? selected;
		if (from === undefined) {
			this.#select(0, 1);
			return;
		}
		const distance = by === "row" ? 1 : this.list.visibleRows();
		const target = Math.max(0, Math.min(total - 1, from + step * distance));
		// Past the end of a screen's jump the nearest row is behind.
		this.#select(target, target === total - 1 ? -1 : target === 0 ? 1 : step);
	}

	#select(index: number, step: 1 | -1): void {
		const model = this.list.model();
		const at = selectableFrom(model, index, step);
		if (at === undefined) {
			this.#pending = { index, step };
			this.list.reveal(index);
			return;
		}
		this.#pending = undefined;
		const row = rowAt(model, at)?.row;
		if (!row) return;
		this.context.store.update(row.type === "group" ? selectGroup(row.key) : selectMapping(row.startPage));
		this.list.reveal(at);
	}
}
