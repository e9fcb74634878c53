import { homedir } from "node:os";
import { dirname } from "node:path";
import { Uri, window, workspace } from "vscode";
import type { DemoParameter } from "../../../shared/labDemo";
import { withoutLinks } from "../hostileText";

type FileParameter = Omit<Extract<DemoParameter, { kind: "file" }>, "name">;

/**
 * Asks which file a demo should work on, `chosen` being the one of the person's own that it works on now. Resolves with its
 * path, `""` for a scratch file, `undefined` when the person leaves. A demo that writes to the file takes one of the
 * person's own only after a question.
 */
export async function pickLabFile(
	{ title, written }: FileParameter,
	chosen: string | undefined,
): Promise<string | undefined> {
	if (chosen !== undefined) {
		const own = "Another file…";
		const scratch = "A scratch file, made anew at every start";
		const choice = await window.showQuickPick([own, scratch], { title });
		if (choice === undefined) return undefined;
		if (choice === scratch) return "";
	}
	const picked = await window.showOpenDialog({
		title,
		openLabel: "Use in the Lab",
		defaultUri:
			chosen === undefined ? (workspace.workspaceFolders?.[0]?.uri ?? Uri.file(homedir())) : Uri.file(dirname(chosen)),
		canSelectFiles: true,
		// What the kernel says of a folder is a lesson, too.
		canSelectFolders: written !== true,
	});
	const path = picked?.[0]?.fsPath;
	if (path === undefined || written !== true) return path;
	const use = "Let the Demo Write to It";
	const answer = await window.showWarningMessage(
		`This demo writes to ${withoutLinks(path)}.`,
		{ modal: true, detail: "What is written there is written for good. A scratch file would be safe." },
		use,
	);
	return answer === use ? path : undefined;
}
