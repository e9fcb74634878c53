import type { ErrorData } from "../../../shared/errors";
import { visibleText } from "../../../shared/text";

/** Why the lab cannot run, and what to do about it. */
export function troubleWords(error: ErrorData): string {
	switch (error.code) {
		case "unsupported":
			if (error.feature === "linux")
				return "The lab makes Linux system calls. Connect this window to a Linux machine, a container or WSL.";
			if (error.feature === "labMemory")
				return "A limit of the address space is too low for the lab process (ulimit -v). Raise it and start VS Code again.";
			if (error.feature === "labScratch")
				return "The lab found no folder for its scratch file that it can write to and other users cannot change. Choose a file, or set TMPDIR to a folder that only you can write to and start VS Code again. The Mapscope output channel lists what was tried.";
			if (error.feature === "koffi" || error.feature === "labCalls")
				return "The lab has no native part for this platform, so it cannot make system calls here.";
			return `This machine does not offer ${visibleText(error.feature ?? "what the lab needs")}.`;
		case "permissionDenied":
			return `The lab may not use ${visibleText(error.path ?? "what it needs")}.`;
		case "processGone":
			return "The lab process ended. Reset starts it again.";
		case "io":
			return `${error.path === undefined ? "The lab" : visibleText(error.path)} failed${error.errno === undefined ? "" : ` with ${visibleText(error.errno)}`}. Reset tries again.`;
		case "bug":
			return "Mapscope made a mistake. Reset tries again; the Mapscope output channel has the details.";
	}
}
