import type { ErrorData } from "../../../shared/errors";
import type { MapFrame, ProcessHeader, SampleInfo, ViewStatus } from "../../../shared/mapFrame";
import type { MapPanelSettings } from "../../../shared/mapPanel";
import type { PageBytes } from "../../../shared/pageBytes";
import { visibleText } from "../../../shared/text";
import { formatCount, formatDuration } from "../../../shared/units";
import type { IconName } from "../../ui/icons";
import { countDifferences } from "../byteRows";

/** What the notice's button does. */
export type NoticeAction = "retry" | "explainAccess" | "watchNext";

/** What one can do about a process that is gone. */
export const watchNextAction = { label: "Watch next with this name", id: "watchNext" } as const;

/** A sentence where the data would be, or above it. */
export interface Notice {
	readonly icon: IconName;
	readonly text: string;
	/** Of lesser weight, after the text or below it. */
	readonly detail?: string;
	readonly action?: { readonly label: string; readonly id: NoticeAction };
	/** It takes the place of the picture; else it stands above it. */
	readonly instead: boolean;
	readonly severity: "info" | "warning" | "error";
	/** It tells of something that has passed, and may be closed. */
	readonly closes?: boolean;
}

/** `14:02:11`, in the person's own time. */
export function clockTime(milliseconds: number): string {
	const date = new Date(milliseconds);
	return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

/** The notice for the state of the view; undefined when all is well. */
export function statusNotice(status: ViewStatus, process: ProcessHeader): Notice | undefined {
	const name = visibleText(process.name);
	switch (status.kind) {
		case "ok":
			return undefined;
		case "ended":
			return {
				icon: "circle-slash",
				text: `Ended at ${clockTime(status.time)}. This is the last sample.`,
				action: watchNextAction,
				instead: false,
				severity: "info",
			};
		case "replaced":
			return {
				icon: "history",
				text: `Became ${name} at ${clockTime(status.time)}.`,
				detail: `It called exec: the address space of ${visibleText(status.formerName)} is gone and this is a new one.`,
				instead: false,
				severity: "info",
				closes: true,
			};
		case "denied":
			return {
				icon: "lock",
				...deniedWords(status.error, process),
				instead: true,
				severity: "info",
			};
		case "partlyDenied":
			return {
				icon: "lock",
				text: `The mappings of PID ${process.pid} may be read, but not the states of its pages.`,
				detail: errorWords(status.error),
				action: { label: "How to allow this", id: "explainAccess" },
				instead: false,
				severity: "warning",
			};
		case "empty":
			return { icon: "info", text: emptyWords(status.why, process), instead: true, severity: "info" };
		case "restarted":
			return {
				icon: "warning",
				text: `Reading stopped at ${clockTime(status.time)} and was started again.`,
				instead: false,
				severity: "warning",
				closes: true,
			};
	}
}

/** What the picture lacks; undefined when it is complete. */
export function incompleteNotice({ unreadLines = 0, unsteady }: SampleInfo): Notice | undefined {
	if (unsteady) {
		return {
			icon: "warning",
			text: "This picture may mix two programs: the process calls exec faster than it can be read.",
			instead: false,
			severity: "warning",
			closes: true,
		};
	}
	if (unreadLines === 0) return undefined;
	const lines = unreadLines === 1 ? "One line" : `${formatCount(unreadLines)} lines`;
	return {
		icon: "warning",
		text: `This picture is incomplete: ${lines} of the kernel's text could not be read.`,
		detail: "Please report it with the text that “Open maps as text” shows.",
		instead: false,
		severity: "warning",
		closes: true,
	};
}

/** Share of `vm.max_map_count` from which the count of mappings is a warning. */
export const crowded = 0.8;

/** That the process comes near the limit of mappings, and what most of them are of. */
export function crowdedNotice({ mappings, mappingLimit, mostMappings }: MapFrame["totals"]): Notice | undefined {
	if (mappingLimit === undefined || mappings < crowded * mappingLimit) return undefined;
	const names = mostMappings.map(({ name }) => visibleText(name));
	return {
		icon: "warning",
		text: `Near the limit of ${formatCount(mappingLimit)} mappings (vm.max_map_count), beyond which mmap fails with ENOMEM.`,
		...(names.length === 0 ? {} : { detail: `Most of them: ${names.join(", ")}.` }),
		instead: false,
		severity: "warning",
		closes: true,
	};
}

function deniedWords(error: ErrorData, process: ProcessHeader): Pick<Notice, "text" | "detail" | "action"> {
	const explain = { label: "How to allow this", id: "explainAccess" } as const;
	if (error.code !== "permissionDenied")
		return { text: errorWords(error), action: { label: "Try again", id: "retry" } };
	return {
		text: `Mapscope may not read PID ${process.pid}. It belongs to ${visibleText(process.user)}.`,
		action: explain,
	};
}

function emptyWords(why: "kernelThread" | "zombie" | "exiting", process: ProcessHeader): string {
	switch (why) {
		case "kernelThread":
			return "This process has no address space: it is a kernel thread.";
		case "zombie":
			return `This process has no address space: it has ended and waits for its parent (PID ${process.parentPid}).`;
		case "exiting":
			return "This process has no address space any more: it is ending.";
	}
}

/** What stands in the place of a list that a filter has emptied. */
export function nothingMatches(filter: string): string {
	return filter === "" ? "No mapping is of these kinds." : `Nothing matches “${visibleText(filter)}”.`;
}

/** How to be allowed to read a process, a line for each way. */
export const accessWays: readonly string[] = [
	"Linux lets you read the memory map of your own processes, unless they run with raised privileges.",
	"For the processes of others, VS Code (on a remote machine: its server) has to run as the same user or as root.",
	"In a container, the process must also be visible: share the PID namespace (docker run --pid=host) and allow SYS_PTRACE.",
];

/** An error in this view: what happened, and what to do next. */
export function errorWords(error: ErrorData): string {
	const path = error.path === undefined ? "" : ` ${visibleText(error.path)}`;
	switch (error.code) {
		case "permissionDenied":
			return `Permission denied${path === "" ? "" : ` for${path}`}. Only the owner of the process and root may read this.`;
		case "processGone":
			return "The process has ended. Choose another one in the Processes view.";
		case "unsupported":
			return `This machine does not support ${visibleText(error.feature ?? "this")}. A newer Linux kernel may.`;
		case "io":
			return `Reading${path} failed${error.errno === undefined ? "" : ` with ${visibleText(error.errno)}`}. Refresh to try again.`;
		case "bug":
			return "Mapscope made a mistake. Refresh to try again; the Mapscope output channel has the details.";
	}
}

/** Why the bytes of a page are not shown. */
export function bytesErrorWords(error: ErrorData): string {
	if (error.code === "permissionDenied") return "These bytes cannot be read: permission denied.";
	if (error.code === "processGone") return "These bytes cannot be read: the process has ended.";
	return `These bytes cannot be read: ${visibleText(error.errno ?? error.feature ?? "the reader failed")}.`;
}

/** How the bytes of a page compare with those of the file that it is a private mapping of; "" where there is no file. */
export function comparisonWords({ bytes, file }: PageBytes): string {
	if (file === undefined) return "";
	const count = countDifferences(bytes, file);
	if (count === 0) return "The same bytes as in the file.";
	if (count === 1) return "1 byte differs from the file; it is marked.";
	return `${formatCount(count)} bytes differ from the file; they are marked.`;
}

/** A period for people: `1 s`, `2.4 s`, `500 ms`. */
export function periodWords(milliseconds: number): string {
	return milliseconds < 1000 ? `${milliseconds} ms` : formatDuration(Math.round(milliseconds / 100) * 100);
}

/** The text of the live button and what its tooltip says. */
export function liveWords(
	settings: MapPanelSettings,
	sample: SampleInfo | undefined,
	ended: boolean,
): { readonly label: string; readonly tip: string } {
	const cost = sample === undefined ? "" : `The last sample took ${formatDuration(sample.cost.total)}.`;
	const at = sample === undefined ? "" : ` This is the sample of ${clockTime(sample.time)}.`;
	if (ended) return { label: "Ended", tip: `There is nothing to sample any more.${at}` };
	if (!settings.live) return { label: "Paused", tip: `Live is off.${at} ${cost}`.trim() };
	const stretched = settings.effectivePeriod > settings.period * 1.05;
	const period = periodWords(stretched ? settings.effectivePeriod : settings.period);
	const why = stretched
		? ` You asked for ${periodWords(settings.period)}; at most 3 % of the time goes into reading.`
		: "";
	return { label: `Live ${period}`, tip: `A new sample every ${period}. ${cost}${why}`.trim() };
}

/** What a process of a program made of several says of itself on its command line, as browsers do: `renderer`. */
export function processType(commandLine: readonly string[]): string | undefined {
	// Such programs write their title over their arguments, which makes one argument of all.
	const line = commandLine.join(" ");
	const value = (option: string) => new RegExp(`(?:^| )--${option}=([^ ]{1,60})`).exec(line)?.[1];
	// `network.mojom.NetworkService` of a utility process says more than `utility`.
	const type = value("utility-sub-type")?.split(".").at(-1) ?? value("type");
	return type === undefined ? undefined : visibleText(type);
}
