import { visibleText } from "../../shared/text";

/**
 * Names of other processes inside VS Code's own widgets. Each widget reads a markup of its own, so each needs its own
 * escape; the webview needs none of these, because it writes `textContent` only.
 */

/** A Markdown code span that shows `text` as it is; "–" when it is empty. Code spans hold no link, icon or HTML. */
export function codeSpan(text: string): string {
	const shown = visibleText(text);
	if (shown.trim() === "") return shown === "" ? "–" : `\` ${"·".repeat(shown.length)} \``;
	const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
	const fence = "`".repeat(longest + 1);
	const padding = /^[`\s]|[`\s]$/.test(shown) ? " " : "";
	return fence + padding + shown + padding + fence;
}

/**
 * A sentence as Markdown that shows it as it is. (`MarkdownString.appendText` would make its spaces unbreakable, so that
 * no line wraps.)
 */
export function plainMarkdown(sentence: string): string {
	return visibleText(sentence).replace(/[\\`*_{}[\]()#+\-.!~<>|&:@/$]/g, "\\$&");
}

/** Text for quick picks, whose labels, descriptions and details turn `$(name)` into icons. */
export function withoutIcons(text: string): string {
	return visibleText(text).replaceAll("$(", "\\$(");
}

/** Text for notifications and input boxes, which turn `[text](command:…)` into links. */
export function withoutLinks(text: string): string {
	return visibleText(text).replaceAll("](", "] (");
}
