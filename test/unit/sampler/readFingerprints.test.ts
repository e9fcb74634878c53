import { deepEqual, equal, ok } from "node:assert/strict";
import { crc32 } from "node:zlib";
import { FingerprintsBuilder } from "../../../src/extension/memory/fingerprints";
import { PageRunsBuilder } from "../../../src/extension/memory/pageRuns";
import { permission, readMaps } from "../../../src/extension/proc/maps";
import { fnv1a, readFingerprints } from "../../../src/extension/sampler/readFingerprints";
import { kernelNotesWrites } from "../../../src/extension/sampler/softDirty";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { takeSample, unmarked } from "../../../src/extension/sampler/takeSample";
import { flagBit } from "../../../src/shared/pageStates";
import { addressToPage } from "../../../src/shared/units";
import { Child } from "../../support/child";
import { Target } from "../../support/target";
import { mapsZeroPage } from "../../support/zeroPage";

const system = readSystemInfo();
const { pageSize } = system;

describe("checksums of what pages hold", () => {
	let target: Target;
	before(async () => {
		target = await Target.start();
	});
	after(() => target.stop());

	const sample = () => takeSample(target.pid, system, { cache: false, smaps: () => false }, 1, undefined);
	const pageOf = (name: string) => addressToPage(target.range(name).start, pageSize);

	it("are of the pages that the program may have changed, and of no others", () => {
		const snapshot = sample();
		const { fingerprints, bytes, cut } = readFingerprints(target.pid, snapshot, unmarked(snapshot), 10_000);
		equal(cut, false);
		equal(bytes, fingerprints.pages * pageSize);
		const one = Buffer.alloc(pageSize);
		one[0] = 1;
		const copied = Buffer.alloc(pageSize, "A");
		copied[0] = 66;
		const anonymous = pageOf("anonymous");
		const expected: readonly (readonly [number, number | undefined])[] = [
			[anonymous, crc32(one)],
			[anonymous + 1, undefined], // not there: reading it would put a page there
			[anonymous + 5, crc32(one)],
			[anonymous + 9, crc32(one)],
			[pageOf("zero") + 2, mapsZeroPage() ? undefined : crc32(Buffer.alloc(pageSize))], // only read
			[pageOf("copied"), undefined], // the file's own page
			[pageOf("copied") + 1, crc32(copied)], // a private copy
			[pageOf("memfd") + 1, crc32(one)],
			[pageOf("shared") + 3, crc32(one)],
			[pageOf("half"), undefined], // may not be written
		];
		for (const [page, sum] of expected) equal(fingerprints.cursor()(page), sum, page.toString(16));
		deepEqual(unmarked(sample()).states, snapshot.runs.states);
	});

	it("end when the time is over, and then are those that matter first", () => {
		const snapshot = sample();
		let time = 0;
		const { fingerprints, cut } = readFingerprints(
			target.pid,
			snapshot,
			unmarked(snapshot),
			1,
			undefined,
			() => time++,
		);
		equal(cut, true);
		const { maps } = snapshot;
		const stack = maps.nameTable.indexOf("[stack]");
		const index = maps.names.indexOf(stack);
		const first = fingerprints.starts[0] ?? 0;
		ok(first >= (maps.startPages[index] ?? 0) && first < (maps.endPages[index] ?? 0));
	});

	it("are kept of pages that the kernel has noted no write to", () => {
		const snapshot = sample();
		const start = pageOf("anonymous");
		const runs = new PageRunsBuilder();
		const plain = unmarked(snapshot);
		for (let run = 0; run < plain.count; run++) {
			const from = plain.starts[run] ?? 0;
			const dirty = from === start + 5 ? flagBit.softDirty : 0;
			runs.push(
				from,
				plain.ends[run] ?? 0,
				plain.states[run] ?? 0,
				((plain.flags[run] ?? 0) & ~flagBit.softDirty) | dirty,
			);
		}
		const before = new FingerprintsBuilder();
		before.add(start, Uint32Array.of(7));
		before.add(start + 5, Uint32Array.of(7));
		const { fingerprints, bytes } = readFingerprints(target.pid, snapshot, runs.finish(), 10_000, before.finish());
		const at = (page: number) => fingerprints.cursor()(page);
		equal(at(start), 7);
		ok(at(start + 5) !== undefined && at(start + 5) !== 7);
		equal(at(start + 9), undefined); // unknown before, and not written since
		// Besides, what others may have written, too: all that is shared.
		const all = readFingerprints(target.pid, snapshot, plain, 10_000).fingerprints.cursor();
		let shared = 0;
		for (let index = 0; index < snapshot.maps.count; index++) {
			const isShared = ((snapshot.maps.permissions[index] ?? 0) & permission.shared) !== 0;
			for (let page = snapshot.maps.startPages[index] ?? 0; page < (snapshot.maps.endPages[index] ?? 0); page++) {
				if (isShared && all(page) !== undefined) shared++;
			}
		}
		ok(shared > 0);
		equal(bytes, (1 + shared) * pageSize);
	});

	it("tell pages apart without zlib's checksum, too", () => {
		const sums = new Set<number>();
		for (let at = 0; at < pageSize; at += 16) {
			const bytes = Buffer.alloc(pageSize);
			bytes[at] = 1;
			sums.add(fnv1a(bytes));
		}
		equal(sums.size, pageSize / 16);
	});

	it("may be spared where the kernel notes writes: as an independent witness finds it does", async () => {
		const witness = await Child.python(`
import ctypes, mmap, struct, sys
size = mmap.PAGESIZE
memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
memory[0] = 1
open("/proc/self/clear_refs", "w").write("4")
memory[0] = 2
address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
with open("/proc/self/pagemap", "rb") as pagemap:
    pagemap.seek(address // size * 8)
    print(struct.unpack("Q", pagemap.read(8))[0] >> 55 & 1, flush=True)
sys.stdin.readline()
`);
		equal(kernelNotesWrites(pageSize), witness.words[0] === "1");
		await witness.stop();
	});

	it("leave the mappings as they are", () => {
		const before = readMaps(target.pid, pageSize).text.toString("latin1");
		const snapshot = sample();
		readFingerprints(target.pid, snapshot, unmarked(snapshot), 10_000);
		equal(readMaps(target.pid, pageSize).text.toString("latin1"), before);
	});
});
