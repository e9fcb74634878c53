import { deepEqual, equal } from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ScratchFiles } from "../../../src/extension/lab/scratchFiles";
import type { Demo } from "../../../src/shared/labDemo";

describe("scratch files of the lab", () => {
	const demo: Demo = {
		id: "scratch",
		number: 1,
		title: "",
		teaches: "",
		parameters: [{ kind: "file", name: "path", title: "", scratch: { text: "text" } }],
		steps: [],
	};
	let parent: string;

	beforeEach(async () => {
		parent = await mkdtemp(join(tmpdir(), "mapscope-scratch-"));
	});
	afterEach(() => rm(parent, { recursive: true, force: true }));

	it("take away what a process that was killed has left, and nothing else", async () => {
		const dead = spawn("true");
		await once(dead, "exit");
		const others = [`mapscope-lab-${process.ppid}-kept`, "mapscope-lab-odd", "other"];
		for (const name of [`mapscope-lab-${dead.pid}-left`, ...others]) await mkdir(join(parent, name));
		await writeFile(join(parent, `mapscope-lab-${dead.pid}-left`, "path.txt"), "left");
		const files = new ScratchFiles(demo, parent);
		await files.make({}, 4096);
		const own = (await readdir(parent)).filter((name) => name.startsWith(`mapscope-lab-${process.pid}-`));
		equal(own.length, 1);
		await files.remove();
		deepEqual((await readdir(parent)).sort(), [...others].sort());
	});
});
