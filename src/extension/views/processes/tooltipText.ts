import { formatBytes, formatCount, hexAddress } from "../../../shared/units";
import type { ProcessSummary } from "../../memory/model";
import { codeSpan, plainMarkdown } from "../hostileText";
import { isWritableExecutable, permissionWords } from "../permissionWords";
import { families, residentOf } from "./groupRows";
import { processNotice } from "./processRows";
import type { NodeSubject } from "./treeNode";

/** What turns ticks since boot into a time of day, and whose processes are one's own. */
export interface TooltipContext {
	/** Wall clock of the boot, ms since the epoch. */
	readonly bootTime: number;
	readonly ownUid: number | undefined;
}

/** Clock ticks per second in `/proc`: USER_HZ, which is 100 on every architecture that VS Code runs on. */
const ticksPerSecond = 100;

const longestCommandLine = 400;

const stateNames: Readonly<Record<string, string>> = {
	R: "running",
	S: "sleeping",
	D: "waiting for a device, cannot be interrupted",
	T: "stopped by a signal",
	t: "stopped by a debugger",
	Z: "ended, waits for its parent",
	X: "ended",
	I: "idle kernel thread",
};

type Fact = readonly [name: string, value: string];

/** Markdown of a row's tooltip with every field that is known; names of other processes stand in code spans only. */
export function tooltipText(subject: NodeSubject, context: TooltipContext): string {
	switch (subject.kind) {
		case "process":
			return processTooltip(subject.process, subject.childProcesses, context);
		case "group":
			return groupTooltip(subject);
		case "mapping":
			return mappingTooltip(subject);
		case "more":
			return "Click or press Enter to show them.";
		case "notice":
			return plainMarkdown(subject.sentence);
	}
}

function processTooltip(process: ProcessSummary, childProcesses: number, context: TooltipContext): string {
	const notice = processNotice(process, context.ownUid);
	const started = new Date(context.bootTime + (Number(process.startTime) / ticksPerSecond) * 1000);
	return [
		`**${codeSpan(process.name)}**`,
		...(notice === undefined ? [] : [plainMarkdown(notice)]),
		facts([
			["PID", String(process.pid)],
			["Parent", String(process.parentPid)],
			...(childProcesses > 0 ? [["Children shown", formatCount(childProcesses)] as const] : []),
			["User", `${codeSpan(process.user)} (${process.uid})`],
			["State", stateNames[process.state] ?? codeSpan(process.state)],
			...(process.rss === undefined ? [] : [["Resident", bytes(process.rss)] as const]),
			["Started", started.toLocaleString("sv-SE")],
		]),
		...(process.commandLine.length === 0 ? [] : [codeSpan(shortened(process.commandLine.join(" ")))]),
	].join("\n\n");
}

function groupTooltip({ name, groups, process }: Extract<NodeSubject, { kind: "group" }>): string {
	const resident = residentOf(groups);
	const mappings = groups.reduce((sum, group) => sum + group.count, 0);
	const isFamily = families.some((family) => family.name === name);
	return [
		isFamily ? `**${name}** of ${codeSpan(process.name)}` : codeSpan(name),
		facts([
			["Size", bytes(groups.reduce((sum, group) => sum + group.size, 0))],
			...(resident === undefined ? [] : [["Resident", bytes(resident)] as const]),
			["Mappings", formatCount(mappings)],
		]),
	].join("\n\n");
}

function mappingTooltip(subject: Extract<NodeSubject, { kind: "mapping" }>): string {
	const { mapping, line, resident } = subject.mapping;
	const size = Number(mapping.end - mapping.start);
	const warning = isWritableExecutable(mapping.permissions) ? " **Writable and executable.**" : "";
	const optional = (name: string, value: string | number | undefined): Fact[] =>
		value === undefined || value === "" ? [] : [[name, codeSpan(String(value))]];
	return [
		`**${codeSpan(mapping.label || mapping.kind)}**`,
		facts([
			["Range", `\`${hexAddress(mapping.start)}–${hexAddress(mapping.end)}\``],
			["Size", `${bytes(size)}, ${pages(size, subject.pageSize)}`],
			...(resident === undefined
				? []
				: [["Resident", `${bytes(resident)}, ${pages(resident, subject.pageSize)}`] as const]),
			["Permissions", `\`${mapping.permissions}\` ${permissionWords(mapping.permissions)}.${warning}`],
			...optional("Name", mapping.name),
			...(mapping.deleted ? [goneFact(mapping.replaced)] : []),
			...(mapping.inode === 0n
				? []
				: [
						["File offset", `\`0x${mapping.offset.toString(16)}\``] as const,
						["Device", codeSpan(mapping.device)] as const,
						["Inode", String(mapping.inode)] as const,
					]),
			...optional("Module", mapping.module),
			...optional("Thread", mapping.threadId),
			...optional("Flags", mapping.vmFlags?.join(" ")),
		]),
		codeSpan(line),
	].join("\n\n");
}

function goneFact(replaced: boolean | undefined): Fact {
	return replaced
		? ["Replaced", "another file has taken its name; this mapping keeps the former content"]
		: ["Deleted", "the file was removed; this mapping keeps its content"];
}

/** A browser's command line would push everything else off the screen. */
function shortened(text: string): string {
	return text.length <= longestCommandLine ? text : `${text.slice(0, longestCommandLine)}…`;
}

/** One fact a line; two spaces before a line feed are a line break in Markdown. */
function facts(list: readonly Fact[]): string {
	return list.map(([name, value]) => `${name}: ${value}`).join("  \n");
}

function bytes(value: number): string {
	return value < 1000 ? formatBytes(value) : `${formatBytes(value)} (${formatCount(value)} bytes)`;
}

function pages(size: number, pageSize: number): string {
	const count = Math.round(size / pageSize);
	return `${formatCount(count)} page${count === 1 ? "" : "s"}`;
}
