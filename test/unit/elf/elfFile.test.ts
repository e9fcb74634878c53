import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { bytesSource } from "../../../src/extension/elf/byteSource";
import { ElfFile } from "../../../src/extension/elf/elfFile";
import { sectionName } from "../../../src/extension/elf/sections";
import { toBigEndian } from "../../support/bigEndian";
import {
	compileWith,
	isInstalled,
	makeProgramFolder,
	type WitnessedSymbol,
	withElf,
	witnessSections,
	witnessSymbols,
} from "../../support/elfPrograms";
import { skip } from "../../support/skip";

const run = promisify(execFile);

/** What the reader says of files, against `readelf`, which shares no code with it. */
describe("ELF files", () => {
	let folder: Awaited<ReturnType<typeof makeProgramFolder>>;
	before(async function () {
		if (!(await isInstalled("gcc")) || !(await isInstalled("readelf"))) return skip(this, "gcc or readelf is missing");
		folder = await makeProgramFolder();
	});
	after(() => folder?.remove());

	const variants: Readonly<Record<string, readonly string[]>> = {
		"a position-independent program": ["-pie", "-fPIE"],
		"a program at fixed addresses": ["-no-pie", "-fno-pie"],
		"a static program": ["-static"],
		"a stripped program": ["-s"],
		"a program whose segments share pages": ["-Wl,-z,noseparate-code"],
	};
	for (const [what, flags] of Object.entries(variants)) {
		it(`are read as readelf does: ${what}`, async () => {
			const path = await compileWith(folder.path, "symbols", "program", [...flags, "-Wno-error"]);
			await compareSections(path);
			await compareSymbols(path);
		});
	}

	it("are read as readelf does: a library", async () => {
		const path = await compileWith(folder.path, "library", "library.so", ["-shared", "-fPIC"]);
		await compareSections(path);
		await compareSymbols(path);
	});

	it("are read as readelf does: 32-bit", async function () {
		const flags = ["-m32", "-nostdlib", "-shared", "-fPIC", "-fno-stack-protector"];
		const path = await compileWith(folder.path, "library", "library32.so", flags).catch(() =>
			skip(this, "this gcc makes no 32-bit programs"),
		);
		assert.equal(
			withElf(path, ({ header }) => header.format.wide),
			false,
		);
		await compareSections(path);
		await compareSymbols(path);
	});

	for (const wide of [true, false]) {
		it(`are read as readelf does: big-endian, ${wide ? 64 : 32}-bit`, async function () {
			const flags = [...(wide ? [] : ["-m32"]), "-nostdlib", "-shared", "-fPIC", "-fno-stack-protector"];
			const path = await compileWith(folder.path, "library", "little.so", flags).catch(() =>
				skip(this, "this gcc makes no 32-bit programs"),
			);
			const big = join(folder.path, "big.so");
			await writeFile(big, toBigEndian(await readFile(path)));
			assert.equal(
				withElf(big, ({ header }) => header.format.littleEndian),
				false,
			);
			await compareSections(big);
			await compareSymbols(big);
		});
	}

	it("are read as readelf does: the Node that runs this", async () => {
		await compareSections(process.execPath);
		await compareSymbols(process.execPath);
	});

	it("without section headers have segments and nothing more", async () => {
		const path = await compileWith(folder.path, "library", "library.so", ["-shared", "-fPIC"]);
		const bytes = await readFile(path);
		bytes.fill(0, 40, 48); // e_shoff
		bytes.fill(0, 58, 64); // e_shentsize, e_shnum, e_shstrndx
		const source = bytesSource(bytes);
		const file = ElfFile.read(source);
		assert.ok(file instanceof ElfFile);
		assert.ok(file.segments.length > 0);
		assert.deepEqual(file.sections, []);
		assert.equal(file.symbolAt(source, 0x1000n), undefined);
		assert.equal(file.sectionAtOffset(0x1000), undefined);
	});

	it("keep their counts in the first section header when these do not fit the head", async () => {
		const path = await compileWith(folder.path, "library", "library.so", ["-shared", "-fPIC"]);
		const bytes = await readFile(path);
		const headers = Number(bytes.readBigUInt64LE(40));
		bytes.writeBigUInt64LE(BigInt(bytes.readUInt16LE(60)), headers + 32); // sh_size: sections
		bytes.writeUInt32LE(bytes.readUInt16LE(62), headers + 40); // sh_link: the section of names
		bytes.writeUInt32LE(bytes.readUInt16LE(56), headers + 44); // sh_info: program headers
		bytes.writeUInt16LE(0xffff, 56);
		bytes.writeUInt16LE(0, 60);
		bytes.writeUInt16LE(0xffff, 62);
		const escaped = join(folder.path, "escaped.so");
		await writeFile(escaped, bytes);
		assert.equal(
			withElf(escaped, ({ segments }) => segments.length),
			withElf(path, ({ segments }) => segments.length),
		);
		await compareSections(escaped);
		await compareSymbols(escaped);
	});

	it("of objects that were never linked have sections but no addresses", async () => {
		const path = await compileWith(folder.path, "library", "library.o", ["-c"]);
		withElf(path, (file, source) => {
			assert.ok(!file.isImage);
			assert.deepEqual(file.segments, []);
			const text = file.sections.find((section) => sectionName(source, section) === ".text");
			assert.ok(text);
			assert.equal(file.sectionAtOffset(text.offset), text);
			assert.equal(file.symbolAt(source, 0n), undefined);
		});
	});

	it("that lost their symbols keep those that the loader needs", async () => {
		const path = await compileWith(folder.path, "library", "library.so", ["-shared", "-fPIC", "-s"]);
		const symbols = await witnessSymbols(path);
		const find = (name: string): bigint => symbols.find((symbol) => symbol.name === name)?.address ?? 0n;
		assert.equal(find("hidden_in_library"), 0n);
		withElf(path, (file, source) => {
			const exported = file.symbolAt(source, find("library_function") + 2n);
			assert.deepEqual([exported?.name, exported?.offset, exported?.inside], ["library_function", 2, true]);
			// What is left is before it: the one before would be a guess, and says so.
			const text = file.sectionAt(find("library_function"));
			assert.ok(text);
			const last = file.symbolAt(source, text.address + BigInt(text.size) - 1n);
			assert.ok(last === undefined || last.inside === last.offset < last.size);
		});
	});

	it("show the name that people know a thing by", async function () {
		const libc = (await run("ldd", [process.execPath])).stdout.match(/\/\S*libc\.so\.6/)?.[0];
		if (libc === undefined) return skip(this, "there is no glibc");
		const symbols = await witnessSymbols(libc);
		withElf(libc, (file, source) => {
			for (const name of ["malloc", "puts", "fork", "write", "environ"]) {
				const address = symbols.find((symbol) => symbol.name === name)?.address ?? 0n;
				assert.equal(file.symbolAt(source, address)?.name, name);
			}
		});
	});
});

