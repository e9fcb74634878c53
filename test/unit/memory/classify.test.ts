import { strict as assert } from "node:assert";
import { classify, fullLabel, kindOf, mappingAt, moduleOf, shortLabel } from "../../../src/extension/memory/classify";
import { groupMappings } from "../../../src/extension/memory/groups";
import { parseMaps } from "../../../src/extension/proc/maps";
import type { MappingKind } from "../../../src/shared/mappingKinds";
import { recordedPageSize as pageSize } from "../../support/fixtures";
import { mapsText } from "../../support/kernelText";
import { recordedSnapshot } from "../../support/snapshots";

/** Kinds and labels of made-up lines. */
function classifyLines(lines: readonly (readonly [string, string?])[], memoryDevices: readonly number[] = []) {
	const maps = parseMaps(mapsText(...lines), pageSize);
	assert.equal(maps.malformed, 0);
	const classification = classify(maps, new Set(memoryDevices), pageSize);
	return lines.map((_, index) => ({
		kind: kindOf(classification, index),
		label: shortLabel(maps, classification, index),
		full: fullLabel(maps, classification, index),
		module: moduleOf(maps, classification, index),
		shared: classification.sharedMemory[index] === 1,
	}));
}

const one = (head: string, name?: string, memoryDevices: readonly number[] = []) =>
	classifyLines(
		[name === undefined ? [`7f0000000000-7f0000004000 ${head}`] : [`7f0000000000-7f0000004000 ${head}`, name]],
		memoryDevices,
	)[0];

