import type { ListOrder } from "../../shared/mapFrame";
import type { PageState } from "../../shared/pageStates";
import { legendOrder } from "../words/names";

/** The part of a `KeyboardEvent` that decides. */
export interface KeyInput {
	readonly key: string;
	readonly ctrlKey: boolean;
	readonly metaKey: boolean;
	readonly shiftKey: boolean;
	readonly altKey: boolean;
}

/** Keys that work everywhere in the map but in the find box. */
export type GlobalCommand =
	| { readonly kind: "find" | "live" | "goTo" }
	| { readonly kind: "block"; readonly step: 1 | -1 }
	| { readonly kind: "state"; readonly state: PageState };

/** What a key does wherever the focus is; undefined when it is not ours. `typing`: the focus is in a text field. */
export function globalCommand(input: KeyInput, typing: boolean): GlobalCommand | undefined {
	const { key, shiftKey, altKey } = input;
	const command = input.ctrlKey || input.metaKey;
	if (key === "F6") return { kind: "block", step: shiftKey ? -1 : 1 };
	if (command && !altKey && key.toLowerCase() === "f") return { kind: "find" };
	if (typing || command || altKey) return undefined;
	if (key === "/") return { kind: "find" };
	if (key.toLowerCase() === "l") return { kind: "live" };
	if (key.toLowerCase() === "g") return { kind: "goTo" };
	const state = /^[1-9]$/.test(key) ? legendOrder[Number(key) - 1] : undefined;
	return state === undefined ? undefined : { kind: "state", state };
}

export type ListCommand =
	/** To another row: by so many rows, by screens, or to an end. */
	| { readonly kind: "row"; readonly by: "row" | "screen" | "end"; readonly step: 1 | -1 }
	| { readonly kind: "fold"; readonly unfolded: boolean }
	| { readonly kind: "parent" | "firstChild" | "enterStrip" | "leaveStrip" | "openPages" | "back" | "menu" }
	| { readonly kind: "page"; readonly by: "page" | "change" | "end"; readonly step: 1 | -1 };

/** What the list's keys depend on. */
export interface ListContext {
	/** The focus is in the strip of the selected mapping, on a page. */
	readonly inStrip: boolean;
	readonly row: { readonly type: "group" | "mapping"; readonly unfolded: boolean; readonly depth: number } | undefined;
}

/** What a key does in the list of mappings; undefined when it does nothing there. */
export function listCommand(input: KeyInput, context: ListContext): ListCommand | undefined {
	if (input.altKey || input.metaKey) return undefined;
	const { row, inStrip } = context;
	switch (input.key) {
		case "ArrowDown":
			return { kind: "row", by: "row", step: 1 };
		case "ArrowUp":
			return { kind: "row", by: "row", step: -1 };
		case "PageDown":
			return { kind: "row", by: "screen", step: 1 };
		case "PageUp":
			return { kind: "row", by: "screen", step: -1 };
		case "Home":
		case "End": {
			const step = input.key === "End" ? 1 : -1;
			return inStrip ? { kind: "page", by: "end", step } : { kind: "row", by: "end", step };
		}
		case "ArrowRight":
		case "ArrowLeft":
			return sideways(input.key === "ArrowRight" ? 1 : -1, input.ctrlKey, context);
		case "Enter":
			if (row?.type === "group") return row.unfolded ? { kind: "firstChild" } : { kind: "fold", unfolded: true };
			return row && { kind: "openPages" };
		case " ":
			return row?.type === "group" ? { kind: "fold", unfolded: !row.unfolded } : undefined;
		case "Escape":
		case "Backspace":
			return { kind: inStrip ? "leaveStrip" : "back" };
		case "ContextMenu":
			return { kind: "menu" };
		case "F10":
			return input.shiftKey ? { kind: "menu" } : undefined;
		default:
			return undefined;
	}
}

function sideways(step: 1 | -1, control: boolean, { inStrip, row }: ListContext): ListCommand | undefined {
	if (inStrip) return { kind: "page", by: control ? "change" : "page", step };
	if (!row) return undefined;
	if (row.type === "mapping") {
		if (step === 1) return { kind: "enterStrip" };
		return row.depth > 0 ? { kind: "parent" } : undefined;
	}
	if (step === 1) return row.unfolded ? { kind: "firstChild" } : { kind: "fold", unfolded: true };
	return row.unfolded ? { kind: "fold", unfolded: false } : undefined;
}

export type PageViewCommand =
	| { readonly kind: "page"; readonly by: "page" | "row" | "screen" | "change" | "end"; readonly step: 1 | -1 }
	| { readonly kind: "bytes" | "back" | "menu" };

/** What a key does in the page view. */
export function pageViewCommand(input: KeyInput): PageViewCommand | undefined {
	if (input.altKey || input.metaKey) return undefined;
	switch (input.key) {
		case "ArrowRight":
			return { kind: "page", by: input.ctrlKey ? "change" : "page", step: 1 };
		case "ArrowLeft":
			return { kind: "page", by: input.ctrlKey ? "change" : "page", step: -1 };
		case "ArrowDown":
			return { kind: "page", by: "row", step: 1 };
		case "ArrowUp":
			return { kind: "page", by: "row", step: -1 };
		case "PageDown":
			return { kind: "page", by: "screen", step: 1 };
		case "PageUp":
			return { kind: "page", by: "screen", step: -1 };
		case "End":
			return { kind: "page", by: "end", step: 1 };
		case "Home":
			return { kind: "page", by: "end", step: -1 };
		case "Enter":
			return { kind: "bytes" };
		case "Escape":
		case "Backspace":
			return { kind: "back" };
		case "ContextMenu":
			return { kind: "menu" };
		case "F10":
			return input.shiftKey ? { kind: "menu" } : undefined;
		default:
			return undefined;
	}
}

/** The next of a few choices with arrow keys, going round: radio tabs and legend entries. */
export function nextIndex(key: string, index: number, count: number): number | undefined {
	if (count === 0) return undefined;
	if (key === "ArrowRight" || key === "ArrowDown") return (index + 1) % count;
	if (key === "ArrowLeft" || key === "ArrowUp") return (index - 1 + count) % count;
	if (key === "Home") return 0;
	if (key === "End") return count - 1;
	return undefined;
}

/** The orders in which the list's menu offers them. */
export const orderChoices: readonly ListOrder[] = ["resident", "size", "address"];
