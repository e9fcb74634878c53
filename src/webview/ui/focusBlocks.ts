/** A part of the page that F6 comes by. */
export interface FocusBlock {
	readonly node: HTMLElement;
	/** Takes the keyboard focus; false when there is nothing to focus now. */
	focus(): boolean;
}

/** F6: to the next visible block; false after the last one, from where VS Code goes on to its own parts. */
export function focusNextBlock(all: readonly FocusBlock[], step: 1 | -1): boolean {
	const blocks = all.filter(({ node }) => !node.hidden && node.offsetParent !== null);
	const at = blocks.findIndex(({ node }) => node.contains(document.activeElement));
	const first = at < 0 && step === -1 ? blocks.length - 1 : at + step;
	const onwards = step === 1 ? blocks.slice(first) : blocks.slice(0, first + 1).reverse();
	return onwards.some((block) => block.focus());
}
