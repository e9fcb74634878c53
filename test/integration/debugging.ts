import { strict as assert } from "node:assert";
import { execFile, execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type DebugConfiguration, debug, FunctionBreakpoint, Location, Position, SourceBreakpoint, Uri } from "vscode";
import type { DebugSettings } from "../../src/extension/debug/debuggee";
import { DebugSessions } from "../../src/extension/debug/debugSessions";
import { type Fields, fieldsOf } from "../../src/extension/debug/messages";
import { Sampler } from "../../src/extension/sampler/sampler";
import { debuggeeTree } from "../../src/extension/views/debug/debuggeeRows";
import { followSessions } from "../../src/extension/views/debug/followSessions";
import type { DebuggeeInfo, StopInfo } from "../../src/shared/debug/stops";
import { checkout } from "../support/checkout";
import { type Facts, parseFacts } from "../support/debuggeeFacts";
import { until } from "./until";

const run = promisify(execFile);

/** How long a debugger may take for anything, on a machine that has much else to do. */
export const patience = 60_000;

/** Bytes of a page here. */
export const pageSize = Number(execFileSync("getconf", ["PAGESIZE"], { encoding: "utf8" }));

/** Which of several debuggees is meant. */
export type Which = (info: DebuggeeInfo) => boolean;

/** The debuggee of the session with this name. */
export function named(name: string): Which {
	return ({ session }) => session.name === name;
}

/** A debug room of the test's own, which follows real sessions of this VS Code beside that of the extension. */
export class DebugRoom {
	settings: DebugSettings = { readAtStops: true, fingerprintBudget: 2000 };
	readonly log: string[] = [];
	readonly sampler: Sampler;
	readonly sessions: DebugSessions;
	readonly #follow: { dispose(): void };

	constructor() {
		const note = (message: string, ...details: unknown[]) => void this.log.push([message, ...details].join(" "));
		const log = { info: note, warn: note, error: note };
		this.sampler = new Sampler({ workerPath: join(checkout, "dist/sampler.js"), log });
		this.sessions = new DebugSessions({
			sampler: this.sampler,
			settings: () => this.settings,
			log,
			self: process.pid,
		});
		this.#follow = followSessions(this.sessions, log);
	}

	dispose(): void {
		this.#follow.dispose();
		this.sessions.dispose();
		this.sampler.dispose();
	}

	/** The one debuggee that has a process, or that of several which is meant. */
	debuggee(which: Which = () => true): DebuggeeInfo | undefined {
		return this.sessions.list().find((info) => info.process !== undefined && which(info));
	}

	/** Waits until a stop of that number is complete: read, with its place, and its explanation if it is a fault. */
	async stop(
		number: number,
		ready: (stop: StopInfo) => boolean = ({ place }) => place !== undefined,
		which?: Which,
	): Promise<StopInfo> {
		return await until(
			`stop ${number} (log: ${this.log.join("; ")})`,
			() => {
				const info = this.debuggee(which);
				const stop = info?.stops.find((each) => each.number === number);
				return stop && !info?.reading && ready(stop) ? stop : undefined;
			},
			patience,
		);
	}

	/** Continues the debuggee. */
	async resume(which?: Which): Promise<void> {
		await this.request("continue", { threadId: this.debuggee(which)?.stops.at(-1)?.threadId }, which);
	}

	/** Sends a request to the debuggee's adapter, and gives the body of its answer. */
	async request(command: string, parameters: Fields, which?: Which): Promise<Fields> {
		const info = this.debuggee(which);
		assert.ok(info);
		return fieldsOf(await this.sessions.debuggee(info.id).session.request(command, parameters));
	}

	/** What the Debuggee Mappings view says of its debuggees, a line for each, with the notices below it. */
	rows(): string[] {
		const { roots, rows, children } = debuggeeTree(this.sessions.list(), () => undefined);
		const ids = roots.flatMap((id) => [id, ...(children.get(id) ?? [])]);
		return ids.map((id) => [rows.get(id)?.label, rows.get(id)?.description].filter(Boolean).join(" "));
	}
}

/** Compiles `test/programs/debuggees/NAME.c` without optimisation; gives the path of the program. */
export async function compileDebuggee(
	name: string,
	flags: readonly string[] = [],
	folder = join(checkout, "out/programs"),
): Promise<string> {
	await mkdir(folder, { recursive: true });
	const binary = join(folder, `debuggee-${name}`);
	const source = join(checkout, `test/programs/debuggees/${name}.c`);
	await run("gcc", ["-O0", "-g", "-Wall", "-Wextra", "-Werror", ...flags, "-o", binary, source]);
	return binary;
}

/** What the tests of a suite have in common: there from its first hook of its own on. */
export interface Stage {
	readonly room: DebugRoom;
	/** For what debuggees write. */
	readonly folder: string;
}

/** Gives the suite that asks a room and a folder of its own, and lets no session outlive its test. */
export function makeStage(suite: Mocha.Suite): Stage {
	suite.timeout(2 * patience);
	let [room, folder]: [DebugRoom?, string?] = [];
	suite.beforeAll(async () => {
		room = new DebugRoom();
		folder = await makeFolder();
	});
	suite.afterEach(() => room && stopDebugging(room));
	suite.afterAll(async () => {
		room?.dispose();
		await rm(folder ?? "", { recursive: true, force: true });
	});
	return {
		get room() {
			assert.ok(room);
			return room;
		},
		get folder() {
			assert.ok(folder);
			return folder;
		},
	};
}

/** A folder for what a debuggee writes, beside the checkout's own files: the page cache of a disk is the point. */
export async function makeFolder(): Promise<string> {
	await mkdir(join(checkout, "out/targets"), { recursive: true });
	return await mkdtemp(join(checkout, "out/targets/debuggee-"));
}

/** Starts a session with breakpoints on functions. */
export async function startDebugging(
	configuration: DebugConfiguration,
	functions: readonly string[] = [],
): Promise<void> {
	debug.addBreakpoints(functions.map((name) => new FunctionBreakpoint(name)));
	assert.ok(await debug.startDebugging(undefined, configuration), "the session did not start");
}

/** Ends all sessions and waits for that; removes all breakpoints. */
export async function stopDebugging(room: DebugRoom): Promise<void> {
	debug.removeBreakpoints(debug.breakpoints);
	await debug.stopDebugging();
	// VS Code may go on naming one as active after it was restarted and has ended: it is the tracker's word that counts.
	await until("the end of the sessions", () => room.sessions.list().length === 0, patience);
}

/** The line that the breakpoint is on, counted from 1: the one that says so, or the first of the C function. */
export async function lineOf(path: string | undefined): Promise<number> {
	assert.ok(path);
	const text = await readFile(path.startsWith("/") ? path : Uri.parse(path).path, "utf8");
	return text.split("\n").findIndex((line) => /[/#] stop$|SAY\("checkpoint/.test(line)) + 1;
}

/** Sets a breakpoint there. */
export async function breakAtStop(path: string): Promise<void> {
	const line = (await lineOf(path)) - 1;
	debug.addBreakpoints([new SourceBreakpoint(new Location(Uri.file(path), new Position(line, 0)))]);
}

/** What a debuggee wrote of itself, by checkpoint; see `parseFacts`. */
export async function readFacts(path: string): Promise<Facts[]> {
	return parseFacts(await readFile(path, "utf8"));
}
