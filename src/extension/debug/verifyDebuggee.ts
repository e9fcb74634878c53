import type { ElsewhereReason } from "../../shared/debug/stops";
import type { ProcessIdentity } from "../sampler/debuggeeProtocol";
import { type Fields, fieldsOf, listOf, textOf } from "./messages";

/** What is known of the process that a session should be about, besides its pid. */
export interface Expectation {
	/** Paths or names of the program, from the configuration and the adapter. */
	readonly programs: readonly string[];
	/** The session started it, and did so at this time (ms since 1970) or later; absent when it attached. */
	readonly launchedAfter?: number;
	/** Our own process, from which adapters and what they launch descend. */
	readonly self: number;
}

/** A process may be this much older than the session that started it, ms: start times are exact to hundredths. */
const slack = 5000;

/**
 * Why the process that has the pid is not the debuggee; undefined when it is. The pid may be counted in another pid
 * namespace (a container) or on another machine, where it means another process, and an emulator's memory is not the
 * memory of the program that it runs.
 */
export function whyElsewhere(identity: ProcessIdentity, expectation: Expectation): ElsewhereReason | undefined {
	const executable = baseName(identity.executable ?? "");
	const { launchedAfter } = expectation;
	const programs = expectation.programs.map(baseName).filter((name) => name !== "");
	// Whoever debugs the emulator itself names it.
	if (isEmulator(identity) && !programs.some((name) => name.startsWith("qemu-"))) return "emulated";
	// What a debugger here holds, and what descends from us, is of this machine without doubt.
	if (identity.tracer !== undefined || identity.ancestors.includes(expectation.self)) return undefined;
	if (launchedAfter !== undefined && identity.started < launchedAfter - slack) return "otherProgram";
	if (programs.length === 0) return undefined;
	const names = new Set([executable, ...identity.commandLine.map(baseName)].filter((name) => name !== ""));
	// A name in `comm` is cut after 15 bytes.
	const same = programs.some((name) => names.has(name) || name.slice(0, 15) === identity.name);
	return same ? undefined : "otherProgram";
}

/** Whether a process is an emulator of programs or of machines. */
export function isEmulator({ executable, name }: ProcessIdentity): boolean {
	return /^qemu-/.test(baseName(executable ?? "")) || /^qemu-/.test(name);
}

/** Programs that a launch configuration names. */
export function programsOf(configuration: Fields): string[] {
	return [configuration["program"], configuration["runtimeExecutable"], configuration["executable"]].flatMap(
		(value) => textOf(value) ?? [],
	);
}

/** The other machine that a configuration names, as it names it; undefined when it names none. Hostile text. */
export function remoteOf(configuration: Fields): string | undefined {
	const connect = fieldsOf(configuration["connect"]);
	const hosts = [
		connect["host"],
		configuration["host"],
		configuration["address"],
		configuration["gdb-remote-hostname"],
		hostOf(textOf(configuration["miDebuggerServerAddress"])),
		hostOf(/^\s*(?:extended-)?remote\s+(\S+)/.exec(textOf(configuration["target"]) ?? "")?.[1]),
	].flatMap((host) => textOf(host) ?? []);
	const far = hosts.find((host) => !isLoopback(host));
	if (far !== undefined) return far;
	const pipe = fieldsOf(configuration["pipeTransport"]);
	return textOf(pipe["pipeProgram"]) === undefined
		? undefined
		: [pipe["pipeProgram"], ...listOf(pipe["pipeArgs"])].filter((word) => typeof word === "string").join(" ");
}

/** `host` of `host:port`; undefined for a port alone and for other text. */
function hostOf(text: string | undefined): string | undefined {
	const [, host] = /^(?:tcp:)?(.*):\d+$/.exec(text ?? "") ?? [];
	return host === "" ? undefined : host;
}

function isLoopback(host: string): boolean {
	return /^(localhost|127(\.\d+){3}|\[?::1\]?|0\.0\.0\.0|)$/i.test(host);
}

function baseName(path: string): string {
	return path.slice(path.lastIndexOf("/") + 1);
}
