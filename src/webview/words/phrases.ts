import { formatCount } from "../../shared/units";

/** A piece of a sentence: plain, stressed, or in the editor's font. */
export type Phrase = string | { readonly strong: string } | { readonly code: string };

/** A sentence as plain text, for screen readers and the clipboard. */
export function plainText(phrases: readonly Phrase[]): string {
	return phrases
		.map((phrase) => (typeof phrase === "string" ? phrase : "strong" in phrase ? phrase.strong : phrase.code))
		.join("");
}

/** `1 page`, `57,624 pages`. */
export function pageCount(pages: number): string {
	return pages === 1 ? "1 page" : `${formatCount(pages)} pages`;
}

/** `1 mapping`, `740 mappings`. */
export function mappingCount(mappings: number): string {
	return mappings === 1 ? "1 mapping" : `${formatCount(mappings)} mappings`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
	if (words.length < 2) return words.join("");
	return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** A share in per cent, `<1` for a little and never 100 for less than all. */
export function percent(part: number, whole: number): string {
	if (part === 0 || whole === 0) return "0 %";
	const value = (part / whole) * 100;
	if (value < 1) return "<1 %";
	return `${part < whole ? Math.min(99, Math.round(value)) : 100} %`;
}

/** The last part of a path; names that are not paths stay whole. */
export function baseName(name: string): string {
	return name.startsWith("/") ? name.slice(name.lastIndexOf("/") + 1) || name : name;
}

/** First letter in upper case. */
export function sentenceCase(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
