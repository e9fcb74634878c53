import { deepEqual, equal, match } from "node:assert/strict";
import type { CallResult, CheckResult, RegionResult, RegionSide } from "../../../../src/shared/labResult";
import { inCoreWords } from "../../../../src/webview/lab/result/outputView";
import { callWords, refusalWords, replayWords, signalWords } from "../../../../src/webview/lab/words/calls";
import { checksSentence, checkWords } from "../../../../src/webview/lab/words/checks";
import { errnoSentence } from "../../../../src/webview/lab/words/errno";
import {
	flagWords,
	mappingsWords,
	permissionsWords,
	presentWords,
	quietWords,
} from "../../../../src/webview/lab/words/region";
import { processesWords, progressWords, resultSentence } from "../../../../src/webview/lab/words/view";

const number = (code: string, value: string, errno?: string): CallResult => ({
	code,
	value: { kind: "number", number: value },
	...(errno === undefined ? {} : { errno }),
});

const emptySide: RegionSide = {
	permissions: [{ permissions: "rw-p", pages: 256 }],
	mappings: 1,
	vmFlags: [],
	smaps: {},
	pages: [],
	present: 0,
	exclusive: 0,
};

describe("what a call returned", () => {
	it("is said as C would print it", () => {
		const calls: CallResult[] = [
			{ code: "p = mmap(NULL, 1, 1, 1, -1, 0);", value: { kind: "address", address: "7f0000001000", failed: false } },
			{ code: `memcpy(p, "a", 1);`, value: { kind: "nothing" } },
			number("munmap(p, 1);", "-1", "EINVAL"),
			{ code: "x = p[0];", value: { kind: "number", number: "104" } },
		];
		deepEqual(
			callWords(calls).map(({ call, value, errno }) => [call, value, errno]),
			[
				["mmap", "0x7f0000001000", undefined],
				["munmap", "−1", "EINVAL"],
				["x", "104", undefined],
			],
		);
	});

	it("is known by the variable that keeps a number", () => {
		const calls = [
			number("n = strtol(line + 9, NULL, 10);", "42"),
			number("m = munmap(p, 1);", "-1", "EINVAL"),
			number("munmap(p, page);", "0"),
		];
		deepEqual(
			callWords(calls).map(({ call }) => call),
			["n", "munmap", "munmap"],
		);
	});

	it("is known by the variable where several calls of a function return addresses", () => {
		const map = (name: string): CallResult => ({
			code: `${name} = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);`,
			value: { kind: "address", address: "1000", failed: name === "r" },
			...(name === "r" ? { errno: "ENOMEM" } : {}),
		});
		const names = (calls: CallResult[]) => callWords(calls).map(({ call }) => call);
		deepEqual(names([map("p"), map("q"), map("r")]), ["p", "q", "r"]);
		const nothing: CallResult = { code: 'memcpy(p, "a", 1);', value: { kind: "nothing" } };
		deepEqual(names([map("p"), nothing]), ["mmap"], "it is not memcpy that returned this");
		deepEqual(names([map("p")]), [undefined]);
	});

	it("is known by the member that it is put into", () => {
		const calls = [number("getrlimit(RLIMIT_AS, &limit);", "0"), number("limit.rlim_cur = 16 * page;", "65536")];
		deepEqual(
			callWords(calls).map(({ call }) => call),
			["getrlimit", "limit.rlim_cur"],
		);
	});

	it("needs no name where there is one call, and says how often a loop ran", () => {
		deepEqual(callWords([{ ...number("close(fd);", "0"), times: 1024 }]), [
			{ value: "0", note: "1,024 times", failed: false },
		]);
		const loop = { code: "for (i = 0; i < 9; i++)\n    mprotect(p + i * page, page, PROT_NONE);", times: 9 };
		deepEqual(callWords([loop, number("close(fd);", "0")])[0], {
			call: "mprotect",
			value: "",
			note: "9 times",
			failed: false,
		});
	});

	it("comes with the meaning that the errno has for this call", () => {
		const failed: CallResult = {
			code: "p = mmap(NULL, 0, 1, 1, -1, 0);",
			value: { kind: "address", address: "ffffffffffffffff", failed: true },
			errno: "EINVAL",
		};
		const [words] = callWords([failed]);
		equal(words?.value, "MAP_FAILED");
		match(words?.sentence ?? "", /length is 0/);
		match(errnoSentence("mprotect", "EACCES") ?? "", /file is not open/);
		match(errnoSentence("mlock2", "ENOMEM") ?? "", /limit of locked memory/);
		equal(errnoSentence("munlock", "ENOMEM"), "A part of the range is not mapped.");
		match(errnoSentence("mlockall", "ENOMEM") ?? "", /RLIMIT_MEMLOCK/);
		match(errnoSentence("msync", "EBUSY") ?? "", /locked/);
		equal(errnoSentence("mmap", "EUNKNOWN"), undefined);
		equal(errnoSentence(undefined, "EPERM"), "Not allowed.");
		equal(errnoSentence("constructor", "toString"), undefined);
	});
});

