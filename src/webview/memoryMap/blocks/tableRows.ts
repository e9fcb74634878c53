import { setAttributes } from "../../ui/element";

/**
 * Gives a table's body these rows, by changing only the cells that say something else: a live table must take away
 * neither the focus nor the reading place with every sample. The focus of a button that is gone goes to the one with
 * the same `key` attribute, which has moved to another row.
 */
export function updateRows(body: HTMLTableSectionElement, rows: readonly HTMLElement[], key: string): void {
	const { activeElement } = document;
	const focused = body.contains(activeElement) ? activeElement?.getAttribute(key) : undefined;
	for (const [index, row] of rows.entries()) {
		const present = body.rows[index];
		if (!present) body.append(row);
		else if (present.cells.length !== row.children.length) present.replaceWith(row);
		else updateRow(present, row);
	}
	while (body.rows.length > rows.length) body.deleteRow(-1);
	// While the focus is in another part of VS Code, nothing here may take it.
	if (!focused || !document.hasFocus() || document.activeElement?.getAttribute(key) === focused) return;
	body.querySelector<HTMLElement>(`[${key}="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function updateRow(present: HTMLTableRowElement, row: HTMLElement): void {
	setAttributes(present, { class: row.className || undefined, "aria-selected": row.ariaSelected ?? undefined });
	for (const [index, cell] of [...row.children].entries()) {
		const old = present.cells[index];
		if (old && !old.isEqualNode(cell)) old.replaceWith(cell);
	}
}

/** Puts the focus to the first button of a table, or to the table where none is there yet. */
export function focusTable(scroll: HTMLElement, body: HTMLTableSectionElement): void {
	(body.querySelector<HTMLElement>("button") ?? scroll).focus();
}
