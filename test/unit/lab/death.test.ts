import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { forkCopyOnWrite } from "../../../src/extension/lab/demos/forkCopyOnWrite";
import { hasEnded, until } from "../../support/child";
import { startLabHost } from "../../support/labHosts";
import { labProgram, openSession } from "../../support/labSessions";

const run = promisify(execFile);

async function allEnded(pids: readonly number[]): Promise<void> {
	await until(async () => ((await Promise.all(pids.map(hasEnded))).every(Boolean) ? true : undefined));
}

const startHost = (steps: number, prepare?: (pid: number) => Promise<unknown>) =>
	startLabHost({ demo: "fork", steps, ...(prepare && { prepare }) });

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