describe("a signal", () => {
	it("is said with its place and cause, where the kernel told them", () => {
		const detail = { code: "SEGV_ACCERR", address: "7f3d1c1d5000" };
		deepEqual(signalWords({ name: "SIGSEGV", process: "main", pid: 1, detail }), {
			place: "SEGV_ACCERR at 0x7f3d1c1d5000",
			cause: "The mapping does not allow this access.",
		});
		equal(signalWords({ name: "SIGKILL", process: "main", pid: 1 }).place, "killed");
	});

	it("is followed by how the lab was made ready", () => {
		const words = (steps: number[], differing: number[] = []) => replayWords({ steps, pid: 42, differing }, "lab");
		equal(words([]), "The lab process died and was started again as process 42.");
		equal(words([0]), "The lab process died and was started again as process 42; step 1 was replayed.");
		match(words([0, 1, 2]), /steps 1 to 3 were replayed\.$/);
		match(words([0, 2]), /steps 1 and 3 were replayed\.$/);
		match(words([0, 1], [1]), /Step 2 gave something else this time\.$/);
		equal(replayWords(undefined, "child"), "The child process died.");
	});
});

describe("what was not run", () => {
	it("is said with the reason", () => {
		match(refusalWords({ code: "", why: "lowAddress" }), /address 0/);
		match(refusalWords({ code: "", why: "tooLong" }), /string too long/);
		match(refusalWords({ code: "", why: "syntax", detail: "a\u202eb" }), /a\\u\{202e\}b/);
	});
});

describe("expected and seen", () => {
	const check = (met: boolean, seen: string): CheckResult => ({
		expectation: { kind: "smaps", field: "Rss", of: "p", bytes: 4096 },
		met,
		expected: "4096",
		seen,
	});

	const region: RegionResult = {
		process: "main",
		pid: 1,
		name: "p",
		startPage: 0,
		endPage: 1,
		isNew: false,
		diff: [],
		before: emptySide,
		after: emptySide,
		fields: [],
	};
	const alone = { process: "main", regions: [region] };
	const forked = { process: "child", regions: [region, { ...region, process: "child", pid: 2 }] };

	it("are held against each other in words", () => {
		deepEqual(checkWords(check(false, "0"), alone), { subject: "Rss of p", expected: "4 KiB", seen: "0", met: false });
		equal(checksSentence({ ...alone, checks: [check(true, "4096")] }), "As expected.");
		equal(checksSentence({ ...alone, checks: [check(false, "0")] }), "Differs: Rss of p, expected 4 KiB, seen 0.");
		equal(
			checksSentence({ ...alone, checks: [check(false, "0")], excused: "no huge pages" }),
			"Not as planned: no huge pages",
		);
		equal(checksSentence({ ...alone, checks: [] }), "");
		const otherwise = "no zero page";
		equal(checksSentence({ ...alone, checks: [check(true, "4096")], otherwise }), "Otherwise here: no zero page");
		match(checksSentence({ ...alone, checks: [check(false, "0")], otherwise }), /^Differs: Rss of p/);
	});

	it("name the process that they are about, where there are several", () => {
		const subject = (process: string | undefined, step: typeof alone) => {
			const expectation = {
				kind: "present",
				of: "p",
				pages: 1,
				...(process === undefined ? {} : { process }),
			} as const;
			return checkWords({ ...check(true, ""), expectation }, step).subject;
		};
		equal(subject(undefined, alone), "pages present of p");
		equal(subject(undefined, forked), "pages present of p in child");
		equal(subject("main", forked), "pages present of p in the lab process");
	});

	it("write permissions with the pages that have them", () => {
		const expectation = { kind: "permissions", of: "p", are: [] } as const;
		const seen = "rw-s*64 r--s*128 rw-s*64";
		equal(checkWords({ ...check(true, seen), expectation }, alone).seen, "64 × rw-s, 128 × r--s, 64 × rw-s");
		equal(checkWords({ ...check(true, "---s"), expectation }, alone).seen, "---s");
	});
});

