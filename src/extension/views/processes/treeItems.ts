import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from "vscode";
import { commands } from "../../contributions";
import { type TooltipContext, tooltipText } from "./tooltipText";
import type { NodeSubject, TreeNode } from "./treeNode";

/** VS Code's item for a row, without its tooltip: that is resolved when it is hovered. */
export function treeItem(node: TreeNode): TreeItem {
	const item = new TreeItem(
		node.label,
		node.expandable ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None,
	);
	item.id = node.id;
	item.description = node.description;
	item.contextValue = node.context;
	item.accessibilityInformation = { label: node.spoken };
	// A colour of its own for each kind would compete with the colours of page states, so all icons have the plain one.
	if (node.icon !== "") item.iconPath = new ThemeIcon(node.icon, new ThemeColor("icon.foreground"));
	if (node.subject.kind === "more") {
		item.command = { command: commands.showMore, title: "Show More", arguments: [node.subject.of] };
	}
	return item;
}

/** The item of a row that vanished between VS Code learning its id and asking for it. */
export function vanishedItem(id: string): TreeItem {
	const item = new TreeItem("Ended");
	item.id = id;
	return item;
}

/** The tooltip of a row. It is not trusted and holds no HTML, whatever a process calls itself. */
export function tooltip(subject: NodeSubject, context: TooltipContext): MarkdownString {
	const markdown = new MarkdownString(tooltipText(subject, context));
	markdown.isTrusted = false;
	markdown.supportHtml = false;
	return markdown;
}
