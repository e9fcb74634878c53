/**
 * Gives a table's body these rows, and leaves alone those that say the same already: a live table must not take the
 * focus or the reading place away with every sample. A button that is replaced hands its focus to the one with the
 * same `data-` attribute `key`.
 */
export function updateRows(body: HTMLTableSectionElement, rows: readonly HTMLElement[], key: string): void {
	const focused = body.contains(document.activeElement) ? document.activeElement?.getAttribute(key) : undefined;
	for (const [index, row] of rows.entries()) {
		const present = body.rows[index];
		if (!present) body.append(row);
		else if (!present.isEqualNode(row)) present.replaceWith(row);
	}
	while (body.rows.length > rows.length) body.deleteRow(-1);
	if (!focused || document.activeElement?.getAttribute(key) === focused) return;
	body.querySelector<HTMLElement>(`[${key}="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

/** Puts the focus to the first button of a table, or to the table where none is there yet. */
export function focusTable(scroll: HTMLElement, body: HTMLTableSectionElement): void {
	(body.querySelector<HTMLElement>("button") ?? scroll).focus();
}
