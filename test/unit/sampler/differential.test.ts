import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type Mocha from "mocha";
import type { AddressSpace, MappingUsage } from "../../../src/extension/memory/model";
import { camelCase } from "../../../src/extension/sampler/addressSpace";
import type { SamplerService } from "../../../src/extension/sampler/protocol";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { until } from "../../support/child";
import { nobody, nobodyMayRun, startNobodysSampler } from "../../support/nobody";
import {
	askFincore,
	askPsutil,
	exists,
	psutilAmounts,
	readNumaMaps,
	readPmap,
	readRollup,
} from "../../support/otherReaders";
import { skip } from "../../support/skip";
import { plainQuery } from "../../support/snapshots";
import { askWitness, compile, Target } from "../../support/target";

/** Somebody who reads: a sampler, and as whom other programs are run. */
interface Reader {
	readonly sampler: Pick<SamplerService, keyof SamplerService>;
	readonly user?: typeof nobody;
	stop?(): Promise<void>;
}

describe("beside other readers of the same process", () => {
	compareReaders(async () => ({ sampler: createSamplerService(readSystemInfo()) }));
});

describe("beside other readers of the same process, without privileges", () => {
	compareReaders(async (context) => {
		if (process.geteuid?.() !== 0) return skip(context, "only root can become nobody");
		for (const program of [process.execPath, await compile("target", ["-static"])]) {
			if (!(await nobodyMayRun(program))) return skip(context, `nobody may not run ${program}`);
		}
		const { call, stop } = await startNobodysSampler();
		return { sampler: call, user: nobody, stop };
	});
});

