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
	const file = { label: chosen === undefined ? "A file…" : "Another file…" };
	const folder = { label: "A folder…", detail: "No folder can be mapped: see what the kernel says." };
	const scratch = { label: "A scratch file", detail: "Made anew at every start of the demo." };
	const choices = [file, ...(written === true ? [] : [folder]), ...(chosen === undefined ? [] : [scratch])];
	const choice = choices.length === 1 ? file : await window.showQuickPick(choices, { title });
	if (choice === undefined) return undefined;
	if (choice === scratch) return "";
	// A dialog of desktop VS Code on Linux offers files or folders, but not both.
	const picked = await window.showOpenDialog({
		title,
		openLabel: "Use in the Lab",
		defaultUri: startOf(chosen),
		canSelectFiles: choice === file,
		canSelectFolders: choice === folder,
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

/** Where to begin: beside the file that is chosen, or where the person works. */
function startOf(chosen: string | undefined): Uri {
	if (chosen !== undefined) return Uri.file(dirname(chosen));
	return workspace.workspaceFolders?.[0]?.uri ?? Uri.file(homedir());
}
