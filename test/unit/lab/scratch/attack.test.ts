import { deepEqual, equal } from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, lstat, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { checkout } from "../../../support/checkout";
import { until } from "../../../support/child";
import { nobody, nobodyMayRun } from "../../../support/nobody";
import { makeScratch, PlaceFolders, privateFolderOf, privateName, scratchIn, treeOf } from "../../../support/scratch";
import { skip } from "../../../support/skip";

/** So many that to remove them takes long enough for a swap. */
const fileCount = 1000;
const rounds = 100;

describe("the lab of root, beside a user who swaps folders for links", () => {
	let folders: PlaceFolders;
	let shared: string;
	let victim: string;

	before(async function () {
		if (process.geteuid?.() !== 0) return skip(this, "only root can be attacked by nobody");
		folders = await PlaceFolders.make(this);
		await folders.open();
		shared = await folders.folder("shared", 0o1777);
		if (!(await nobodyMayRun(shared))) return skip(this, `nobody may not enter ${shared}`);
		victim = await folders.folder("victim", 0o700);
		await mkdir(join(victim, "lab-abcdef"));
		await chmod(join(victim, "lab-abcdef"), 0o700);
		const names = [...Array(fileCount).keys()].map(String);
		for (const name of [...names, "lab-abcdef/file.txt"]) await writeFile(join(victim, name), "root's");
	});
	after(() => folders?.remove());

	it("removes nothing of root's and nothing of the user's, and has its own files", async () => {
		const before = await treeOf(victim);
		equal(before.length, fileCount + 2);
		const program = join(checkout, "test/programs/scratchAttacker.py");
		const parameters = [program, shared, victim, privateName, String(fileCount), String(nobody.uid)];
		const attacker = spawn("python3", parameters, { stdio: ["pipe", "pipe", "inherit"] });
		const ended = once(attacker, "exit");
		let [removed, swaps] = [0, 0];
		createInterface({ input: attacker.stdout }).on("line", (line) => {
			[removed = 0, swaps = 0] = line.split(" ").map(Number);
		});
		try {
			const oneMore = (before: number) => until(() => attacker.exitCode ?? (swaps > before ? true : undefined));
			equal(await oneMore(0), true);
			for (let round = 0; round < rounds; round++) {
				const files = scratchIn(shared);
				const { uid, mode } = await lstat(privateFolderOf(await makeScratch(files)));
				deepEqual([uid, mode & 0o777], [0, 0o700]);
				await files.remove();
			}
			equal(await oneMore(swaps), true); // its last word on what was removed
			equal(removed, 0);
			deepEqual(await treeOf(victim), before);
		} finally {
			attacker.kill("SIGKILL");
			await ended;
		}
	});
});
