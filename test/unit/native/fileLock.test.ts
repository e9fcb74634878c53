import { deepEqual, equal, throws } from "node:assert/strict";
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tryLock } from "../../../src/extension/native/fileLock";
import { Child } from "../../support/child";

/** Locks a folder with nothing of ours, says whether it could, and keeps it. */
const locker = `
import fcntl, os, sys
file = os.open(sys.argv[1], os.O_RDONLY)
try:
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    print("locked", flush=True)
except BlockingIOError:
    print("busy", flush=True)
sys.stdin.read()
`;

describe("the lock of a file", () => {
	let folder: string;
	const opened: FileHandle[] = [];

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), "lock-"));
	});
	afterEach(async () => {
		for (const file of opened.splice(0)) await file.close();
		await rm(folder, { recursive: true });
	});

	async function openFolder(): Promise<FileHandle> {
		const file = await open(folder);
		opened.push(file);
		return file;
	}

	it("belongs to one open file, even in one process, until that is closed", async () => {
		const [first, second] = [await openFolder(), await openFolder()];
		deepEqual([tryLock(first.fd), tryLock(first.fd), tryLock(second.fd)], [true, true, false]);
		await opened.shift()?.close();
		equal(tryLock(second.fd), true);
	});

	it("is seen by other programs, and theirs by us until they end", async () => {
		const file = await openFolder();
		equal(tryLock(file.fd), true);
		const refused = await Child.python(locker, folder);
		deepEqual(refused.words, ["busy"]);
		await refused.stop();
		await opened.shift()?.close();

		const holder = await Child.python(locker, folder);
		deepEqual(holder.words, ["locked"]);
		const later = await openFolder();
		equal(tryLock(later.fd), false);
		await holder.stop();
		equal(tryLock(later.fd), true);
	});

	it("is not given up to programs that are started meanwhile", async () => {
		const file = await openFolder();
		equal(tryLock(file.fd), true);
		const child = await Child.start("sh", ["-c", "echo ready; read line"]);
		await opened.shift()?.close();
		const later = await openFolder();
		equal(tryLock(later.fd), true);
		await child.stop();
	});

	it("is unsupported for what is no open file", () => {
		throws(() => tryLock(1_000_000), { code: "unsupported", feature: "flock", errno: "EBADF" });
	});
});
