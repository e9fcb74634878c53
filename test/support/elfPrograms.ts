import { execFile } from "node:child_process";
import { closeSync, fstatSync, openSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { fileSource } from "../../src/extension/elf/byteSource";
import { ElfFile } from "../../src/extension/elf/elfFile";
import { checkout } from "./checkout";

const run = promisify(execFile);
const sources = join(checkout, "test/programs");

/** A folder for compiled programs, beside the checkout's own files. */
export async function makeProgramFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
	await mkdir(join(checkout, "out/targets"), { recursive: true });
	const path = await mkdtemp(join(checkout, "out/targets/elf-"));
	return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Compiles `test/programs/SOURCE.c` with flags of its own; returns the path of what came out. */
export async function compileWith(
	folder: string,
	source: string,
	name: string,
	flags: readonly string[],
): Promise<string> {
	const path = join(folder, name);
	await run("gcc", ["-O1", "-g", "-Wall", "-Wextra", ...flags, "-o", path, join(sources, `${source}.c`)]);
	return path;
}

/** Whether a command is installed. */
export async function isInstalled(command: string): Promise<boolean> {
	return await run(command, ["--version"]).then(
		() => true,
		() => false,
	);
}

/** Calls `use` with an ELF file that must be readable. */
export function withElf<T>(path: string, use: (file: ElfFile, source: ReturnType<typeof fileSource>) => T): T {
	const descriptor = openSync(path, "r");
	try {
		const source = fileSource(descriptor, fstatSync(descriptor).size);
		const file = ElfFile.read(source);
		if (typeof file === "string") throw new Error(`${path} is ${file}`);
		return use(file, source);
	} finally {
		closeSync(descriptor);
	}
}

/** A section as `readelf` shows it. */
export interface WitnessedSection {
	readonly name: string;
	readonly type: string;
	readonly address: bigint;
	readonly offset: number;
	readonly size: number;
	readonly flags: string;
}

/** Section headers by `readelf -SW`. */
export async function witnessSections(path: string): Promise<WitnessedSection[]> {
	const { stdout } = await run("readelf", ["-SW", path], { maxBuffer: 2 ** 28 });
	const line =
		/^ +\[ *\d+\] (\S*) +(\S+) +([0-9a-f]{8,16}) ([0-9a-f]+) ([0-9a-f]+) [0-9a-f]{2} +([A-Za-z]*) +\d+ +\d+ +\d+$/;
	return stdout.split("\n").flatMap((text) => {
		const [, name = "", type = "", address, offset, size, flags = ""] = line.exec(text) ?? [];
		if (type === "" || type === "NULL") return [];
		return [
			{
				name,
				type,
				address: BigInt(`0x${address}`),
				offset: Number.parseInt(offset ?? "", 16),
				size: Number.parseInt(size ?? "", 16),
				flags,
			},
		];
	});
}

/** A symbol as `readelf` shows it. */
export interface WitnessedSymbol {
	readonly name: string;
	readonly type: string;
	readonly binding: string;
	readonly section: string;
	readonly address: bigint;
	readonly size: number;
}

/** Both symbol tables by `readelf -sW`. */
export async function witnessSymbols(path: string): Promise<WitnessedSymbol[]> {
	const { stdout } = await run("readelf", ["-sW", path], { maxBuffer: 2 ** 30 });
	const line = /^ +\d+: ([0-9a-f]{8,16}) +(0x[0-9a-f]+|\d+) (\S+) +(\S+) +\S+ +(?:\[.*\] +)?(\S+) (\S+)/;
	return stdout.split("\n").flatMap((text) => {
		const [, address, size, type = "", binding = "", section = "", name = ""] = line.exec(text) ?? [];
		if (name === "") return [];
		return [
			{
				// Versions are of .gnu.version and not of the name.
				name: name.replace(/@.*$/, ""),
				type,
				binding,
				section,
				address: BigInt(`0x${address}`),
				size: Number(size),
			},
		];
	});
}
