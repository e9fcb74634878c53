import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PageRun } from "../../../src/extension/memory/model";
import type { SamplerService } from "../../../src/extension/sampler/protocol";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { stateCode } from "../../../src/shared/pageStates";
import { addressToPage } from "../../../src/shared/units";
import { type NobodysSampler, nobody, nobodyMayRun, startNobodysSampler } from "../../support/nobody";
import { skip } from "../../support/skip";
import { plainQuery } from "../../support/snapshots";
import { askWitness, askWitnessCached, compile, Target } from "../../support/target";

const run = promisify(execFile);

/** Words that run a shell script in namespaces of its own: mounts and pids, and users where that is said. */
function isolated(users: boolean, script: string, ...parameters: string[]): string[] {
	const flags = [...(users ? ["--user", "--map-root-user"] : []), "--mount", "--pid", "--fork", "--kill-child"];
	return ["unshare", ...flags, "--mount-proc", "sh", "-ec", script, "sh", ...parameters];
}

/** Why namespaces cannot be made here; undefined when they can. */
async function refusal(users: boolean, user: object = {}): Promise<string | undefined> {
	const [command = "", ...parameters] = isolated(users, "mount -t tmpfs none /mnt");
	return await run(command, parameters, user).then(
		() => undefined,
		(error: Error) => `unshare is not permitted: ${error.message.split("\n").slice(-2).join(" ")}`,
	);
}

/** A target in other namespaces; see {@link Target}. */
class IsolatedTarget {
	private constructor(
		readonly target: Target,
		/** Its pid in our namespace. */
		readonly pid: number,
		/** The file system's folder of its files as it sees it. */
		readonly inside: string,
	) {}

	static async start(inside: string, users: boolean, script: string, user?: typeof nobody): Promise<IsolatedTarget> {
		const target = await Target.start(user, "target", (binary, folder) =>
			isolated(users, `${script}\nexec "$1" "$3"`, binary, folder, inside),
		);
		const children = await readFile(`/proc/${target.pid}/task/${target.pid}/children`, "latin1");
		return new IsolatedTarget(target, Number(children.trim()), inside);
	}
}

/** Mounts the target's folder over another one, which has a file of the same name. */
const overFolder = 'mount --bind "$2" "$3"';
/** Mounts memory where our own namespace has nothing. */
const ownMemory = 'mount -t tmpfs none /mnt\nmkdir -p "$3"';

