/**
 * Text that comes from another process (comm, cmdline, path, `[anon:…]`) is hostile: it may hold control characters and
 * bidirectional marks that reorder what follows. This module makes them visible.
 */

// Controls, lone surrogates, line and paragraph separators, and all that Unicode says a font need not draw: zero-width
// and bidirectional formatting characters, fillers, variation selectors, tags. Annotation marks are drawn by no font either.
const invisible = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** `text` with `write`'s text for every character that would act or reorder what follows, or cannot be seen. */
export function replaceInvisible(text: string, write: (character: string) => string): string {
	return text.replace(invisible, write);
}

/** `text` with every control, bidirectional or invisible character written as an escape such as `\n` or `\u{202e}`. */
export function visibleText(text: string): string {
	return replaceInvisible(text, (character) => {
		if (character === "\n") return "\\n";
		if (character === "\t") return "\\t";
		if (character === "\r") return "\\r";
		return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
	});
}
