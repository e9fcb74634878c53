import { equal, match, ok } from "node:assert/strict";
import { tooltipText } from "../../../src/extension/views/processes/tooltipText";
import { group, mapping, process } from "./samples";

const context = { bootTime: Date.UTC(2030, 0, 1), ownUid: 1000 };

describe("tooltips of the Processes view", () => {
	it("have every field of a process", () => {
		const text = tooltipText({ kind: "process", process: process(12), childProcesses: 3 }, context);
		for (const part of ["`program12`", "`/usr/bin/program12`", "PID: 12", "Parent: 1", "`ada` (1000)", "sleeping"]) {
			ok(text.includes(part), part);
		}
		match(text, /Resident: 12 MiB \(12,582,912 bytes\)/);
		match(text, /Started: \d/);
		match(text, /Children shown: 3/);
	});

	it("have every field of a mapping", () => {
		const found = mapping(0x7f0000000000n, {
			permissions: "rwxp",
			deleted: true,
			threadId: 77,
			module: "libx.so",
			vmFlags: ["rd", "wr"],
		});
		const subject = {
			kind: "mapping",
			process: process(12),
			pageSize: 4096,
			mapping: { mapping: found, line: "7f0000000000-7f0000001000 rwxp", resident: 4096 },
		} as const;
		const text = tooltipText(subject, context);
		for (const part of [
			"`7f0000000000–7f0000001000`",
			"4 KiB (4,096 bytes), 1 page",
			"**Writable and executable.**",
			"`/usr/lib/libx.so`",
			"the file was removed",
			"`08:01`",
			"Inode: 42",
			"`77`",
			"`rd wr`",
		]) {
			ok(text.includes(part), part);
		}
	});

	it("sum up a group", () => {
		const subject = { kind: "group", process: process(1), name: "Heap", groups: [group("h", 0n, 2)] } as const;
		const text = tooltipText(subject, context);
		match(text, /^\*\*Heap\*\* of `program1`/);
		match(text, /Mappings: 2/);
	});

	it("keep hostile names in code spans", () => {
		const hostile = "x` [a](command:b) <b>\n# c";
		const text = tooltipText(
			{ kind: "process", process: process(1, { name: hostile, commandLine: [hostile] }), childProcesses: 0 },
			context,
		);
		equal(text.includes("\n# c"), false);
		ok(text.startsWith("**``x` [a](command:b) <b>\\n# c``**"));
	});

	it("escape sentences that hold names", () => {
		const sentence = "Process 3 ([x](command:y)) has ended.";
		const text = tooltipText({ kind: "notice", process: process(3), sentence }, context);
		ok(!text.includes("](command:"));
	});
});
