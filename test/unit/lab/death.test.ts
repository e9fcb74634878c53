import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { forkCopyOnWrite } from "../../../src/extension/lab/demos/forkCopyOnWrite";
import type { ErrorData } from "../../../src/shared/errors";
import { checkout } from "../../support/checkout";
import { hasEnded, until } from "../../support/child";
import { labProgram, openSession } from "../../support/labSessions";

const run = promisify(execFile);

async function allEnded(pids: readonly number[]): Promise<void> {
	await until(async () => ((await Promise.all(pids.map(hasEnded))).every(Boolean) ? true : undefined));
}

/** A host of the lab in a process of its own. */
async function startHost(steps: number, prepare: (pid: number) => Promise<unknown> = async () => undefined) {
	const program = join(checkout, "out/test/support/labHost.js");
	// Few threads, and so few arenas: it needs much less address space than the lab process that it starts.
	const child = spawn(process.execPath, ["--single-threaded", program, labProgram, "fork", String(steps)], {
		stdio: ["pipe", "pipe", "inherit"],
		env: { ...process.env, UV_THREADPOOL_SIZE: "1", MALLOC_ARENA_MAX: "1" },
	});
	const lines = createInterface({ input: child.stdout });
	await once(lines, "line");
	await prepare(child.pid ?? 0);
	const answered = once(lines, "line");
	child.stdin.write("go\n");
	const [text] = await Promise.race([answered, once(child, "exit")]);
	return { child, answer: JSON.parse(String(text)) as { pids?: number[]; error?: ErrorData } };
}

describe("the lab process and its children", () => {
	it("die when the session is closed", async () => {
		const session = await openSession(forkCopyOnWrite);
		await session.step();
		await session.step();
		const pids = session.state.processes.map(({ pid }) => pid);
		equal(pids.length, 2);
		deepEqual(await Promise.all(pids.map(hasEnded)), [false, false]);
		session.dispose();
		await allEnded(pids);
	});

	for (const signal of ["SIGKILL", "SIGTERM"] as const) {
		it(`die when their host gets ${signal}`, async () => {
			const { child, answer } = await startHost(3);
			equal(answer.pids?.length, 2);
			deepEqual(await Promise.all((answer.pids ?? []).map(hasEnded)), [false, false]);
			child.kill(signal);
			await allEnded(answer.pids ?? []);
		});
	}

	it("are not started without native calls, with an error that says so", async () => {
		const folder = await mkdtemp(join(tmpdir(), "lab-"));
		try {
			await copyFile(labProgram, join(folder, "lab.js")); // but not koffi's binary beside it
			const session = await openSession(forkCopyOnWrite, {}, join(folder, "lab.js"));
			await rejects(session.step(), { code: "unsupported", feature: "labCalls" });
			equal(session.state.trouble?.feature, "labCalls");
			session.dispose();
		} finally {
			await rm(folder, { recursive: true });
		}
	});

	it("are not started where memory is too small, with an error that says so", async () => {
		let limit = 0;
		const { child, answer } = await startHost(1, async (pid) => {
			const status = await readFile(`/proc/${pid}/status`, "utf8");
			limit = (Number(/VmSize:\s+(\d+)/.exec(status)?.[1]) + 32 * 1024) * 1024;
			await run("prlimit", ["--pid", String(pid), `--as=${limit}`]);
		});
		child.kill("SIGKILL");
		deepEqual([answer.error?.code, answer.error?.feature], ["unsupported", "labMemory"]);
		ok(answer.error?.detail?.includes(`RLIMIT_AS is ${limit} bytes`));
	});
});