describe("kinds of mappings", () => {
	const anonymous = "rw-p 00000000 00:00 0";
	const shmem = "rw-s 00000000 00:01 42";
	const cases: readonly (readonly [head: string, name: string | undefined, kind: MappingKind, label: string])[] = [
		[anonymous, undefined, "anonymous", "Anonymous"],
		[anonymous, "[heap]", "heap", "Heap"],
		[anonymous, "[stack]", "stack", "Stack"],
		[anonymous, "[stack:4711]", "stack", "Stack"],
		[anonymous, "[anon:scudo:primary]", "anonymous", "scudo:primary"],
		[shmem, "[anon_shmem:ring]", "sharedMemory", "ring"],
		["r--p 00000000 00:00 0", "[vvar]", "kernel", "[vvar]"],
		["r--p 00000000 00:00 0", "[vvar_vclock]", "kernel", "[vvar_vclock]"],
		["r-xp 00000000 00:00 0", "[vdso]", "kernel", "[vdso]"],
		["r-xp 00000000 00:00 0", "[vectors]", "kernel", "[vectors]"],
		["r-xp 00000000 00:00 0", "[sigpage]", "kernel", "[sigpage]"],
		["--xp 00000000 00:00 0", "[uprobes]", "kernel", "[uprobes]"],
		["r-xp 00000000 00:00 0", "[what will come]", "kernel", "[what will come]"],
		[shmem, "/memfd:my memfd (deleted)", "sharedMemory", "memfd my memfd"],
		["r-xp 00000000 00:01 42", "/memfd:jit (deleted)", "sharedMemory", "memfd jit"],
		[shmem, "/dev/zero (deleted)", "sharedMemory", "Shared anonymous"],
		["rw-p 00000000 00:06 5", "/dev/zero", "anonymous", "Anonymous"],
		[shmem, "/SYSV00001234 (deleted)", "sharedMemory", "SysV key 0x00001234"],
		[shmem, "/SYSV00000000 (deleted)", "sharedMemory", "SysV private segment"],
		[shmem, "/dev/shm/segment", "sharedMemory", "segment"],
		[shmem, "/dev/shm/segment (deleted)", "sharedMemory", "segment"],
		[shmem, "/secretmem (deleted)", "sharedMemory", "secretmem"],
		["rw-p 00000000 00:11 61522", "/anon_hugepage (deleted)", "hugetlb", "Huge pages"],
		["rw-s 1043eb000 e2:00 88", "/dev/dri/card0", "device", "GPU card0"],
		["rw-s 00000000 00:06 89", "/dev/dri/renderD128", "device", "GPU renderD128"],
		["rw-s 00000000 00:06 90", "/dev/nvidia0", "device", "NVIDIA GPU nvidia0"],
		["rw-s 00000000 00:06 91", "/dev/nvidia-uvm", "device", "NVIDIA GPU nvidia-uvm"],
		["rw-s 00000000 00:06 92", "/dev/fb0", "device", "Frame buffer 0"],
		["rw-s 00000000 00:06 93", "/dev/hpet", "device", "hpet"],
		[
			"rw-s 00000000 00:15 93",
			"/sys/devices/pci0000:00/0000:00:02.0/resource0",
			"device",
			"PCI device 0000:00:02.0 resource0",
		],
		["rw-s 00000000 00:0e 88", "anon_inode:[io_uring]", "device", "io_uring rings"],
		["rw-s 00000000 00:0e 88", "anon_inode:[perf_event]", "device", "perf events"],
		["rw-s 00000000 00:0e 88", "anon_inode:[what will come]", "device", "Kernel object what will come"],
		["rw-s 00000000 00:0e 88", "anon_inode:kvm-vcpu:0", "device", "KVM virtual CPU 0"],
		["rw-s 00000000 00:0e 88", "anon_inode:bpf-map", "device", "BPF map"],
		["rw-s 00000000 00:08 12345", "socket:[12345]", "device", "Packet socket ring 12345"],
		["rw-s 00000000 00:0b 9", "/dmabuf:buffer", "device", "dma-buf buffer"],
		["rw-s 00000000 00:0b 9", "/dmabuf:", "device", "dma-buf"],
		["rw-s 00000000 00:01 9", "/i915 (deleted)", "device", "GPU buffer (i915)"],
		["rw-s 00000000 00:01 9", "/drm mm object (deleted)", "device", "GPU buffer"],
		["rw-s 00000000 00:0f 9", "/[aio] (deleted)", "device", "AIO ring"],
		["r-xp 00000000 00:00 0", undefined, "code", "JIT code"],
		["rwxp 00000000 00:00 0", undefined, "code", "JIT code"],
		["rwxp 00000000 00:00 0", "[anon:v8]", "code", "JIT code v8"],
		["---p 00000000 00:00 0", "[anon:v8]", "reserved", "Reserved for v8"],
		["rwxp 00000000 00:00 0", "[stack]", "stack", "Stack"],
		[anonymous, "[anon: glibc: malloc]", "heap", "malloc"],
		[anonymous, "[anon: glibc: malloc arena]", "heap", "malloc arena"],
		["---p 00000000 00:00 0", "[anon: glibc: malloc arena]", "reserved", "Reserved for malloc arena"],
		[anonymous, "[anon: glibc: pthread stack: 4711]", "stack", "pthread stack: 4711"],
		["r--p 00000000 fe:00 42", "/etc/ld.so.cache", "file", "ld.so.cache"],
		["rw-p 00000000 fe:00 42", "/var/db (deleted)", "file", "db"],
		["rw-s 00000000 fe:00 42", "/var/db", "file", "db"],
		["r-xp 00000000 fe:00 42", "/usr/bin/env", "code", "Code"],
		["r-xs 00000000 fe:00 42", "/usr/bin/env", "file", "env"],
		["rw-s 00000000 fe:00 42", "/SYSVfile", "file", "SYSVfile"],
		["rw-s 00000000 fe:00 42", "/secretmemory/x", "file", "x"],
	];
	for (const [head, name, kind, label] of cases) {
		it(`${head} ${name ?? "(no name)"} is ${kind}`, () => {
			const found = one(head, name);
			assert.equal(found?.kind, kind);
			assert.equal(found?.label, label);
		});
	}

	it("files of a file system in memory are shared memory when they are mapped shared", () => {
		const tmpfs = (0 << 20) | 0x1a;
		assert.deepEqual(one("rw-s 00000000 00:1a 7", "/tmp/ring", [tmpfs])?.kind, "sharedMemory");
		assert.equal(one("rw-p 00000000 00:1a 7", "/tmp/ring", [tmpfs])?.kind, "file");
		assert.equal(one("rw-p 00000000 00:1a 7", "/tmp/ring", [tmpfs])?.shared, true);
		assert.equal(one("rw-s 00000000 00:1b 7", "/tmp/ring", [tmpfs])?.kind, "file");
	});

	it("of a program: code, read-only data, data, BSS", () => {
		const found = classifyLines([
			["00400000-00401000 r--p 00000000 fe:00 7", "/bin/a"],
			["00401000-00402000 r-xp 00001000 fe:00 7", "/bin/a"],
			["00402000-00403000 r--p 00002000 fe:00 7", "/bin/a"],
			["00403000-00404000 ---p 00003000 fe:00 7", "/bin/a"],
			["00404000-00405000 rw-p 00003000 fe:00 7", "/bin/a"],
			["00405000-00406000 rw-p 00000000 00:00 0"],
			["00407000-00408000 rw-p 00000000 00:00 0"],
		]);
		assert.deepEqual(
			found.map(({ kind }) => kind),
			["readOnlyData", "code", "readOnlyData", "reserved", "data", "bss", "anonymous"],
		);
		assert.deepEqual(
			found.map(({ module }) => module),
			["a", "a", "a", "a", "a", "a", undefined],
		);
		assert.equal(found[5]?.full, "a · BSS");
	});

	it("of a file that is never executed: data behind it is no BSS", () => {
		const found = classifyLines([
			["7f0000000000-7f0000001000 rw-p 00000000 fe:00 7", "/var/db"],
			["7f0000001000-7f0000002000 rw-p 00000000 00:00 0"],
		]);
		assert.deepEqual(
			found.map(({ kind }) => kind),
			["file", "anonymous"],
		);
	});

	it("PROT_NONE is a guard where it is small and touches memory, else a reservation", () => {
		const found = classifyLines([
			["7f0000000000-7f0000001000 ---p 00000000 00:00 0"],
			["7f0000001000-7f0000002000 rw-p 00000000 00:00 0"],
			["7f0000002000-7f0000103000 ---p 00000000 00:00 0"],
			["7f0000200000-7f0000201000 ---p 00000000 00:00 0"],
		]);
		assert.deepEqual(
			found.map(({ kind }) => kind),
			["guard", "anonymous", "reserved", "reserved"],
		);
	});

	it("a thread's stack is told by its stack pointer, in memory without a file only", () => {
		const maps = parseMaps(
			mapsText(
				["7f0000000000-7f0000001000 ---p 00000000 00:00 0"],
				["7f0000001000-7f0000801000 rw-p 00000000 00:00 0"],
				["7f0000901000-7f0000902000 rw-p 00000000 00:00 0"],
				["7f0000a00000-7f0000a01000 rw-p 00000000 fe:00 7", "/var/db"],
			),
			pageSize,
		);
		const stacks = [
			{ tid: 7, name: "worker", page: 0x7f0000800 },
			{ tid: 8, name: "a", page: 0x7f0000901 },
			{ tid: 9, name: "b", page: 0x7f0000901 },
			{ tid: 10, name: "file", page: 0x7f0000a00 },
			{ tid: 11, name: "gone", page: 0x7f0000902 },
		];
		const classification = classify(maps, new Set(), pageSize, undefined, stacks);
		assert.deepEqual(
			[0, 1, 2, 3].map((index) => kindOf(classification, index)),
			// Two threads whose pointers lie in one arena (goroutines): it is nobody's stack.
			["guard", "stack", "anonymous", "file"],
		);
		assert.match(shortLabel(maps, classification, 1), /worker.*7/);
		const groups = groupMappings(maps, classification, undefined);
		assert.deepEqual(groups.find(({ family }) => family === "stacks")?.members, [0, 1]);
	});

	it("finds the mapping of a page", () => {
		const { maps } = recordedSnapshot("chromium");
		for (let index = 0; index < maps.count; index++) {
			assert.equal(mappingAt(maps, maps.startPages[index] ?? -1), index);
			assert.equal(mappingAt(maps, (maps.endPages[index] ?? 0) - 1), index);
			const touches = maps.startPages[index + 1] === maps.endPages[index];
			assert.equal(mappingAt(maps, maps.endPages[index] ?? 0), touches ? index + 1 : -1);
		}
		assert.equal(mappingAt(maps, 0), -1);
	});

	it("memory that only looks like an arena is none: below, aligned otherwise, of another size, without glibc", () => {
		const libc = ["7f0100000000-7f0100001000 r--p 00000000 fe:00 7", "/lib/libc.so.6"] as const;
		const like = (start: number, tail: number, last: readonly [string, string?] = libc): string | undefined => {
			const hex = (address: number): string => address.toString(16);
			const [middle, end] = [hex(start + 0x21000), hex(start + tail)];
			return classifyLines([
				[`${hex(start)}-${middle} rw-p 00000000 00:00 0`],
				[`${middle}-${end} ---p 00000000 00:00 0`],
				last,
			])[0]?.label;
		};
		assert.equal(like(0x7f0010000000, 0x4000000), "malloc arena");
		assert.equal(like(0xfc000000, 0x4000000), "Anonymous");
		assert.equal(like(0x7f0010001000, 0x4000000), "Anonymous");
		assert.equal(like(0x7f0010000000, 0x8000000), "Anonymous");
		assert.equal(
			like(0x7f0010000000, 0x4000000, ["7f0100000000-7f0100001000 r--p 0 fe:00 7", "/lib/libm.so"]),
			"Anonymous",
		);
	});

	it("of a file system of huge pages: by its device", () => {
		const maps = parseMaps(
			mapsText(
				["7f0000000000-7f0000200000 rw-s 00000000 00:0c 7", "/mnt/huge/pool"],
				["7f0000200000-7f0000400000 rw-s 00000000 00:10 8", "/memfd:huge (deleted)"],
				["7f0000400000-7f0000600000 rw-p 00000000 00:00 0"],
			),
			pageSize,
		);
		const classification = classify(maps, new Set(), pageSize, undefined, [], new Set([0x0c, 0x10, 0]));
		assert.deepEqual(
			[0, 1, 2].map((index) => [kindOf(classification, index), classification.sharedMemory[index]]),
			[
				["hugetlb", 1],
				["hugetlb", 1],
				["anonymous", 0],
			],
		);
	});
});
