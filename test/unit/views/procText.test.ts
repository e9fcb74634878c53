import { deepEqual, equal, match } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { explain } from "../../../src/extension/views/documents/procExplain";
import { mappingFolds, parseHeader } from "../../../src/extension/views/documents/procLines";
import { parseProcUri, procUriParts } from "../../../src/extension/views/documents/procUri";
import { skip } from "../../support/skip";

const code = "55d0c8a00000-55d0c8a26000 r-xp 00002000 08:01 1048601                    /usr/bin/cat a  b (deleted)";
const anonymous = "7f0000000000-7f0000001000 rwxp 00000000 00:00 0 ";

describe("lines of maps and smaps", () => {
	it("takes a first line apart by column", () => {
		const parts = parseHeader(code);
		equal(parts?.name?.text, "/usr/bin/cat a  b (deleted)");
		equal(code.slice(parts?.name?.column), "/usr/bin/cat a  b (deleted)");
		equal(parts?.inode.text, "1048601");
		equal(parseHeader(anonymous)?.name, undefined);
		equal(parseHeader("Rss:   4 kB"), undefined);
	});

	it("folds each mapping of smaps", () => {
		const lines = [code, "Size: 4 kB", "VmFlags: rd", anonymous, "Size: 4 kB", ""];
		deepEqual(mappingFolds(lines), [
			{ first: 0, last: 2 },
			{ first: 3, last: 4 },
		]);
		deepEqual(mappingFolds([code, anonymous, ""]), []);
	});

	it("reads its own process", async function () {
		if (process.platform !== "linux") skip(this, "it reads /proc");
		const lines = (await readFile("/proc/self/smaps", "utf8")).split("\n");
		const headers = lines.filter((line) => parseHeader(line));
		equal(mappingFolds(lines).length, headers.length);
		// Every field and flag that this kernel prints is explained.
		for (const line of lines) {
			const field = /^\w+:/.exec(line)?.[0];
			if (field) equal(explain(line, 0) !== undefined, true, line);
		}
	});
});

describe("hovers on maps and smaps", () => {
	const at = (line: string, text: string) => explain(line, line.indexOf(text));

	it("explain each part of a first line", () => {
		match(at(code, "55d0")?.sentence ?? "", /152 KiB/);
		match(at(code, "r-xp")?.sentence ?? "", /readable, executable, private/);
		match(at(anonymous, "rwxp")?.sentence ?? "", /Writable and executable at once/);
		match(at(code, "00002000")?.sentence ?? "", /8 KiB/);
		match(at(code, "08:01")?.sentence ?? "", /major:minor/);
		match(at(code, "1048601")?.sentence ?? "", /number of the file/);
		match(at(code, "/usr")?.sentence ?? "", /removed/);
		match(at(`${anonymous}                     [vdso]`, "[vdso]")?.sentence ?? "", /without a system call/);
		equal(explain(code, 70), undefined);
	});

	it("mark the part they explain", () => {
		const explanation = at(code, "r-xp");
		equal(code.slice(explanation?.column, (explanation?.column ?? 0) + (explanation?.length ?? 0)), "r-xp");
	});

	it("explain fields and flags", () => {
		match(explain("Pss:                2048 kB", 3)?.sentence ?? "", /^Proportional share.* 2 MiB\.$/);
		match(explain("VmFlags: rd ex mr mw me sd ", 12)?.sentence ?? "", /^ex: /);
		match(explain("VmFlags: rd zz ", 12)?.sentence ?? "", /^zz: a flag that this version does not know/);
		equal(explain("Unheard: 1 kB", 0), undefined);
		equal(explain("", 0), undefined);
	});
});

describe("addresses of the documents", () => {
	it("name a process over its life and one of two files", () => {
		const document = { pid: 42, startTime: "1234", file: "smaps" } as const;
		deepEqual(parseProcUri(procUriParts(document)), document);
		for (const path of ["/proc/42/mem", "/proc/0/maps", "/proc/self/maps", "/proc/42/maps/..", "/etc/passwd"]) {
			equal(parseProcUri({ scheme: "mapscope-proc", path, query: "1" }), undefined);
		}
		equal(parseProcUri({ scheme: "mapscope-proc", path: "/proc/42/maps", query: "" }), undefined);
		equal(parseProcUri({ scheme: "file", path: "/proc/42/maps", query: "1" }), undefined);
	});
});
