import { strict as assert } from "node:assert";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { addressToPage } from "../../../src/shared/units";
import { Child, until } from "../../support/child";
import { plainQuery } from "../../support/snapshots";

/** Threads that sleep, and say their id and where the C library keeps its data about them: at the top of their stack. */
const program = `
import ctypes, sys, threading, time
libc = ctypes.CDLL(None)
libc.pthread_self.restype = ctypes.c_void_p
found, lock = [], threading.Lock()
def rest(name):
    libc.prctl(15, ctypes.c_char_p(name))
    with lock: found.append(f"{threading.get_native_id()} {libc.pthread_self():x}")
    time.sleep(1e6)
for name in [b"first", b"<b>second</b>", b"\\xe2\\x80\\xaethird"]:
    threading.Thread(target=rest, args=(name,), daemon=True).start()
while len(found) < 3: time.sleep(0.01)
print(*found, flush=True)
sys.stdin.read()
`;

/** Threads by the hundred; one more for each line that comes. */
const crowd = `
import sys, threading, time
threading.stack_size(65536)
ready = threading.Semaphore(0)
def rest():
    ready.release()
    time.sleep(1e6)
def start(count):
    for _ in range(count): threading.Thread(target=rest, daemon=True).start()
    for _ in range(count): ready.acquire()
start(1200)
print("ready", flush=True)
for line in sys.stdin: start(1)
`;

describe("stacks of threads", () => {
	const system = readSystemInfo();
	const sampler = createSamplerService(system);
	let child: Child;
	let threads: { tid: number; address: bigint }[];

	before(async () => {
		child = await Child.python(program);
		threads = [0, 2, 4].map((at) => ({
			tid: Number(child.words[at]),
			address: BigInt(`0x${child.words[at + 1]}`),
		}));
		// The kernel has no stack pointer of a thread that runs just now: wait until all are at rest.
		await until(async () => {
			const { mappings } = await sampler.readAddressSpace(child.pid, "maps");
			return mappings.filter(({ threadId }) => threadId !== undefined).length === threads.length ? true : undefined;
		});
	});
	after(() => child.stop());

	it("are those in which the C library keeps each thread's data", async () => {
		const { mappings } = await sampler.readAddressSpace(child.pid, "maps");
		for (const { tid, address } of threads) {
			const mapping = mappings.find(({ start, end }) => start <= address && address < end);
			assert.equal(mapping?.kind, "stack");
			assert.equal(mapping?.threadId, tid);
		}
		assert.equal(mappings.filter(({ threadId }) => threadId !== undefined).length, threads.length);
	});

	it("are in one group with their guards, and named in the picture", async () => {
		const watch = await sampler.watch(child.pid);
		await sampler.sample(watch, { smaps: "never" });
		const names: (string | undefined)[] = [];
		for (const { tid, address } of threads) {
			const selectedPage = addressToPage(address, system.pageSize);
			const { selected } = await sampler.frame(watch, { ...plainQuery, selectedPage });
			assert.equal(selected?.threadId, tid);
			names.push(selected?.threadName);
		}
		assert.deepEqual(names.sort(), ["<b>second</b>", "first", "\u202ethird"]);
		const { groups } = await sampler.readGroups(child.pid, 1000);
		const stacks = groups.filter(({ family }) => family === "stacks").flatMap(({ mappings }) => mappings);
		const kinds = stacks.map(({ mapping }) => mapping.kind).sort();
		// Three stacks with a guard below each, and the main thread's.
		assert.deepEqual(kinds, ["guard", "guard", "guard", "stack", "stack", "stack", "stack"]);
	});

	it("are all told where there are many, and stay told while more come", async () => {
		const many = await Child.python(crowd);
		try {
			const watch = await sampler.watch(many.pid);
			const told = async (): Promise<number> => {
				await sampler.sample(watch, { smaps: "never" });
				const { kinds } = await sampler.frame(watch, plainQuery);
				return kinds.find(({ kind }) => kind === "stack")?.mappings ?? 0;
			};
			// The main thread's among them. One that runs just now has no stack pointer to read.
			await until(async () => ((await told()) === 1201 ? true : undefined));
			for (let more = 1; more <= 3; more++) {
				many.process.stdin?.write("\n");
				await until(async () => {
					const count = await told();
					assert.ok(count >= 1200 + more, `${count} of ${1201 + more}`);
					return count === 1201 + more ? true : undefined;
				});
			}
		} finally {
			await many.stop();
		}
	});
});