/** Programs that read the same from the kernel as we do are asked about processes that stand still. */
function compareReaders(open: (context: Mocha.Context) => Promise<Reader>): void {
	const system = readSystemInfo();
	const targets: Target[] = [];
	let reader: Reader;
	let sampler: Reader["sampler"];

	before(async function () {
		reader = await open(this);
		sampler = reader.sampler;
		// A program that shares no library: what it maps, nobody else does, and every amount is its own.
		const alone = await compile("target", ["-static"]);
		targets.push(await Target.start(reader.user, "target", (_, folder) => [alone, folder]));
		for (const program of ["target", "kinds", "relatives"]) targets.push(await Target.start(reader.user, program));
		for (const target of targets) {
			target.child.kill("SIGSTOP");
			await until(async () => (/^\d+ \(.*\) T /s.test(await readStat(target.pid)) ? true : undefined));
		}
	});
	after(() => Promise.all([reader?.stop?.(), ...targets.map((target) => target.stop())]));

	/**
	 * Compares what `they` and `we` say of the same moment. Others map the same libraries, and what is shared with them
	 * changes when they come and go: `they` are asked before and after us, and all are asked again when that changed
	 * between, or when it may have changed there and back. What is wrong stays wrong, however often one asks.
	 */
	async function atOnce<T, U>(
		they: () => Promise<T>,
		we: () => Promise<U>,
		compare: (theirs: T, ours: U) => void,
	): Promise<void> {
		let differences = 0;
		await until(async () => {
			const before = await they();
			const ours = await we();
			if (!isDeepStrictEqual(before, await they())) return undefined;
			try {
				compare(before, ours);
				return true;
			} catch (error) {
				if (++differences === 10) throw error;
				return undefined;
			}
		});
	}
	const findProcess = async (pid: number) =>
		(await sampler.listProcesses({ kernelThreads: false })).find((one) => one.pid === pid);
	const readSpace = async (pid: number): Promise<AddressSpace> => await sampler.readAddressSpace(pid, "smaps");

	it("every field of every mapping is what pmap -XX says", async function () {
		if (!(await exists("pmap"))) return skip(this, "pmap of procps is not installed");
		for (const { pid } of targets) {
			await atOnce(
				() => readPmap(pid, reader.user),
				() => readSpace(pid),
				(table, space) => {
					assert.equal(table.rows.length, space.mappings.length);
					for (const [index, mapping] of space.mappings.entries()) {
						const row = table.rows[index];
						const where = `${pid} ${row?.fields["Address"]}`;
						const { Address, Perm, Offset, Device, Inode, ...amounts } = row?.fields ?? {};
						assert.deepEqual(
							[
								mapping.start.toString(16).padStart(8, "0"),
								mapping.permissions,
								mapping.offset.toString(16).padStart(8, "0"),
							],
							[Address, Perm, Offset],
							where,
						);
						assert.deepEqual([mapping.device, String(mapping.inode)], [Device, Inode], where);
						assert.deepEqual(mapping.vmFlags ?? [], row?.flags, where);
						const { usage = {} } = mapping;
						const expected = Object.entries(amounts).map(([field, text]): [string, number] => {
							const unit = field === "THPeligible" || field === "ProtectionKey" ? 1 : 1024;
							return [camelCase(field), Number(text) * unit];
						});
						assert.ok(expected.length >= 20);
						const theirs = Object.fromEntries(expected);
						// pmap maps libraries itself while it reads.
						const mayDiffer = mapping.kind === "kernel" || (pid !== targets[0]?.pid && mapping.inode !== 0n);
						if (mayDiffer) assert.deepEqual(withoutSharing(usage), withoutSharing(theirs), where);
						else assert.deepEqual(usage, theirs, where);
					}
				},
			);
		}
	});

	it("every field adds up to what smaps_rollup says", async () => {
		for (const { pid } of targets) {
			await atOnce(
				() => readRollup(pid),
				() => readSpace(pid),
				(rollup, space) => {
					for (const [field, bytes] of rollup) {
						// Kinds of PSS that only the rollup has.
						if (/^Pss_(Anon|File|Shmem)$/.test(field)) continue;
						const sum = space.mappings.reduce(
							(total, { usage }) => total + (usage?.[camelCase(field)] ?? Number.NaN),
							0,
						);
						// Shares are cut to whole KiB in each mapping, but only once in the rollup.
						const cut = /Pss|Locked/.test(field) ? space.mappings.length * 1024 : 0;
						assert.ok(bytes - sum >= 0 && bytes - sum <= cut, `${pid} ${field}: ${sum} of ${bytes}`);
					}
				},
			);
		}
	});

	it("the totals of a picture are those of smaps_rollup, and its kinds add up to them", async () => {
		for (const { pid } of targets) {
			await atOnce(
				() => readRollup(pid),
				async () => {
					const watch = await sampler.watch(pid);
					await sampler.sample(watch, { smaps: "always" });
					return await sampler.frame(watch, plainQuery);
				},
				(rollup, frame) => {
					const of = new Map(rollup);
					const { resident, pss, privateDirty, swap } = frame.totals;
					assert.deepEqual(
						[resident, pss, privateDirty, swap],
						[of.get("Rss"), of.get("Pss"), of.get("Private_Dirty"), of.get("Swap")],
					);
					assert.equal(
						frame.kinds.reduce((sum, { bytes = Number.NaN }) => sum + bytes, 0),
						of.get("Rss"),
					);
					assert.equal(frame.process.state, "T");
				},
			);
		}
	});

	it("every page that is mapped is counted by numa_maps", async function () {
		const [first] = targets;
		const text = await readFile(`/proc/${first?.pid}/numa_maps`, "latin1").catch(() => undefined);
		if (text === undefined) return skip(this, "this kernel has no numa_maps");
		for (const { pid } of targets) {
			await atOnce(
				() => readNumaMaps(pid),
				async () => ({ space: await readSpace(pid), states: await countStates(pid) }),
				(lines, { space, states }) => {
					for (const { start, nodes, anon, dirty, pageSize } of lines) {
						const mapping = space.mappings.find((one) => one.start === start);
						assert.ok(mapping, start.toString(16));
						// The kernel's own pages are reserved, and belong to no node.
						if (mapping.kind === "kernel") continue;
						const where = `${pid} ${start.toString(16)} ${mapping.label}`;
						const counts = states.get(start) ?? {};
						const present = (counts["anonymous"] ?? 0) + (counts["file"] ?? 0) + (counts["shmem"] ?? 0);
						// Rings and the like are mapped without the kernel's count of pages.
						if (mapping.kind !== "device") assert.equal(present * system.pageSize, nodes * pageSize, where);
						assert.equal((counts["anonymous"] ?? 0) * system.pageSize, anon * pageSize, where);
						const written = (mapping.usage?.["privateDirty"] ?? 0) + (mapping.usage?.["sharedDirty"] ?? 0);
						if (mapping.kind !== "device") assert.equal(written, dirty * pageSize, where);
					}
					assert.equal(lines.length, space.mappings.filter(({ name }) => name !== "[vsyscall]").length);
				},
			);
		}
	});

	it("as many pages of a file are in the page cache as fincore says", async function () {
		if (!(await exists("fincore"))) return skip(this, "fincore of util-linux is not installed");
		const [, target] = targets;
		assert.ok(target);
		const { mappings } = await sampler.readAddressSpace(target.pid, "maps");
		const paths = [join(target.folder, "half.bin"), join(target.folder, "copied.bin"), "/etc/passwd"];
		for (const path of new Set([...paths, ...mappings.map(({ name }) => name).filter(isLibrary)])) {
			await atOnce(
				() => askFincore(path),
				() => sampler.fileResidency(path),
				(theirs, ours) => {
					// Linux answers falsely about what one may not write, and fincore repeats it.
					if (!ours.known) return;
					const pages = ours.runs
						.filter(({ cached }) => cached)
						.reduce((sum, { start, end }) => sum + Math.ceil(Number(end - start) / system.pageSize), 0);
					assert.deepEqual([pages, Number(ours.size)], [theirs.pages, theirs.size], path);
				},
			);
		}
		const states = (await countStates(target.pid)).get(target.range("half").start) ?? {};
		const { pages } = await askFincore(join(target.folder, "half.bin"));
		assert.equal((states["cached"] ?? 0) + (states["file"] ?? 0), pages);
	});

	it("every amount of every mapping is what psutil says", async function () {
		const info = await askPsutil(targets[0]?.pid ?? 0, reader.user).catch(() => undefined);
		if (info === undefined) return skip(this, "psutil of Debian's Python is not installed");
		for (const { pid } of targets) {
			await atOnce(
				() => askPsutil(pid, reader.user),
				async () => ({ space: await readSpace(pid), process: await findProcess(pid) }),
				(theirs, { space, process }) => {
					assert.equal(theirs.maps.length, space.mappings.length);
					for (const [index, { start, end, permissions, name, inode, usage }] of space.mappings.entries()) {
						const { address, perms, path, size = 0, ...amounts } = theirs.maps[index] ?? assert.fail();
						const where = `${pid} ${address} ${path}`;
						const range = [start, end].map((one) => one.toString(16).padStart(8, "0")).join("-");
						assert.deepEqual([range, permissions, Number(end - start)], [address, perms, size], where);
						// Mappings without a name are "[anon]" to psutil, and it guesses which files were deleted.
						if (name.startsWith("[")) assert.equal(name, path, where);
						else assert.equal(path === "[anon]", name === "", where);
						const isShared = inode !== 0n && pid !== targets[0]?.pid;
						const compared = isShared ? (["rss", "referenced", "anonymous", "swap"] as const) : psutilAmounts;
						for (const field of compared) assert.equal(usage?.[camelCase(field)], amounts[field], `${where} ${field}`);
					}
					assert.deepEqual(
						[process?.parentPid, process?.uid, process?.user, process?.state, process?.name],
						[theirs.parent, theirs.uid, theirs.user, "T", theirs.name],
					);
					assert.deepEqual(process?.commandLine, theirs.commandLine);
				},
			);
		}
	});

	it("every page of every mapping is what a reader of pagemap in Python says", async () => {
		for (const { pid } of targets) {
			const { mappings } = await sampler.readAddressSpace(pid, "maps");
			const inUserSpace = mappings.filter(({ end }) => end < 1n << 63n);
			await atOnce(
				async () => (await askWitness(pid, inUserSpace, reader.user)).pages,
				() => Promise.all(inUserSpace.map(({ start, end }) => sampler.scanPages(pid, start, end))),
				(witness, pages) => {
					for (const [index, { start, label }] of inUserSpace.entries()) {
						const states = (pages[index] ?? []).flatMap((run) =>
							new Array<string>(Number(run.end - run.start) / system.pageSize).fill(inPageTable(run.state)),
						);
						// Frames are hidden from others than root: then the witness cannot tell the zero page from memory.
						const theirs = witness[index] ?? [];
						const ours = reader.user ? states.map((state) => (state === "zero" ? "anonymous" : state)) : states;
						assert.deepEqual(ours, theirs, `${pid} ${start.toString(16)} ${label}`);
					}
				},
			);
		}
	});

	it("the mappings that are counted are those of maps, and the picture has their sum", async () => {
		for (const { pid } of targets) {
			const text = await readFile(`/proc/${pid}/maps`, "latin1");
			const sizes = [...text.matchAll(/^([0-9a-f]+)-([0-9a-f]+) /gm)].map(
				([, start, end]) => BigInt(`0x${end}`) - BigInt(`0x${start}`),
			);
			const watch = await sampler.watch(pid);
			await sampler.sample(watch, { smaps: "never" });
			const { totals, process } = await sampler.frame(watch, plainQuery);
			const virtual = sizes.reduce((sum, size) => sum + size, 0n);
			assert.deepEqual([totals.mappings, BigInt(totals.virtual)], [sizes.length, virtual]);
			assert.equal(process.pid, pid);
		}
	});

	/** Pages of each mapping by their state. */
	async function countStates(pid: number): Promise<Map<bigint, Record<string, number>>> {
		const { mappings } = await sampler.readAddressSpace(pid, "maps");
		const counts = new Map<bigint, Record<string, number>>();
		for (const { start, end, kind } of mappings) {
			if (kind === "kernel") continue;
			const states: Record<string, number> = {};
			for (const run of await sampler.scanPages(pid, start, end)) {
				states[run.state] = (states[run.state] ?? 0) + Number(run.end - run.start) / system.pageSize;
			}
			counts.set(start, states);
		}
		return counts;
	}
}

/** The page table alone knows nothing of the page cache, and does not tell shared memory from files. */
function inPageTable(state: string): string {
	if (state === "cached" || state === "unknown") return "notPresent";
	return state === "shmem" ? "file" : state;
}

function isLibrary(name: string): boolean {
	return /\.so[.\d]*$/.test(name);
}

async function readStat(pid: number): Promise<string> {
	return await readFile(`/proc/${pid}/stat`, "latin1");
}

/** Amounts without what depends on how many others map the same. */
function withoutSharing(usage: MappingUsage): Record<string, number | undefined> {
	const { pss: _, pssDirty: __, sharedClean = 0, sharedDirty = 0, privateClean = 0, privateDirty = 0, ...rest } = usage;
	return { ...rest, clean: sharedClean + privateClean, dirty: sharedDirty + privateDirty };
}
