import { writeSync } from "node:fs";
import { toErrorData } from "../../../shared/errors";
import { functions } from "../../native/functions";
import { readPageSize } from "../../proc/system";
import { type LabAnswer, type LabOrder, resultFd } from "../wire";
import { Arena, findArena } from "./arena";
import { Interpreter } from "./interpreter";
import { LabFailure, MainActor } from "./mainActor";

/**
 * Entry of the lab process: a child of the extension host in which the calls of demos are made for real. It lives as
 * long as its parent wants it, and not a moment longer.
 */

const setParentDeathSignal = 1n; // PR_SET_PDEATHSIG, prctl(2)
const setMemoryName = "mapscope-lab";
const signalKill = 9n;
const coreLimit = 4n; // RLIMIT_CORE

function answer(message: LabAnswer): void {
	let rest = Buffer.from(`${JSON.stringify(message)}\n`);
	while (rest.length > 0) {
		try {
			rest = rest.subarray(writeSync(resultFd, rest));
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
		}
	}
}

/** Ties this process's life to its parent's, and its death to as little as possible. */
function prepare(main: MainActor, parent: number): void {
	main.must("prctl", setParentDeathSignal, signalKill, 0n, 0n, 0n);
	if (process.ppid !== parent) process.exit(0); // it has died before the kernel was asked
	// No core of hundreds of megabytes for a SIGSEGV that was the lesson. 1, and not 0, is for systems that pipe cores
	// into a program: the kernel then starts none (core(5), fs/coredump.c).
	const limit = Buffer.alloc(16);
	limit.writeBigUInt64LE(1n, 0);
	limit.writeBigUInt64LE(1n, 8);
	main.must("setrlimit", coreLimit, main.scratch.store(limit));
}

function start(order: Extract<LabOrder, { kind: "start" }>): Interpreter {
	const pageSize = readPageSize();
	const main = new MainActor(functions(), pageSize);
	prepare(main, Number(process.env["MAPSCOPE_LAB_PARENT"]));
	const base = order.arena === undefined ? findArena(pageSize) : BigInt(`0x${order.arena}`);
	answer({ kind: "ready", pid: process.pid, arena: base.toString(16), pageSize });
	return new Interpreter(main, new Arena(base, BigInt(pageSize)), order, pageSize);
}

let interpreter: Interpreter | undefined;

function obey(order: LabOrder): void {
	if (order.kind === "start") {
		interpreter = start(order);
		return;
	}
	const finished = interpreter?.run(order.code, order.process, {
		began: (code) => answer({ kind: "began", code }),
		call: (call) => answer({ kind: "call", call }),
	});
	if (finished) answer({ kind: "finished", ...finished });
}

process.title = setMemoryName;
process.on("disconnect", () => process.exit(0));
process.on("message", (order: LabOrder) => {
	try {
		obey(order);
	} catch (error) {
		const data = error instanceof LabFailure ? { code: "io" as const, detail: error.message } : toErrorData(error);
		answer({ kind: "failed", error: data });
	}
});
