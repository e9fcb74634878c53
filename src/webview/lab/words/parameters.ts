import type { NumberParameter } from "../../../shared/labParameters";
import { formatCount } from "../../../shared/units";

/** What a parameter takes, when something else was typed: `Bytes to map takes a whole number from 1 to 256.` */
export function numberComplaint({ title, least, most }: NumberParameter): string {
	const from = least === undefined ? "" : ` from ${formatCount(least)}`;
	const to = most === undefined ? "" : ` to ${formatCount(most)}`;
	const range = from !== "" && to === "" ? `${from} on` : from === "" && to !== "" ? ` up${to}` : from + to;
	return `${title} takes a whole number${range}.`;
}

/** The integer that a text says, as people write it; undefined for any other text. */
export function wholeNumber(text: string): number | undefined {
	const digits = text.trim().replace(/^\u2212/, "-");
	return /^[+-]?\d+$/.test(digits) ? Number(digits) : undefined;
}
