import { strict as assert } from "node:assert";
import { chmod, chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeForeign } from "../../../scripts/support/removeForeign.mjs";
import type { PageRun } from "../../../src/extension/memory/model";
import { readPageSize } from "../../../src/extension/proc/system";
import { MapscopeError } from "../../../src/shared/errors";
import { stateCode } from "../../../src/shared/pageStates";
import { addressToPage } from "../../../src/shared/units";
import { Child } from "../../support/child";
import { type NobodysSampler, nobody, nobodyMayRun, startNobodysSampler } from "../../support/nobody";
import { skip } from "../../support/skip";
import { plainQuery } from "../../support/snapshots";
import { askWitness, askWitnessCached, compile, Target } from "../../support/target";
import { mapsZeroPage } from "../../support/zeroPage";

/** What an ordinary user is told, and what not. */
describe("sampler of a user without privileges", () => {
	const pageSize = readPageSize();
	let sampler: NobodysSampler;
	let ofRoot: Target;
	let own: Target;

	before(async function () {
		if (process.geteuid?.() !== 0) return skip(this, "only root can become nobody");
		if (!(await nobodyMayRun(process.execPath))) return skip(this, `nobody may not run ${process.execPath}`);
		const program = await compile("target");
		if (!(await nobodyMayRun(program))) return skip(this, `nobody may not run ${program}`);
		sampler = await startNobodysSampler();
		// One after the other: what has started must be stopped, also when the next does not start.
		ofRoot = await Target.start();
		own = await Target.start(nobody);
	});
	after(() => Promise.all([sampler, ofRoot, own].map((one) => one?.stop())));

	async function rejection(call: Promise<unknown>): Promise<MapscopeError> {
		const error: unknown = await call.then(
			() => assert.fail("it resolved"),
			(reason: unknown) => reason,
		);
		assert.ok(error instanceof MapscopeError, String(error));
		return error;
	}

	async function picture(pid: number, selectedPage?: number) {
		const watch = await sampler.call.watch(pid);
		await sampler.call.sample(watch, { smaps: "cheap" });
		const query = { ...plainQuery, overviewWidth: 400, ...(selectedPage === undefined ? {} : { selectedPage }) };
		return { watch, frame: await sampler.call.frame(watch, query) };
	}

	/** All that may be asked about a process, but what its list entry and its picture say. */
	async function rejectsEverything(pid: number): Promise<void> {
		const { watch } = await picture(pid);
		const calls: Readonly<Record<string, Promise<unknown>>> = {
			maps: sampler.call.readAddressSpace(pid, "maps"),
			smaps: sampler.call.readAddressSpace(pid, "smaps"),
			scanPages: sampler.call.scanPages(pid, 0n, BigInt(pageSize)),
			readGroups: sampler.call.readGroups(pid, 100),
			"text of maps": sampler.call.readText(pid, "maps"),
			"text of smaps": sampler.call.readText(pid, "smaps"),
			describeAddress: sampler.call.describeAddress(pid, 0n),
			pages: sampler.call.pages(watch, 0, 1),
			bytes: sampler.call.bytes(watch, 1),
		};
		for (const [name, call] of Object.entries(calls)) {
			const { code, errno, path } = await rejection(call);
			assert.deepEqual([code, errno], ["permissionDenied", "EACCES"], name);
			assert.ok(path?.startsWith(`/proc/${pid}/`), name);
		}
		assert.deepEqual(await sampler.call.pageFrame(watch, 1), { flags: [], reason: "notPermitted" });
		// The kernel shows everybody the terminal's foreground group, and there is none.
		assert.equal(await sampler.call.foregroundProcess(pid), pid);
	}

	const pagesOf = (runs: readonly PageRun[]): PageRun[] =>
		runs.flatMap((run) => new Array<PageRun>(Number(run.end - run.start) / pageSize).fill(run));
	const scan = async (name: string): Promise<PageRun[]> => {
		const { start, end } = own.range(name);
		return pagesOf(await sampler.call.scanPages(own.pid, start, end));
	};
	const pageOf = (name: string): number => addressToPage(own.range(name).start, pageSize);

	describe("of somebody else's process", () => {
		it("sees in the list what everybody may see, and that it may not be read", async () => {
			const list = await sampler.call.listProcesses({ kernelThreads: false });
			const found = list.find(({ pid }) => pid === ofRoot.pid);
			assert.deepEqual([found?.readable, found?.reason, found?.uid, found?.user], [false, "EACCES", 0, "root"]);
			assert.ok((found?.rss ?? 0) > 0);
			assert.equal(found?.name, "target<b>\n)");
			assert.equal(list.find(({ pid }) => pid === own.pid)?.readable, true);
		});

		it("has a picture that says it is denied, with the totals that everybody may see", async () => {
			const { frame, watch } = await picture(ofRoot.pid);
			assert.ok(frame.status.kind === "denied");
			assert.deepEqual(
				[frame.status.error.code, frame.status.error.errno, frame.status.error.path],
				["permissionDenied", "EACCES", `/proc/${ofRoot.pid}/maps`],
			);
			assert.equal(frame.rows.total, 0);
			assert.ok((frame.totals.resident ?? 0) > 0);
			assert.equal(frame.process.name, "target<b>\n)");
			assert.equal((await sampler.call.sample(watch, { smaps: "always" })).final, false);
		});

		it("rejects every other question with permissionDenied", async () => {
			await rejectsEverything(ofRoot.pid);
		});

		it("shows the end of it", async () => {
			const passing = await Target.start();
			try {
				const { watch } = await picture(passing.pid);
				await passing.stop();
				assert.equal((await sampler.call.sample(watch, { smaps: "never" })).final, true);
				assert.equal((await sampler.call.frame(watch, plainQuery)).status.kind, "ended");
			} finally {
				await passing.stop();
			}
		});
	});

	describe("of a process of its own that forbids to be read", () => {
		let child: Child;
		before(async () => {
			const source =
				"import ctypes, sys; ctypes.CDLL(None).prctl(4, 0, 0, 0, 0); print('ready', flush=True); sys.stdin.read()";
			child = await Child.start("/usr/bin/python3", ["-c", source], nobody);
		});
		after(() => child?.stop());

		it("sees in the list what everybody may see, and that it may not be read", async () => {
			const list = await sampler.call.listProcesses({ kernelThreads: false });
			const found = list.find(({ pid }) => pid === child.pid);
			assert.deepEqual([found?.readable, found?.reason, found?.user], [false, "EACCES", "nobody"]);
			assert.deepEqual([found?.name, found?.parentPid], ["python3", process.pid]);
			assert.equal(found?.commandLine.length, 3);
			assert.ok((found?.rss ?? 0) > 0);
		});

		it("has a picture that says it is denied", async () => {
			const { frame } = await picture(child.pid);
			assert.ok(frame.status.kind === "denied");
			assert.equal(frame.status.error.errno, "EACCES");
			assert.deepEqual([frame.rows.total, frame.kinds.length], [0, 0]);
			assert.ok((frame.totals.resident ?? 0) > 0);
			const { pss, privateDirty, cached } = frame.totals;
			assert.deepEqual([pss, privateDirty, cached], [undefined, undefined, undefined]);
		});

		it("rejects every other question with permissionDenied", async () => {
			await rejectsEverything(child.pid);
		});
	});

	describe("of a process of its own whose page table a security module hides", () => {
		let blinded: NobodysSampler;
		before(async function () {
			const started = await startNobodysSampler(`/proc/${own.pid}/pagemap`);
			const answers = started.call.listProcesses({ kernelThreads: false }).then(
				() => true,
				() => false,
			);
			if (!(await answers)) return skip(this, "files of /proc cannot be hidden here");
			blinded = started;
		});
		after(() => blinded?.stop());

		it("has the mappings, and says that the pages are not told", async () => {
			const watch = await blinded.call.watch(own.pid);
			await blinded.call.sample(watch, { smaps: "cheap" });
			const query = { ...plainQuery, selectedPage: pageOf("anonymous") };
			const frame = await blinded.call.frame(watch, query);
			assert.ok(frame.status.kind === "partlyDenied");
			assert.deepEqual(
				[frame.status.error.code, frame.status.error.path],
				["permissionDenied", `/proc/${own.pid}/pagemap`],
			);
			const { mappings } = await askWitness(own.pid);
			assert.equal(frame.totals.mappings, mappings.length);
			assert.equal(frame.totals.cached, undefined);
			const { selected } = frame;
			assert.equal(selected?.statePages[stateCode.unknown], 16);
			// What smaps tells does not need the page table.
			assert.deepEqual([selected.usage["Rss"], selected.usage["Anonymous"]], [3 * pageSize, 3 * pageSize]);
			const sum = frame.kinds.reduce((total, { bytes = Number.NaN }) => total + bytes, 0);
			assert.equal(sum, frame.totals.resident);
			const cached = await blinded.call.frame(watch, { ...query, measure: "cached" });
			assert.ok(cached.kinds.every(({ bytes }) => bytes === undefined));
		});

		it("rejects questions about pages, and answers the others", async () => {
			const { start, end } = own.range("anonymous");
			const watch = await blinded.call.watch(own.pid);
			await blinded.call.sample(watch, { smaps: "never" });
			for (const call of [
				blinded.call.scanPages(own.pid, start, end),
				blinded.call.pages(watch, pageOf("anonymous"), pageOf("anonymous") + 1),
			]) {
				const { code, path } = await rejection(call);
				assert.deepEqual([code, path], ["permissionDenied", `/proc/${own.pid}/pagemap`]);
			}
			assert.equal((await blinded.call.pageFrame(watch, pageOf("anonymous"))).reason, "notPermitted");
			assert.equal((await blinded.call.bytes(watch, pageOf("anonymous"))).bytes[0], 1);
			const space = await blinded.call.readAddressSpace(own.pid, "smaps");
			assert.ok(space.complete);
			assert.equal(space.mappings.find((mapping) => mapping.start === start)?.usage?.rss, 3 * pageSize);
			const { groups } = await blinded.call.readGroups(own.pid, 1000);
			assert.ok(groups.length > 5 && groups.every((group) => group.resident === undefined));
			assert.ok(groups.every(({ mappings }) => mappings.every((mapping) => mapping.resident === undefined)));
			assert.equal((await blinded.call.describeAddress(own.pid, start)).kind, "mapping");
		});
	});

	it("of a kernel thread: empty, not denied", async function () {
		const list = await sampler.call.listProcesses({ kernelThreads: true });
		const thread = list.find(({ kernelThread }) => kernelThread);
		if (thread === undefined) return skip(this, "no kernel thread is visible here, as in a container");
		const { frame } = await picture(thread.pid);
		assert.deepEqual(frame.status, { kind: "empty", why: "kernelThread" });
	});

	describe("of its own process", () => {
		it("sees every page that it touched", async () => {
			const present = (await scan("anonymous")).flatMap(({ state }, page) => (state === "anonymous" ? [page] : []));
			assert.deepEqual(present, [0, 5, 9]);
			const { frame } = await picture(own.pid);
			assert.equal(frame.status.kind, "ok");
			const resident = frame.kinds.reduce((sum, { bytes }) => sum + (bytes ?? Number.NaN), 0);
			assert.equal(resident, frame.totals.resident);
		});

		it("tells the zero page by PAGEMAP_SCAN, and by reads with the help of smaps", async () => {
			const zero = (await scan("zero")).map(({ state }) => state);
			const read = mapsZeroPage() ? "zero" : "anonymous";
			assert.deepEqual([zero[1], zero[2], zero[3]], ["notPresent", read, read]);
			await sampler.call.forcePageTableWay("read");
			try {
				assert.deepEqual(
					(await scan("zero")).map(({ state }) => state),
					zero,
				);
				assert.deepEqual(
					(await scan("anonymous")).flatMap(({ state }, page) => (state === "anonymous" ? [page] : [])),
					[0, 5, 9],
				);
			} finally {
				await sampler.call.forcePageTableWay("best");
			}
		});

		it("sees the page cache of its own file", async () => {
			const cached = await askWitnessCached(join(own.folder, "half.bin"));
			assert.deepEqual(
				(await scan("half")).map(({ state }) => state),
				cached.map((yes) => (yes ? "cached" : "notPresent")),
			);
		});

		it("reaches a memfd and an unlinked file through its descriptors", async () => {
			for (const name of ["memfd", "deleted"]) {
				const { selected } = (await picture(own.pid, pageOf(name))).frame;
				assert.deepEqual(selected?.cache, { known: true }, name);
			}
			assert.deepEqual(
				(await scan("memfd")).map(({ state }) => state),
				["shmem", "shmem", "notPresent", "notPresent", "notPresent", "notPresent", "notPresent", "notPresent"],
			);
		});

		it("does not reach shared anonymous memory, and does not guess", async () => {
			const { selected } = (await picture(own.pid, pageOf("shared"))).frame;
			assert.deepEqual(selected?.cache, { known: false, why: "notReachable" });
			const states = (await scan("shared")).map(({ state }) => state);
			assert.deepEqual(states, ["shmem", "unknown", "unknown", "shmem", "unknown", "unknown", "unknown", "shmem"]);
		});

		it("does not take another file of the same name for the one that is mapped", async () => {
			const folder = await mkdtemp(join(tmpdir(), "mapscope-replaced-"));
			await chown(folder, nobody.uid, nobody.gid);
			// Two files are mapped and closed; then another takes the name of the first, and the second loses its own.
			const source = `
import ctypes, os, sys
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
def mapped(name):
    path = os.path.join(sys.argv[1], name)
    with open(path, "wb") as file: file.write(bytes(4 * ${pageSize}))
    file = os.open(path, os.O_RDONLY)
    address = libc.mmap(None, 4 * ${pageSize}, 1, 1, file, 0)
    os.close(file)
    return address
first, other, second = mapped("first"), mapped("other"), mapped("second")
os.rename(os.path.join(sys.argv[1], "other"), os.path.join(sys.argv[1], "first"))
os.unlink(os.path.join(sys.argv[1], "second"))
print(f"{first:x} {other:x} {second:x}", flush=True)
sys.stdin.read()
`;
			const child = await Child.start("/usr/bin/python3", ["-c", source, folder], nobody);
			try {
				const known: unknown[] = [];
				for (const word of child.words) {
					const { selected } = (await picture(child.pid, addressToPage(BigInt(`0x${word}`), pageSize))).frame;
					known.push(selected?.cache, selected?.deleted, selected?.statePages[stateCode.unknown]);
				}
				assert.deepEqual(known, [
					...[{ known: false, why: "replaced" }, true, 4],
					...[{ known: true }, false, 0],
					...[{ known: false, why: "notReachable" }, true, 4],
				]);
			} finally {
				await child.stop();
				await removeForeign(folder);
			}
		});

		it("is not told the page cache of root's files, and does not take the kernel's false answer", async () => {
			const space = await sampler.call.readAddressSpace(own.pid, "maps");
			const libc = space.mappings.find(({ name, kind }) => /\/libc[.-]/.test(name) && kind === "code");
			assert.ok(libc);
			const { frame } = await picture(own.pid, addressToPage(libc.start, pageSize));
			assert.deepEqual(frame.selected?.cache, { known: false, why: "notOwner" });
			assert.equal(frame.totals.cacheHidden, true); // so that the total says "as far as known"
			assert.equal(frame.selected?.statePages[stateCode.cached], 0);
			assert.equal(frame.selected?.statePages[stateCode.notPresent], 0);
			const runs = await sampler.call.scanPages(own.pid, libc.start, libc.end);
			const unknown = runs.find(({ state }) => state === "unknown");
			assert.match(unknown?.reason ?? "", /own|write/);
		});
	});

	describe("of files", () => {
		let folder: string;
		const place = async (name: string, mode: number, owner: number): Promise<string> => {
			const path = join(folder, name);
			await writeFile(path, Buffer.alloc(4 * pageSize, 1));
			await chown(path, owner, owner);
			await chmod(path, mode);
			return path;
		};
		before(async () => {
			folder = await mkdtemp(join(tmpdir(), "mapscope-files-"));
			await chmod(folder, 0o755);
		});
		after(() => rm(folder, { recursive: true }));

		it("knows its own, though it may not write it", async () => {
			const { known, runs } = await sampler.call.fileResidency(await place("own", 0o444, nobody.uid));
			assert.equal(known, true);
			assert.equal(runs.length, 1);
		});

		it("knows somebody else's that it may write", async () => {
			assert.equal((await sampler.call.fileResidency(await place("open", 0o666, 0))).known, true);
		});

		it("does not know somebody else's that it may only read, and says why", async () => {
			const residency = await sampler.call.fileResidency(await place("theirs", 0o644, 0));
			assert.equal(residency.known, false);
			assert.deepEqual(residency.runs, []);
			assert.equal(residency.size, BigInt(4 * pageSize));
			assert.match(residency.reason ?? "", /own/);
		});

		it("may not open somebody else's that it may not read", async () => {
			const { code, errno } = await rejection(sampler.call.fileResidency(await place("closed", 0o600, 0)));
			assert.deepEqual([code, errno], ["permissionDenied", "EACCES"]);
		});
	});
});
