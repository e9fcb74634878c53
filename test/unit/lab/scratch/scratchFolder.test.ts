import { deepEqual, equal, notEqual, ok, rejects } from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, chown, lstat, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { removeForeign } from "../../../../scripts/support/removeForeign.mjs";
import { sharedFile } from "../../../../src/extension/lab/demos/sharedFile";
import { tryLock } from "../../../../src/extension/native/fileLock";
import { MapscopeError } from "../../../../src/shared/errors";
import { until } from "../../../support/child";
import { startLabHost } from "../../../support/labHosts";
import { labProgram, makeLab } from "../../../support/labSessions";
import { nobody } from "../../../support/nobody";
import {
	makeScratch,
	PlaceFolders,
	privateFolderOf,
	privateName,
	scratchIn,
	scratchName,
	scratchWith,
	treeOf,
} from "../../../support/scratch";
import { skip } from "../../../support/skip";

const run = promisify(execFile);

describe("the scratch folder of a demo", () => {
	let folders: PlaceFolders;
	let shared: string;
	/** The private folder in `shared`, when a test makes it itself. */
	let own: string;

	beforeEach(async function () {
		folders = await PlaceFolders.make(this);
		shared = await folders.folder("shared", 0o1777);
		own = join(shared, privateName);
	});
	afterEach(() => folders?.remove());

	/** A folder as an earlier lab has left it, with its file. */
	async function abandon(name = "lab-abcdef", mode = 0o700): Promise<string> {
		const folder = join(own, name);
		await mkdir(folder, { recursive: true });
		await chmod(own, 0o700);
		await chmod(folder, mode);
		await writeFile(join(folder, scratchName), "left");
		return folder;
	}

	/** Opens and closes a demo, which takes abandoned folders away. */
	async function openAndClose(): Promise<void> {
		const files = scratchIn(shared);
		await makeScratch(files);
		await files.remove();
	}

	it("is closed to other users, with a file of its own in it, and leaves nothing", async () => {
		const files = scratchIn(shared);
		const file = await makeScratch(files);
		equal(privateFolderOf(file), own);
		const modes = await Promise.all(
			[own, join(file, ".."), file].map(async (path) => (await lstat(path)).mode & 0o777),
		);
		deepEqual(modes, [0o700, 0o700, 0o600]);
		equal(await readFile(file, "utf8"), "text");
		await files.remove();
		deepEqual(await treeOf(shared), []);
	});

	it("is another one at every start", async () => {
		const files = scratchIn(shared);
		const first = await makeScratch(files);
		notEqual(await makeScratch(files), first);
		equal((await readdir(own)).length, 1);
		await files.remove();
	});

	/** Starts a lab in another process that uses `shared`, calls `check`, kills it, and waits until its files are gone. */
	async function besideAnother(check: () => Promise<void>, through: readonly string[] = []): Promise<void> {
		const env = { TMPDIR: shared, XDG_RUNTIME_DIR: undefined };
		const { child } = await startLabHost({ demo: "shared-file", steps: 1, env, through });
		try {
			await check();
		} finally {
			child.kill("SIGKILL");
		}
		// The lock goes with the last process that has the folder open.
		await until(async () => {
			await openAndClose();
			return (await readdir(shared)).length === 0 ? true : undefined;
		});
	}

	/** The folder of another lab stays as it is when a demo is opened and closed. */
	async function expectKept(): Promise<void> {
		const before = await treeOf(shared);
		ok(before.some((path) => path.endsWith(`/${scratchName}`)));
		await openAndClose();
		deepEqual(await treeOf(shared), before);
	}

	it("is removed after a lab that was killed, and no sooner", async () => {
		await besideAnother(expectKept);
	});

	it("is kept in another pid namespace, where the number of its process means another one", async function () {
		if (process.geteuid?.() !== 0) return skip(this, "only root can choose pids in a namespace");
		const through = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c"];
		// A pid that no process has here.
		const choosePid = "echo 29999 > /proc/sys/kernel/ns_last_pid";
		const [command = "", ...parameters] = [...through, choosePid];
		await run(command, parameters).catch((error: unknown) => skip(this, `no pid namespace: ${error}`));
		await besideAnother(expectKept, [...through, `${choosePid} && "$@"; exit`, "sh"]);
	});

	it("is kept while another demo of the same process starts and ends", async () => {
		const [first, second] = [scratchIn(shared), scratchIn(shared)];
		const file = await makeScratch(first);
		await makeScratch(second);
		await second.remove();
		equal(await readFile(file, "utf8"), "text");
		await first.remove();
		deepEqual(await treeOf(shared), []);
	});

	it("is there for each of many that start and end at once", async () => {
		const openMany = async () => {
			for (let round = 0; round < 10; round++) {
				const files = scratchIn(shared);
				equal(await readFile(await makeScratch(files), "utf8"), "text");
				await files.remove();
			}
		};
		await Promise.all(Array.from({ length: 8 }, openMany));
		deepEqual(await treeOf(shared), []);
	});

	it("is another one when a lab that removes abandoned ones comes before the lock, or right after it", async () => {
		for (const locked of [false, true]) {
			let calls = 0;
			const files = scratchWith([{ folder: shared, own: false }], async (descriptor) => {
				if (calls++ > 0) return tryLock(descriptor);
				await removeForeign(await readlink(`/proc/self/fd/${descriptor}`));
				return locked;
			});
			equal(await readFile(await makeScratch(files), "utf8"), "text");
			equal(calls, 2);
			await files.remove();
		}
		deepEqual(await treeOf(shared), []);
	});

	it("is gone when the lab has been closed", async () => {
		const lab = makeLab(labProgram, { scratchPlaces: [{ folder: shared, own: false }] });
		for (const steps of [1, 2]) {
			const session = await lab.open(sharedFile);
			for (let i = 0; i < steps; i++) await session.step();
		}
		equal((await readdir(own)).length, 2);
		await lab.close();
		deepEqual(await treeOf(shared), []);
	});

	it("that cannot be removed is left, with a word in the log, and the next one made", async function () {
		const files = scratchIn(shared);
		const file = await makeScratch(files);
		// Immutable: even root may not remove it.
		await run("chattr", ["+i", file]).catch((error: unknown) => skip(this, `no immutable files here: ${error}`));
		try {
			notEqual(await makeScratch(files), file);
			await files.remove();
			equal(await readFile(file, "utf8"), "text");
		} finally {
			await run("chattr", ["-i", file]);
		}
		await openAndClose();
		deepEqual(await treeOf(shared), []);
	});

	it("stays with what somebody else has put into it", async () => {
		const files = scratchIn(shared);
		const file = await makeScratch(files);
		await writeFile(join(file, "../notes"), "a person's");
		await files.remove();
		deepEqual(await readdir(join(file, "..")), ["notes"]);
		await openAndClose();
		deepEqual(await readdir(join(file, "..")), ["notes"]);
	});

	const untouched: readonly (readonly [what: string, make: (aside: string) => Promise<void>])[] = [
		[
			"a link in its place",
			async (aside) => {
				await abandon();
				await rm(join(own, "lab-abcdef"), { recursive: true });
				await symlink(aside, join(own, "lab-abcdef"));
			},
		],
		[
			"a link in its file's place",
			async (aside) => {
				const folder = await abandon();
				await rm(join(folder, scratchName));
				await symlink(join(aside, scratchName), join(folder, scratchName));
			},
		],
		[
			"a folder in its file's place",
			async () => {
				const folder = await abandon();
				await rm(join(folder, scratchName));
				await mkdir(join(folder, scratchName));
				await writeFile(join(folder, scratchName, scratchName), "");
			},
		],
		[
			"a file in its place",
			async () => {
				await abandon("lab-other1");
				await rm(join(own, "lab-other1"), { recursive: true });
				await writeFile(join(own, "lab-abcdef"), "");
			},
		],
		["a folder with another name", async () => void (await abandon("lab-abcdefg"))],
		["a folder that others may read", async () => void (await abandon("lab-abcdef", 0o755))],
	];
	for (const [what, make] of untouched) {
		it(`is not taken for ${what}, which stays with all that it leads to`, async () => {
			const aside = join(shared, "aside");
			await mkdir(aside);
			await chmod(aside, 0o700);
			await writeFile(join(aside, scratchName), "a person's");
			await make(aside);
			const before = await treeOf(shared);
			await openAndClose();
			deepEqual(await treeOf(shared), before);
			equal(await readFile(join(aside, scratchName), "utf8"), "a person's");
		});
	}

	it("is not taken for what belongs to another user, whose files stay", async function () {
		if (process.geteuid?.() !== 0) return skip(this, "only root can give files to another user");
		await chown(await abandon("lab-abcdef"), nobody.uid, nobody.gid);
		await chown(join(await abandon("lab-ghijkl"), scratchName), nobody.uid, nobody.gid);
		const before = await treeOf(shared);
		await openAndClose();
		deepEqual(await treeOf(shared), before);
	});

	it("is made without a lock where the file system has none, and then nothing is taken away", async () => {
		await abandon();
		const before = await treeOf(shared);
		const places = [{ folder: shared, own: false }];
		const files = scratchWith(places, async () => {
			throw new MapscopeError({ code: "unsupported", feature: "flock" });
		});
		await makeScratch(files);
		await files.remove();
		deepEqual(await treeOf(shared), before);
		const broken = scratchWith(places, async () => {
			throw new MapscopeError({ code: "io" });
		});
		await rejects(makeScratch(broken), { code: "io" });
	});

	it("is removed with its file when no lab holds a lock on it", async () => {
		await abandon();
		await openAndClose();
		deepEqual(await treeOf(shared), []);
	});
});
