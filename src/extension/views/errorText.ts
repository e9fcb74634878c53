import type { ErrorData } from "../../shared/errors";
import { withoutLinks } from "./hostileText";

/** An error as a person reads it: what happened, and what to do next. */
export interface ErrorText {
	readonly sentence: string;
	/** The log has more to say than the sentence. */
	readonly offerLog: boolean;
}

/** Whom an error is about, when that is known. */
export interface ErrorSubject {
	readonly pid: number;
	/** Hostile text. */
	readonly name?: string;
	readonly user?: string;
	/** The process belongs to the user that VS Code runs as. */
	readonly own?: boolean;
}

/** The sentence for `error`; safe to show in a notification whatever the names in it. */
export function errorText(error: ErrorData, subject?: ErrorSubject): ErrorText {
	const text = (sentence: string, offerLog = false) => ({ sentence: withoutLinks(sentence), offerLog });
	switch (error.code) {
		case "permissionDenied":
			return text(deniedSentence(error, subject));
		case "processGone":
			return text(`${capitalised(subjectName(error, subject))} has ended.`);
		case "unsupported":
			return text(unsupportedSentence(error));
		case "io":
			if (error.path === undefined) return text("Reading stopped and was started again.", true);
			return text(`${error.path} could not be read: ${error.errno ?? "input/output error"}.`, true);
		case "bug":
			return text("Mapscope made a mistake. Its log says which; a report helps to mend it.", true);
	}
}

function deniedSentence(error: ErrorData, subject: ErrorSubject | undefined): string {
	const who = subjectName(error, subject);
	if (subject?.own) {
		return `Mapscope may not read ${who}: it protects its memory from other processes of its user. Run VS Code as root to read it.`;
	}
	if (pidOf(error, subject) === undefined) {
		return `Mapscope may not read ${error.path ?? "this"}. Run VS Code as a user who may.`;
	}
	const owner = subject?.user === undefined ? "" : ` It belongs to ${subject.user}.`;
	const remedy =
		subject?.user === undefined || subject.user === "root"
			? "Run VS Code as root to read it."
			: `Run VS Code as ${subject.user} or root to read it.`;
	return `Mapscope may not read ${who}.${owner} ${remedy}`;
}

function unsupportedSentence({ feature }: ErrorData): string {
	if (feature === "linux") return notLinuxSentence;
	if (feature === "koffi") return "Mapscope has no native part for this platform; what plain file reads give is shown.";
	if (feature === "labCalls") return "The lab makes native calls, and Mapscope has no native part for this platform.";
	if (feature === "labMemory") {
		return "The lab process could not be started: the limit on address space is too low (ulimit -v).";
	}
	if (feature === "labScratch") return labScratchSentence;
	if (feature === undefined) return "This kernel does not offer what is needed here.";
	return `This kernel does not offer ${feature}.`;
}

const labScratchSentence =
	"The lab found no folder for its scratch file that it can write to and other users cannot change. Choose a file, or set TMPDIR to a folder that only you can write to and start VS Code again. The Mapscope output channel lists what was tried.";

/** What every command says on a machine that is not Linux. */
export const notLinuxSentence =
	"Live processes need Linux. Connect to a Linux machine, a container or WSL; Mapscope then runs there.";

/** What a sentence calls the process: `process 42 (bash)`, `process 42` or `the process`. */
function subjectName(error: ErrorData, subject: ErrorSubject | undefined): string {
	const pid = pidOf(error, subject);
	if (pid === undefined) return "the process";
	return subject?.name ? `process ${pid} (${subject.name})` : `process ${pid}`;
}

function pidOf(error: ErrorData, subject: ErrorSubject | undefined): number | undefined {
	if (subject) return subject.pid;
	const pid = /^\/proc\/(\d+)(?:\/|$)/.exec(error.path ?? "")?.[1];
	return pid === undefined ? undefined : Number(pid);
}

function capitalised(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
