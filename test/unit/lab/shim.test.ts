import { equal, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { serverOffset, shimCode } from "../../../src/extension/lab/process/shim";
import { checkout } from "../../support/checkout";
import { isInstalled } from "../../support/elfPrograms";
import { skip } from "../../support/skip";

const run = promisify(execFile);

describe("the lab's machine code", () => {
	let folder: string;
	before(async () => {
		folder = await mkdtemp(join(tmpdir(), "shim-"));
	});
	after(() => rm(folder, { recursive: true }));

	for (const [architecture, tools] of [
		["x64", "x86_64-linux-gnu-"],
		["arm64", "aarch64-linux-gnu-"],
	] as const) {
		it(`is what its source assembles to, on ${architecture}`, async function () {
			const prefix = process.arch === architecture ? "" : tools;
			if (!(await isInstalled(`${prefix}as`))) skip(this, `no assembler for ${architecture}`);
			const source = join(checkout, `test/programs/labShim.${architecture}.S`);
			const object = join(folder, `${architecture}.o`);
			await run(`${prefix}as`, ["-o", object, source]);
			await run(`${prefix}objcopy`, ["-O", "binary", "-j", ".text", object, `${object}.bin`]);
			const assembled = await readFile(`${object}.bin`);
			equal(Buffer.from(shimCode(architecture) ?? []).toString("hex"), assembled.toString("hex"));
			const { stdout } = await run(`${prefix}nm`, [object]);
			ok(stdout.includes(`${serverOffset.toString(16).padStart(16, "0")} T server`));
		});
	}

	it("exists for no other processor", () => {
		equal(shimCode("ppc64"), undefined);
	});
});
