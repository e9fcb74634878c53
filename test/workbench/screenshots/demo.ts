import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { checkout } from "../../support/checkout";

/** The process of the pictures; `stop` ends it and removes its files. */
export async function startDemo(): Promise<{ pid: number; stop(): Promise<void> }> {
	const folder = await mkdtemp("/var/tmp/gallery-"); // on a disk, whose page cache is part of the pictures
	const script = join(checkout, "test/workbench/screenshots/demo.py");
	const child = spawn("/usr/bin/python3", [script, folder], { stdio: ["pipe", "pipe", "inherit"] });
	await once(child.stdout, "data");
	const { pid } = child;
	if (pid === undefined) throw new Error("the demo did not start");
	return {
		pid,
		async stop() {
			const ended = once(child, "exit");
			child.stdin.end();
			await ended;
			await rm(folder, { recursive: true });
		},
	};
}
