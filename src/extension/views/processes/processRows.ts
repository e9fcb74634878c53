import type { ErrorData } from "../../../shared/errors";
import { visibleText } from "../../../shared/text";
import { formatBytes, formatCount } from "../../../shared/units";
import { viewItems } from "../../contributions";
import type { ProcessSummary } from "../../memory/model";
import { errorText } from "../errorText";
import { commandHint } from "./commandHint";
import { type NodeSubject, processId, type TreeNode } from "./treeNode";

/** The row of a process. `childProcesses` is how many are folded under it, 0 in the flat list. */
export function processRow(
	process: ProcessSummary,
	ownUid: number | undefined,
	childProcesses: number,
	parent?: string,
): TreeNode {
	const name = processLabel(process);
	const hint = visibleText(commandHint(process));
	const resident = process.rss === undefined ? [] : [formatBytes(process.rss)];
	const others = process.uid === ownUid ? [] : [visibleText(process.user)];
	const children = childProcesses === 0 ? [] : [`${formatCount(childProcesses)} ${plural("child", childProcesses)}`];
	const state = stateWord(process);
	return {
		id: processId(process),
		...(parent === undefined ? {} : { parent }),
		label: name,
		// What every row has comes first: a narrow side bar cuts off the end.
		description: [process.pid, ...resident, ...others, ...state, ...children, ...(hint ? [hint] : [])].join(" · "),
		icon: processIcon(process),
		context: process.readable ? viewItems.process : viewItems.processUnreadable,
		expandable: true,
		spoken: [
			name,
			...(hint ? [hint] : []),
			`process ${process.pid}`,
			...resident.map((size) => `${size} resident`),
			...others.map((user) => `user ${user}`),
			...state,
			...children,
			...(process.readable ? [] : ["cannot be read"]),
		].join(", "),
		subject: { kind: "process", process, childProcesses },
	};
}

/** The row that stands for processes not shown under `parent`; "" for the roots. */
export function moreProcessesRow(parent: string, rest: readonly ProcessSummary[]): TreeNode {
	const label = `${formatCount(rest.length)} more`;
	// A sum would count what they share several times.
	const largest = rest.reduce((most, { rss }) => Math.max(most, rss ?? 0), 0);
	const description = largest === 0 ? "" : `each ${formatBytes(largest)} or less`;
	return {
		id: parent === "" ? "more" : `${parent}/more`,
		...(parent === "" ? {} : { parent }),
		label,
		description,
		icon: "",
		context: viewItems.more,
		expandable: false,
		spoken: [label, description, "press Enter to show them"].filter(Boolean).join(", "),
		subject: { kind: "more", of: parent },
	};
}

/** Whether the row of `subject` would look the same for `process`: most processes do nothing between two refreshes. */
export function sameProcess(subject: NodeSubject, process: ProcessSummary, childProcesses: number): boolean {
	if (subject.kind !== "process" || subject.childProcesses !== childProcesses) return false;
	const former = subject.process;
	return (
		former.rss === process.rss &&
		former.state === process.state &&
		former.name === process.name &&
		former.parentPid === process.parentPid &&
		former.readable === process.readable &&
		former.uid === process.uid &&
		former.commandLine.length === process.commandLine.length &&
		former.commandLine.every((word, index) => word === process.commandLine[index])
	);
}

/** Name of a process with hostile characters made visible; a process may call itself nothing at all. */
export function processLabel({ name, pid }: Pick<ProcessSummary, "name" | "pid">): string {
	return visibleText(name).trim() === "" ? `(unnamed ${pid})` : visibleText(name);
}

/** The one row below a process that has no mappings to show, with the sentence that says why. */
export function noticeRow(process: ProcessSummary, sentence: string, icon: string): TreeNode {
	return {
		id: `${processId(process)}/notice`,
		parent: processId(process),
		label: sentence,
		description: "",
		icon,
		context: viewItems.notice,
		expandable: false,
		spoken: sentence,
		subject: { kind: "notice", process, sentence },
	};
}

/** Why a process has no mappings to show, before asking for them; `undefined` when it should have some. */
export function processNotice(process: ProcessSummary, ownUid: number | undefined): string | undefined {
	if (process.kernelThread) return "This process has no address space: it is a kernel thread.";
	if (hasEnded(process)) {
		return `This process has no address space: it has ended and waits for its parent (${process.parentPid}).`;
	}
	if (process.readable) return undefined;
	return failureNotice({ code: "permissionDenied" }, process, ownUid);
}

/** Why the mappings of `process` could not be read. */
export function failureNotice(error: ErrorData, process: ProcessSummary, ownUid: number | undefined): string {
	const { pid, user, uid } = process;
	return errorText(error, { pid, name: processLabel(process), user: visibleText(user), own: uid === ownUid }).sentence;
}

/** A process that has ended and stays listed until its parent asks how. */
export function hasEnded({ state }: ProcessSummary): boolean {
	return state === "Z" || state === "X";
}

function processIcon(process: ProcessSummary): string {
	if (process.kernelThread) return "gear";
	if (hasEnded(process)) return "circle-slash";
	return process.readable ? "server-process" : "lock";
}

function stateWord(process: ProcessSummary): string[] {
	if (hasEnded(process)) return ["ended"];
	if (process.state === "T") return ["stopped"];
	if (process.state === "t") return ["stopped by a debugger"];
	return [];
}

function plural(noun: "child", count: number): string {
	return count === 1 ? noun : "children";
}
