import { element } from "./element";

/** Code points of the codicons in use; a test holds them against the font's own table. */
export const codePoints = {
	"arrow-left": 0xea9b,
	"arrow-right": 0xea9c,
	beaker: 0xea79,
	book: 0xeaa4,
	broadcast: 0xeaad,
	check: 0xeab2,
	"chevron-down": 0xeab4,
	"chevron-right": 0xeab6,
	"chevron-up": 0xeab7,
	"circle-large": 0xebb5,
	circle: 0xeabc,
	"circle-filled": 0xea71,
	"circle-slash": 0xeabd,
	"circuit-board": 0xeabe,
	close: 0xea76,
	copy: 0xebcc,
	dash: 0xeacc,
	"debug-pause": 0xead1,
	"debug-restart": 0xead2,
	"debug-step-over": 0xead6,
	"debug-stop": 0xead7,
	discard: 0xeae2,
	edit: 0xea73,
	ellipsis: 0xea7c,
	error: 0xea87,
	eye: 0xea70,
	"eye-closed": 0xeae7,
	file: 0xea7b,
	"file-binary": 0xeae8,
	"folder-opened": 0xeaf7,
	gear: 0xeaf8,
	"go-to-file": 0xea94,
	history: 0xea82,
	info: 0xea74,
	layers: 0xebd2,
	library: 0xeb9c,
	"link-external": 0xeb14,
	"list-flat": 0xeb84,
	loading: 0xeb19,
	lock: 0xea75,
	package: 0xeb29,
	pass: 0xeba4,
	"pass-filled": 0xebb3,
	play: 0xeb2c,
	references: 0xeb36,
	refresh: 0xeb37,
	"run-all": 0xeb9e,
	search: 0xea6d,
	"server-process": 0xeba2,
	shield: 0xeb53,
	"symbol-array": 0xea8a,
	"symbol-constant": 0xeb5d,
	"symbol-field": 0xeb5f,
	"symbol-method": 0xea8c,
	"symbol-misc": 0xeb63,
	"symbol-variable": 0xea88,
	table: 0xebb7,
	warning: 0xea6c,
} as const;

export type IconName = keyof typeof codePoints;

/** An icon, hidden from screen readers: what it means is said by the text or label beside it. */
export function icon(name: IconName): HTMLSpanElement {
	const span = element("span", { class: "icon", "aria-hidden": "true" });
	setIcon(span, name);
	return span;
}

/** Changes an {@link icon}. */
export function setIcon(span: HTMLSpanElement, name: IconName): void {
	const text = String.fromCodePoint(codePoints[name]);
	if (span.textContent !== text) span.textContent = text;
}