async function compareSections(path: string): Promise<void> {
	const witnessed = await witnessSections(path);
	assert.ok(witnessed.length > 5);
	withElf(path, (file, source) => {
		assert.deepEqual(
			file.sections.map((section) => [sectionName(source, section), section.address, section.offset, section.size]),
			witnessed.map(({ name, address, offset, size }) => [name, address, offset, size]),
		);
		for (const { name, address, offset, size, type, flags } of witnessed) {
			if (size === 0) continue;
			const isTemplate = flags.includes("T") && type === "NOBITS";
			if (flags.includes("A") && !isTemplate) {
				for (const at of [address, address + BigInt(size) - 1n]) {
					const found = file.sectionAt(at);
					assert.equal(found && sectionName(source, found), name);
				}
			}
			if (type !== "NOBITS") {
				const found = file.sectionAtOffset(offset + size - 1);
				assert.equal(found && sectionName(source, found), name);
			}
		}
	});
}

const wanted: ReadonlySet<string> = new Set(["FUNC", "OBJECT", "IFUNC", "NOTYPE"]);

/** Every symbol is found at its first and its last byte, unless another one lies within. */
async function compareSymbols(path: string): Promise<void> {
	const sections = await witnessSections(path);
	const witnessed = (await witnessSymbols(path)).filter(({ type, section, address }) => {
		const { address: start = 0n, size = 0, flags = "" } = sections[Number(section) - 1] ?? {};
		return wanted.has(type) && flags.includes("A") && address >= start && address < start + BigInt(size);
	});
	const byAddress = new Map<bigint, WitnessedSymbol[]>();
	for (const symbol of witnessed) {
		const group = byAddress.get(symbol.address);
		if (group === undefined) byAddress.set(symbol.address, [symbol]);
		else group.push(symbol);
	}
	const starts = [...byAddress.keys()].sort((a, b) => (a < b ? -1 : 1));
	assert.ok(path.includes("program") || starts.length > 3, path);
	withElf(path, (file, source) => {
		for (const [position, start] of starts.entries()) {
			const group = byAddress.get(start) ?? [];
			const names = new Set(group.map(({ name }) => name));
			const named = [...names].some((name) => !/^([.$]|_*(data_start|bss_start|edata|end)$)/.test(name));
			const sized = group.some(({ size }) => size > 0);
			const within = enclosing(byAddress, starts, position);
			if (!sized && (within !== undefined || !named)) continue;
			const found = file.symbolAt(source, start);
			assert.ok(
				found && names.has(found.name) && found.offset === 0 && found.inside,
				`${start.toString(16)} in ${path}`,
			);
			const size = found.size;
			const next = starts[position + 1];
			if (size < 2 || (next !== undefined && next < start + BigInt(size))) continue;
			const last = file.symbolAt(source, start + BigInt(size) - 1n);
			assert.ok(
				last && names.has(last.name) && last.offset === size - 1 && last.inside,
				`end of ${found.name} in ${path}`,
			);
		}
	});
}

/** A symbol that starts before and ends behind the address at `position`; looks back over the nearest hundred. */
function enclosing(
	byAddress: ReadonlyMap<bigint, readonly WitnessedSymbol[]>,
	starts: readonly bigint[],
	position: number,
): WitnessedSymbol | undefined {
	const address = starts[position] ?? 0n;
	for (let at = position - 1; at >= Math.max(0, position - 100); at--) {
		const group = byAddress.get(starts[at] ?? 0n) ?? [];
		const found = group.find((symbol) => symbol.address + BigInt(symbol.size) > address);
		if (found) return found;
	}
	return undefined;
}