describe("a process in other namespaces", () => {
	const system = readSystemInfo();
	const page = BigInt(system.pageSize);

	const tests = (sampler: () => Pick<SamplerService, keyof SamplerService>, process: () => IsolatedTarget) => {
		const scan = async (name: string): Promise<PageRun[]> => {
			const { start, end } = process().target.range(name);
			return await sampler().scanPages(process().pid, start, end);
		};
		const statesOf = (runs: readonly PageRun[]): string[] =>
			runs.flatMap(({ start, end, state }) => new Array<string>(Number((end - start) / page)).fill(state));

		it("has another pid there", async () => {
			const status = await readFile(`/proc/${process().pid}/status`, "latin1");
			const pids = /^NSpid:\t(.*)$/m.exec(status)?.[1]?.split("\t") ?? [];
			assert.deepEqual([pids[0], pids.at(-1)], [String(process().pid), "1"]);
			const found = (await sampler().listProcesses({ kernelThreads: false })).find(({ pid }) => pid === process().pid);
			assert.equal(found?.readable, true);
		});

		it("has the mappings that the witness sees, under their names there", async () => {
			const { pid, target, inside } = process();
			const [space, witness] = [await sampler().readAddressSpace(pid, "maps"), await askWitness(pid)];
			assert.deepEqual(
				space.mappings.map(({ start, end, device, inode }) => [
					start.toString(16),
					end.toString(16),
					device,
					`${inode}`,
				]),
				witness.mappings.map(({ start, end, device, inode }) => [start, end, device, inode]),
			);
			const nameOf = (label: string) => space.mappings.find(({ start }) => start === target.range(label).start);
			assert.equal(nameOf("half")?.name, `${inside}/half.bin`);
			// Ambiguous names are looked up where the process sees them.
			assert.equal(nameOf("name0")?.name, `${inside}/new\nline`);
			assert.deepEqual([nameOf("name2")?.name, nameOf("name2")?.deleted], [`${inside}/not really (deleted)`, false]);
			assert.equal(nameOf("deleted")?.deleted, true);
		});

		it("has the pages that the witness sees", async () => {
			for (const name of ["anonymous", "zero", "none"]) {
				const [expected] = (await askWitness(process().pid, [process().target.range(name)])).pages;
				const states = statesOf(await scan(name));
				if (system.uid === 0) assert.deepEqual(states, expected, name);
			}
			assert.deepEqual(
				statesOf(await scan("anonymous")).flatMap((state, at) => (state === "anonymous" ? [at] : [])),
				[0, 5, 9],
			);
		});

		it("has its files in the page cache, found through its root", async () => {
			const { pid, target, inside } = process();
			const cached = await askWitnessCached(`/proc/${pid}/root${inside}/half.bin`);
			assert.ok(cached.includes(true));
			const states = statesOf(await scan("half"));
			assert.deepEqual(
				states,
				cached.map((yes) => (yes ? "cached" : "notPresent")),
			);
			const watch = await sampler().watch(pid);
			await sampler().sample(watch, { smaps: "never" });
			const selectedPage = addressToPage(target.range("half").start, system.pageSize);
			const { selected, status } = await sampler().frame(watch, { ...plainQuery, selectedPage });
			assert.deepEqual([status.kind, selected?.cache], ["ok", { known: true }]);
			assert.equal(selected?.statePages[stateCode.cached], cached.filter(Boolean).length);
			const counts = selected?.fileCounts;
			if (counts) assert.equal(counts.cached, cached.filter(Boolean).length);
		});
	};

	/** A file system of its own in memory is known by the mounts of the process only. */
	const memoryTests = (sampler: () => Pick<SamplerService, keyof SamplerService>, process: () => IsolatedTarget) => {
		it("has shared memory where a file system of its own lies in memory", async () => {
			await assert.rejects(access(process().inside));
			const { mappings } = await sampler().readAddressSpace(process().pid, "maps");
			const half = mappings.find(({ start }) => start === process().target.range("half").start);
			assert.deepEqual([half?.kind, half?.label], ["sharedMemory", "half.bin"]);
			const { start } = process().target.range("copied");
			const [first] = await sampler().scanPages(process().pid, start, start + page);
			assert.equal(first?.state, "shmem");
		});
	};

	for (const users of [false, true]) {
		describe(users ? "of mounts, pids and users" : "of mounts and pids", () => {
			const sampler = createSamplerService(system);
			let decoy: string | undefined;
			let onDisk: IsolatedTarget;
			let inMemory: IsolatedTarget;

			before(async function () {
				const reason = await refusal(users);
				if (reason !== undefined) return skip(this, reason);
				decoy = await mkdtemp(join(tmpdir(), "mapscope-decoy-"));
				// Wholly in the page cache, unlike the file that the process maps.
				await writeFile(join(decoy, "half.bin"), Buffer.alloc(32 * system.pageSize, "D"));
				onDisk = await IsolatedTarget.start(decoy, users, overFolder);
				inMemory = await IsolatedTarget.start("/mnt/own memory", users, ownMemory);
			});
			after(async () => {
				await Promise.all([onDisk, inMemory].map((one) => one?.target.stop()));
				if (decoy !== undefined) await rm(decoy, { recursive: true });
			});

			describe("with its files where others have others", () => {
				tests(
					() => sampler,
					() => onDisk,
				);
				it("is not mistaken for the file that has its path here", async () => {
					const cached = await askWitnessCached(join(onDisk.inside, "half.bin"));
					assert.ok(cached.every(Boolean));
					assert.ok(statesOfRuns(await scanHalf(sampler, onDisk)).includes("notPresent"));
				});
			});
			describe("with its files in memory of its own", () => {
				tests(
					() => sampler,
					() => inMemory,
				);
				memoryTests(
					() => sampler,
					() => inMemory,
				);
			});
		});
	}

	describe("of mounts, pids and users, seen by the ordinary user who made them", () => {
		let sampler: NobodysSampler;
		let isolatedTarget: IsolatedTarget;

		before(async function () {
			if (process.geteuid?.() !== 0) return skip(this, "only root can become nobody");
			for (const program of [process.execPath, await compile("target")]) {
				if (!(await nobodyMayRun(program))) return skip(this, `nobody may not run ${program}`);
			}
			const reason = await refusal(true, nobody);
			if (reason !== undefined) return skip(this, reason);
			isolatedTarget = await IsolatedTarget.start("/mnt/own memory", true, ownMemory, nobody);
			sampler = await startNobodysSampler();
		});
		after(() => Promise.all([sampler?.stop(), isolatedTarget?.target.stop()]));

		tests(
			() => sampler.call,
			() => isolatedTarget,
		);
		memoryTests(
			() => sampler.call,
			() => isolatedTarget,
		);
	});

	const scanHalf = async (sampler: SamplerService, { pid, target }: IsolatedTarget): Promise<PageRun[]> => {
		const { start, end } = target.range("half");
		return await sampler.scanPages(pid, start, end);
	};
	const statesOfRuns = (runs: readonly PageRun[]): string[] => runs.map(({ state }) => state);
});
