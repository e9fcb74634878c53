/**
 * Text that comes from another process (comm, cmdline, path, `[anon:…]`) is hostile: it may hold control characters and
 * bidirectional marks that reorder what follows. This module makes them visible.
 */

// C0 and C1 controls, soft hyphen, zero-width and bidirectional formatting characters, line and paragraph separators,
// byte order mark, and lone surrogates.
const invisible =
	// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is its purpose
	/[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** `text` with every control, bidirectional or invisible character written as an escape such as `\n` or `\u{202e}`. */
export function visibleText(text: string): string {
	return text.replace(invisible, (character) => {
		if (character === "\n") return "\\n";
		if (character === "\t") return "\\t";
		if (character === "\r") return "\\r";
		return `\\u{${character.charCodeAt(0).toString(16)}}`;
	});
}