describe("a region in words", () => {
	const side = (change: Partial<RegionSide>): RegionSide => ({ ...emptySide, ...change });
	const region = (before: Partial<RegionSide>, after: Partial<RegionSide>): RegionResult => ({
		process: "main",
		pid: 1,
		name: "p",
		startPage: 0,
		endPage: 256,
		isNew: false,
		diff: [],
		before: side(before),
		after: side(after),
		fields: [],
	});

	it("says what it holds when nothing changed", () => {
		equal(quietWords(region({}, {})), "256 pages, none present, nothing changed");
		equal(quietWords(region({ mappings: 0 }, { mappings: 0 })), "256 pages, not mapped");
		equal(presentWords(side({ present: 256 }), 256), "all present");
		equal(presentWords(side({ present: 3 }), 256), "3 present");
	});

	it("says that mappings split, merge and go", () => {
		match(mappingsWords(region({ mappings: 1 }, { mappings: 3 })) ?? "", /^split/);
		match(mappingsWords(region({ mappings: 3 }, { mappings: 1 })) ?? "", /^merged/);
		equal(mappingsWords(region({ mappings: 1 }, { mappings: 0 })), "unmapped");
		equal(mappingsWords(region({}, {})), undefined);
	});

	it("lists permissions along it, and what flags now say", () => {
		const runs = [
			{ permissions: "rw-s", pages: 64 },
			{ permissions: "none", pages: 192 },
		];
		equal(permissionsWords(runs), "64 × rw-s, 192 × not mapped");
		equal(
			flagWords([
				{ code: "wr", mark: "added" },
				{ code: "rd", mark: "same" },
				{ code: "lo", mark: "removed" },
			]),
			"now may be written; no longer locked in memory",
		);
	});
});

describe("what mincore says", () => {
	it("is told as runs of pages", () => {
		equal(inCoreWords([1, 1, 1, 0, 0, 1]), "Pages 0–2 in memory, pages 3–4 not, page 5 in memory.");
		equal(inCoreWords([0]), "Page 0 not.");
	});
});

describe("a result for screen readers", () => {
	it("says the step, what came back and whether that was expected", () => {
		const state = {
			demo: {
				id: "x",
				number: 1,
				title: "X",
				teaches: "",
				steps: [{ title: "Map it", code: "", look: "", expect: [], why: "", man: [] }],
			},
			parameters: {},
			steps: [{ status: "met" }],
			done: 1,
			activity: "idle",
			processes: [],
			pageSize: 4096,
		} as const;
		const sentence = resultSentence(state, {
			step: 0,
			process: "main",
			pid: 1,
			calls: [number("munmap(p, 1);", "0")],
			regions: [],
			files: [],
			checks: [{ expectation: { kind: "returns", value: 0 }, met: true, expected: "0", seen: "0" }],
		});
		equal(sentence, "Step 1, Map it. Returned 0. As expected.");
		equal(progressWords(state), "step 1 of 1");
		equal(progressWords({ ...state, activity: "replaying" }), "starting the lab again");
		const main = { name: "main", pid: 7, state: "alive" } as const;
		const child = { name: "child", pid: 8 } as const;
		const about = (childState: "alive" | "executed" | "ended") =>
			processesWords({ ...state, processes: [main, { ...child, state: childState }] });
		match(about("alive"), /lab process 7 and child 8\. Everything/);
		match(about("executed"), /child 8 \(another program now\)\./);
		match(about("ended"), /lab process 7\. Everything/);
		match(processesWords(state), /has ended/);
	});
});
