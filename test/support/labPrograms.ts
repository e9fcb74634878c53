import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { exportC } from "../../src/extension/lab/cProgram/exportC";
import type { Demo, ParameterValues } from "../../src/shared/labDemo";

const run = promisify(execFile);

/** Demos of the lab as C programs, compiled: what each prints is the measure of what the lab reports. */
export class LabPrograms {
	private constructor(private readonly folder: string) {}

	/** Exports and compiles demos, all at once, with every warning an error. */
	static async compile(demos: readonly Demo[]): Promise<LabPrograms> {
		const programs = new LabPrograms(await mkdtemp(join(tmpdir(), "lab-programs-")));
		await Promise.all(demos.map((demo) => programs.add(demo)));
		return programs;
	}

	/** Compiles one more, for values that a reader has chosen. */
	async add(demo: Demo, values?: ParameterValues, name = demo.id): Promise<void> {
		const path = join(this.folder, name);
		await writeFile(`${path}.c`, exportC(demo, values));
		await run("gcc", ["-Wall", "-Wextra", "-Werror", "-o", path, `${path}.c`]);
	}

	/** The lines that a program prints. */
	async lines(name: string): Promise<string[]> {
		const { stdout } = await run(join(this.folder, name), [], { maxBuffer: 2 ** 24 });
		return stdout.trimEnd().split("\n");
	}

	async remove(): Promise<void> {
		await rm(this.folder, { recursive: true });
	}
}
