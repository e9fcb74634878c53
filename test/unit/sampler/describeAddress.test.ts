import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { chmod, copyFile, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { AddressDescription, MappedAddress, ModulePlace } from "../../../src/extension/memory/model";
import { createSamplerService } from "../../../src/extension/sampler/service";
import { readSystemInfo } from "../../../src/extension/sampler/system";
import { MapscopeError } from "../../../src/shared/errors";
import { addressToPage } from "../../../src/shared/units";
import { Child, until } from "../../support/child";
import { compileWith, isInstalled, makeProgramFolder, withElf, witnessSymbols } from "../../support/elfPrograms";
import { type NobodysSampler, nobody, nobodyMayRun, startNobodysSampler } from "../../support/nobody";
import { skip } from "../../support/skip";
import { askWitnessCached } from "../../support/target";

const run = promisify(execFile);

/** What the sampler says of addresses, against what the program says of itself, `readelf` and gdb. */
describe("an address of a live process", () => {
	const system = readSystemInfo();
	const sampler = createSamplerService(system);
	let folder: Awaited<ReturnType<typeof makeProgramFolder>>;
	let library: string;
	const children: Child[] = [];

	before(async function () {
		if (!(await isInstalled("gcc"))) return skip(this, "gcc is missing");
		folder = await makeProgramFolder();
		library = await compileWith(folder.path, "library", "library.so", ["-shared", "-fPIC"]);
	});
	after(async () => {
		await Promise.all(children.map((child) => child.stop()));
		await folder?.remove();
	});

	/** Starts a program and gives what it said of itself. */
	async function start(program: string, ...parameters: string[]) {
		const child = await Child.start(program, parameters);
		children.push(child);
		const said = new Map(
			child.words.flatMap((word) => {
				const [name, address] = word.split("=");
				return name && address ? [[name, BigInt(`0x${address}`)] as const] : [];
			}),
		);
		const at = (name: string): bigint => said.get(name) ?? assert.fail(`the program did not say where ${name} is`);
		return { pid: child.pid, at };
	}
	const mapped = (description: AddressDescription): MappedAddress => {
		assert.ok(description.kind === "mapping");
		return description;
	};
	const moduleAt = async (pid: number, address: bigint): Promise<ModulePlace> =>
		mapped(await sampler.describeAddress(pid, address)).module ?? assert.fail("it is of no module");

	const names = [
		["shown_function", ".text"],
		["hidden_function", ".text"],
		["main", ".text"],
		["constant_table", ".rodata"],
		["initialized_data", ".data"],
		["hidden_data", ".data"],
		["zero_data", ".bss"],
		["hidden_zeros", ".bss"],
	] as const;
	const variants: Readonly<Record<string, readonly string[]>> = {
		"position independent": ["-pie", "-fPIE"],
		"at fixed addresses": ["-no-pie", "-fno-pie"],
		static: ["-static"],
		"static and position independent": ["-static-pie"],
		"with segments that share pages": ["-Wl,-z,noseparate-code"],
		"with huge alignment": ["-Wl,-z,max-page-size=2097152"],
	};
	for (const [what, flags] of Object.entries(variants)) {
		it(`has the section and the symbol of the program: ${what}`, async () => {
			const name = what.replaceAll(" ", "-");
			const program = await compileWith(folder.path, "symbols", name, flags);
			const { pid, at } = await start(program);
			const symbols = await witnessSymbols(program);
			for (const [symbol, section] of names) {
				const witness = symbols.find((one) => one.name === symbol) ?? assert.fail(`readelf has no ${symbol}`);
				const last = BigInt(Math.max(0, witness.size - 1));
				for (const offset of [0n, 1n, last]) {
					const module = await moduleAt(pid, at(symbol) + offset);
					assert.deepEqual(module.symbol, {
						name: symbol,
						offset: Number(offset),
						size: witness.size,
						inside: true,
					});
					assert.equal(module.section, section);
					assert.equal(module.fileAddress, witness.address + offset);
					assert.equal(module.loadBias, at(symbol) - witness.address);
					if (!what.includes("independent")) continue;
					assert.notEqual(module.loadBias, 0n);
				}
			}
			if (what === "static" || what === "at fixed addresses") {
				assert.equal((await moduleAt(pid, at("main"))).loadBias, 0n);
			}
		});
	}

	it("is what gdb says it is, in the program and in every library", async function () {
		if (!(await isInstalled("gdb"))) return skip(this, "gdb is missing");
		const program = await compileWith(folder.path, "symbols", "for-gdb", []);
		const { pid, at } = await start(program, library);
		const { mappings } = await sampler.readAddressSpace(pid, "maps");
		const addresses = [...names.map(([name]) => at(name)), at("library_function"), at("library_zeros") + 70_000n];
		for (const { start, end, module } of mappings) {
			if (module === undefined) continue;
			for (let part = 0n; part < 24n; part++) addresses.push(start + ((end - start) * part) / 24n + 7n * part);
		}
		const commands = addresses.flatMap((address) => [
			"-ex",
			"echo @@@",
			"-ex",
			`info symbol 0x${address.toString(16)}`,
		]);
		// Symbols that were stripped into files of their own are out of the question here.
		const options = ["-nx", "-batch", "-iex", "set debug-file-directory /nowhere", "-iex", "set width 0"];
		const { stdout } = await run("gdb", [...options, "-p", String(pid), ...commands], { maxBuffer: 2 ** 26 });
		const answers = stdout.split("@@@").slice(1);
		assert.equal(answers.length, addresses.length);
		let agreed = 0;
		for (const [index, address] of addresses.entries()) {
			const [, name, offset = "0", section] = /^(\S+)(?: \+ (\d+))? in section (\S+)/.exec(answers[index] ?? "") ?? [];
			const module = await moduleAt(pid, address);
			const place = `0x${address.toString(16)}: ${answers[index]?.trim()} but ${JSON.stringify(module.symbol)}`;
			// gdb makes up names for the stubs of the linker, and takes its marks at the borders of sections for things.
			if (/@(plt|got)|^_*(data_start|bss_start|edata|end)$/.test(name ?? "")) continue;
			if (name === undefined) {
				// gdb, too, refuses a symbol that ends before.
				if (/^No symbol/.test(answers[index] ?? ""))
					assert.ok(!module.symbol?.inside || module.symbol.size === 0, place);
				continue;
			}
			assert.equal(module.section, section, place);
			// Of several names of one address gdb may show another.
			assert.equal(module.symbol?.offset, Number(offset), place);
			if (module.symbol?.name === name) agreed++;
		}
		assert.ok(agreed > addresses.length / 4, `${agreed} of ${addresses.length}`);
	});

	it("has the section and the symbol of a library, its zeros beyond the file included", async () => {
		const program = await compileWith(folder.path, "symbols", "program", []);
		const { pid, at } = await start(program, library);
		for (const [symbol, section, offset] of [
			["library_function", ".text", 3n],
			["library_data", ".data", 5n],
			["library_zeros", ".bss", 0n],
			["library_zeros", ".bss", 300_000n],
		] as const) {
			const { module, mapping } = mapped(await sampler.describeAddress(pid, at(symbol) + offset));
			assert.equal(module?.section, section);
			assert.deepEqual([module?.symbol?.name, module?.symbol?.offset], [symbol, Number(offset)]);
			if (offset > 100_000n) assert.equal(mapping.inode, 0n);
		}
	});

	it("of a file that is merely mapped has the section of its bytes, and was loaded nowhere", async () => {
		const program = await compileWith(folder.path, "symbols", "program", []);
		const { pid, at } = await start(program, library, library);
		const file = at("file");
		const symbols = await witnessSymbols(library);
		const data = symbols.find(({ name }) => name === "library_data") ?? assert.fail();
		const places = withElf(library, ({ sections, segments }) => {
			const segment = segments.find(({ address, memorySize }) => {
				return data.address >= address && data.address < address + BigInt(memorySize);
			});
			const table = sections.find(({ type }) => type === 2);
			return { data: BigInt(segment?.offset ?? 0) + data.address - (segment?.address ?? 0n), table: table?.offset };
		});
		const inData = mapped(await sampler.describeAddress(pid, file + places.data + 4n));
		assert.equal(inData.module?.section, ".data");
		assert.deepEqual([inData.module?.symbol?.name, inData.module?.symbol?.offset], ["library_data", 4]);
		assert.equal(inData.module?.loadBias, undefined);
		assert.deepEqual(inData.file, { name: library, offset: places.data + 4n });
		const inTable = await moduleAt(pid, file + BigInt(places.table ?? 0));
		assert.deepEqual([inTable.section, inTable.symbol, inTable.fileAddress], [".symtab", undefined, undefined]);
	});

	it("has the thread whose stack it is, and memory without a file has no module", async () => {
		const program = await compileWith(folder.path, "symbols", "program", []);
		const { pid, at } = await start(program);
		const stack = mapped(await sampler.describeAddress(pid, at("stack")));
		assert.deepEqual(stack.thread, { tid: pid, name: "program" });
		// While the thread is on a processor, nobody knows its stack pointer.
		const worker = await until(async () => {
			const place = mapped(await sampler.describeAddress(pid, at("worker")));
			return place.thread && place;
		});
		assert.equal(worker.thread?.name, "worker");
		assert.notEqual(worker.thread?.tid, pid);
		assert.equal(worker.offset, at("worker") - worker.mapping.start);
		const heap = mapped(await sampler.describeAddress(pid, at("heap")));
		for (const place of [stack, worker, heap]) assert.deepEqual([place.module, place.file], [undefined, undefined]);
	});

	it("in a gap has its neighbours and how far they are", async () => {
		const program = await compileWith(folder.path, "symbols", "program", []);
		const { pid, at } = await start(program);
		const gap = await sampler.describeAddress(pid, at("gap"));
		assert.ok(gap.kind === "gap");
		assert.equal(gap.below?.distance, 0x123n);
		assert.equal(gap.below?.mapping.end, at("gap") - 0x123n);
		assert.equal(gap.above?.distance, 65536n - 0x123n);
		const low = await sampler.describeAddress(pid, 0n);
		assert.ok(low.kind === "gap" && low.below === undefined && low.above !== undefined);
		assert.equal(low.above.distance, low.above.mapping.start);
		const high = await sampler.describeAddress(pid, 2n ** 64n - 1n);
		assert.ok(high.kind === "gap" && high.above === undefined && high.below !== undefined);
		for (const no of [-1n, 2n ** 64n]) {
			await assert.rejects(sampler.describeAddress(pid, no), (error) => error instanceof MapscopeError);
		}
	});

	it("in the vdso has its symbols, read from memory", async () => {
		const { mappings } = await sampler.readAddressSpace(process.pid, "maps");
		const vdso = mappings.find(({ name }) => name === "[vdso]") ?? assert.fail("there is no vdso");
		const found = new Set<string>();
		for (let address = vdso.start; address < vdso.end; address += 16n) {
			const module = mapped(await sampler.describeAddress(process.pid, address)).module;
			if (module?.symbol?.inside) found.add(module.symbol.name);
		}
		assert.ok(
			[...found].some((name) => /clock_gettime|gettimeofday/.test(name)),
			[...found].join(),
		);
	});

	it("in a file that was deleted or replaced is still told where the kernel gives the file", async function () {
		if (process.geteuid?.() !== 0) return skip(this, "only root reaches files by their mappings");
		const program = await compileWith(folder.path, "symbols", "gone", []);
		const copy = join(folder.path, "gone.so");
		await copyFile(library, copy);
		const { pid, at } = await start(program, copy);
		await Promise.all([rm(program), rm(copy)]);
		await writeFile(program, "another file");
		assert.equal((await moduleAt(pid, at("main"))).symbol?.name, "main");
		assert.equal((await moduleAt(pid, at("library_function"))).symbol?.name, "library_function");
	});

	it("of a data file brings nothing of the file into memory", async () => {
		const file = join(folder.path, "data.bin");
		await writeFile(file, Buffer.alloc(64 * system.pageSize, 1));
		const program = await compileWith(folder.path, "symbols", "program", []);
		const { pid, at } = await start(program, library, file);
		const evict = "import os, sys; f = os.open(sys.argv[1], 0); os.fsync(f); os.posix_fadvise(f, 0, 0, 4)";
		await run("python3", ["-c", evict, file]);
		assert.ok((await askWitnessCached(file)).every((cached) => !cached));
		assert.deepEqual(await moduleAt(pid, at("file") + 5n), { unknown: "notRead" });
		assert.ok((await askWitnessCached(file)).every((cached) => !cached));
		await run("cat", [file]);
		assert.deepEqual(await moduleAt(pid, at("file") + 5n), { unknown: "notElf" });
	});

	it("is told by a watch, and by the page, too", async () => {
		const program = await compileWith(folder.path, "symbols", "program", ["-g"]);
		const { pid, at } = await start(program, library);
		const watch = await sampler.watch(pid);
		await sampler.sample(watch, { smaps: "never" });
		for (const name of ["main", "library_data", "stack", "gap"]) {
			assert.deepEqual(await sampler.describe(watch, at(name)), await sampler.describeAddress(pid, at(name)));
		}
		const page = addressToPage(at("library_zeros") + 3n * 65536n, system.pageSize);
		const zeros = await sampler.describePage(watch, page);
		const offset = page * system.pageSize - Number(at("library_zeros"));
		assert.deepEqual(zeros, {
			sections: [".bss"],
			symbol: { name: "library_zeros", offset, inside: true },
			starts: 0,
		});
		const data = await sampler.describePage(watch, addressToPage(at("library_data"), system.pageSize));
		assert.ok(data.sections.includes(".data"));
		assert.ok(data.starts > 0 && data.first);
		const heap = await sampler.describePage(watch, addressToPage(at("heap"), system.pageSize));
		assert.deepEqual(heap, { sections: [], starts: 0 });
		const gap = await sampler.describePage(watch, addressToPage(at("gap"), system.pageSize));
		assert.deepEqual(gap, { sections: [], starts: 0 });
		await sampler.unwatch(watch);
	});

	describe("for a user without privileges", () => {
		let theirs: NobodysSampler;
		let open: string;
		before(async function () {
			if (process.geteuid?.() !== 0) return skip(this, "only root can become nobody");
			if (!(await nobodyMayRun(process.execPath))) return skip(this, `nobody may not run ${process.execPath}`);
			theirs = await startNobodysSampler();
			open = await mkdtemp(join(tmpdir(), "elf-"));
			await chmod(open, 0o755);
		});
		after(async () => {
			await theirs?.stop();
			if (open !== undefined) await rm(open, { recursive: true });
		});

		it("in somebody else's process is denied", async () => {
			await assert.rejects(
				theirs.call.describeAddress(process.pid, 0x1000n),
				(error) => error instanceof MapscopeError && error.code === "permissionDenied",
			);
		});

		it("is told, but for libraries that are gone or replaced: of these why not; a program is its own", async () => {
			const program = join(open, "program");
			const lib = join(open, "library.so");
			await copyFile(await compileWith(folder.path, "symbols", "program", []), program);
			await copyFile(library, lib);
			await Promise.all([chmod(program, 0o755), chmod(lib, 0o755)]);
			const child = await Child.start(program, [lib], nobody);
			children.push(child);
			const at = (name: string): bigint =>
				BigInt(`0x${child.words.find((word) => word.startsWith(`${name}=`))?.split("=")[1]}`);
			const told = async (name: string) => {
				const { module } = mapped(await theirs.call.describeAddress(child.pid, at(name)));
				return module?.unknown ?? module?.symbol?.name;
			};
			assert.equal(await told("main"), "main");
			assert.equal(await told("library_function"), "library_function");
			await rename(lib, `${lib}.old`);
			assert.equal(await told("library_function"), "library_function");
			await rm(`${lib}.old`);
			assert.equal(await told("library_function"), "notReachable");
			await writeFile(`${lib}.old`, "another file");
			for (const name of ["library_function", "library_data", "library_zeros"]) {
				assert.equal(await told(name), "replaced");
			}
			await rm(program);
			assert.equal(await told("main"), "main");
			assert.equal(await told("zero_data"), "zero_data");
		});
	});
});
