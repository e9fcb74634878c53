import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demos } from "../../../src/extension/lab/demos";
import { evaluateConstant } from "../../../src/extension/lab/language/evaluate";
import { parseStatements } from "../../../src/extension/lab/language/parser";
import type { LabSession } from "../../../src/extension/lab/session";
import { manualAddress } from "../../../src/extension/views/lab/labArguments";
import type { Demo, DemoStep, ParameterValues } from "../../../src/shared/labDemo";
import type { StepResult } from "../../../src/shared/labResult";
import { openSession } from "../../support/labSessions";

type Step = Pick<DemoStep, "code"> & Partial<DemoStep>;

function demoOf(steps: readonly Step[], parameters: Demo["parameters"] = []): Demo {
	const whole = steps.map((step) => ({ title: step.code, look: "", expect: [], why: "", man: [], ...step }));
	return { id: "test", number: 0, title: "test", teaches: "", parameters, steps: whole };
}

const page = (name: string): bigint | undefined => (name === "page" ? 4096n : undefined);

describe("choices of the lab's language", () => {
	it("compares as C does, before & and after +", () => {
		const cases: readonly (readonly [string, bigint])[] = [
			["1 < 2", 1n],
			["2 < 1", 0n],
			["2 <= 2", 1n],
			["3 >= 4", 0n],
			["4 > 3", 1n],
			["page == 4096", 1n],
			["page != 4096", 0n],
			["1 + 1 == 2", 1n],
			["3 & 2 == 2", 1n],
			["1 << 3 > 7", 1n],
			["-1 < 1", 1n],
		];
		for (const [text, value] of cases) equal(evaluateConstant(text, page), value, text);
	});

	it("reads if and else, with blocks or without", () => {
		const [first, second] = parseStatements("if (a > 1) { b = 1; c = 2; } else if (a == 1) b = 3; if (b) c = 1;");
		ok(first?.kind === "if" && second?.kind === "if");
		deepEqual([first.then.length, first.otherwise.map(({ kind }) => kind)], [2, ["if"]]);
		deepEqual([second.then.length, second.otherwise], [1, []]);
		for (const wrong of ["if a > 1) b = 1;", "if (a > 1) { b = 1;", "if (a >) b = 1;", "else b = 1;"]) {
			throws(() => parseStatements(wrong), { name: "LabSyntaxError" }, wrong);
		}
	});
});

describe("a step of the lab that chooses, prints and ends", () => {
	const sessions: LabSession[] = [];
	const run = async (demo: Demo, values?: ParameterValues): Promise<readonly StepResult[]> => {
		const session = await openSession(demo, values);
		sessions.push(session);
		await session.runAll();
		return demo.steps.map((_, index) => {
			const result = session.result(index);
			ok(result, `step ${index + 1} has no result`);
			return result;
		});
	};
	const met = (result: StepResult | undefined) => result?.checks.map((check) => check.met);
	let folder: string;
	before(async () => {
		folder = await mkdtemp(join(tmpdir(), "lab-choices-"));
	});
	after(() => rm(folder, { recursive: true }));
	afterEach(() => {
		for (const session of sessions.splice(0)) session.dispose();
	});

	it("runs one branch, also in a loop, and reports each of its statements", async () => {
		const [chosen, looped] = await run(
			demoOf([
				{ code: 'a = 5;\nif (a > 4) {\n b = 1;\n puts("more");\n} else b = 2;' },
				{
					code: "n = 0;\nfor (i = 0; i < 10; i++) if (i >= 7) n = n + 1;",
					expect: [{ kind: "value", of: "n", is: 3 }],
				},
			]),
		);
		deepEqual(
			chosen?.calls.map(({ code, printed }) => printed ?? code),
			["a = 5;", "b = 1;", "more"],
		);
		deepEqual(met(looped), [true]);
	});

	it("prints so many bytes of a mapping, and no more of a string than was asked for", async () => {
		const [result] = await run(
			demoOf([
				{
					code: `p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
memset(p, 'x', page);
n = strnlen(p, 5);
fwrite(p, 1, n, stdout);`,
					expect: [
						{ kind: "value", of: "n", is: 5 },
						{ kind: "prints", text: "xxxxx" },
						{ kind: "present", of: "p", pages: 0, least: true },
						{ kind: "present", of: "p", pages: 2, least: true },
						{ kind: "value", of: "n", is: 6, when: "n == 6" },
					],
				},
			]),
		);
		deepEqual(met(result), [true, true, true, false]);
	});

	it("ends the demo where nothing that follows makes sense", async () => {
		const [, failed, after, last] = await run(
			demoOf([
				{ code: "a = 1;" },
				{ code: 'fd = open("/nowhere/file", O_RDONLY);', ends: true, mayFail: [{ errno: "ENOENT", because: "gone" }] },
				{ code: "close(fd);", expect: [{ kind: "returns", value: 0 }] },
				{ code: "fork();" },
			]),
		);
		equal(failed?.excused, "gone");
		for (const result of [after, last]) {
			deepEqual([result?.refusal?.why, result?.calls, result?.checks], ["endedBefore", [], []]);
		}
	});

	it("holds what is printed and what is on disk against the reader's choices", async () => {
		const path = join(folder, "file");
		await writeFile(path, "old text");
		const steps: readonly Step[] = [
			{
				code: "fd = open(file, O_RDWR);\np = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);\nfwrite(p, 1, 8, stdout);",
				expect: [
					{ kind: "prints", text: { file: "file" } },
					{ kind: "unchanged", of: "file" },
				],
			},
			{
				code: "memcpy(p, text, 8);",
				expect: [
					{ kind: "file", of: "file", starts: { parameter: "text" } },
					{ kind: "file", of: "file", starts: "old text" },
					{ kind: "unchanged", of: "file" },
				],
			},
		];
		const parameters: Demo["parameters"] = [
			{ kind: "file", name: "file", title: "", scratch: { text: "" } },
			{ kind: "text", name: "text", title: "", initial: "" },
		];
		const [read, wrote] = await run(demoOf(steps, parameters), { file: path, text: "new text" });
		deepEqual(met(read), [true, true]);
		deepEqual(met(wrote), [true, false, false]);
	});

	it("keeps the regions of a process that has become another program in view", async () => {
		const [, , executed, ended] = await run(
			demoOf([
				{ code: "p = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);" },
				{ code: "child = fork();" },
				{
					process: "child",
					code: 'execl("/bin/sleep", "sleep", "1000", NULL);',
					expect: [
						{ kind: "permissions", of: "p", are: "none" },
						{ kind: "permissions", of: "p", process: "main", are: "r--p" },
						{ kind: "process", of: "child", is: "executed" },
					],
				},
				{
					code: "kill(child, SIGKILL);\nwaitpid(child, NULL, 0);",
					expect: [{ kind: "process", of: "child", is: "ended" }],
				},
			]),
		);
		deepEqual([met(executed), met(ended)], [[true, true, true], [true]]);
	});

	it("leaves each process its own descriptors, and its own idea of them", async () => {
		const [, child, main] = await run(
			demoOf([
				{ code: "child = fork();" },
				{
					process: "child",
					code: 'fd = memfd_create("test", 0);\nftruncate(fd, 1234);\nfstat(fd, &st);\nsize = st.st_size;',
					expect: [{ kind: "value", of: "size", is: 1234 }],
				},
				// A descriptor of this number is open in the child only; here it may be Node's.
				{ code: "close(3);" },
			]),
		);
		deepEqual(met(child), [true]);
		equal(child?.calls[0]?.value?.kind === "descriptor" && child.calls[0].value.number, 3);
		equal(main?.refusal?.why, "notTheLabs");
	});
});

describe("the manual pages that demos name", () => {
	it("have addresses", () => {
		for (const page of demos.flatMap(({ steps }) => steps.flatMap(({ man }) => man))) ok(manualAddress(page), page);
	});
});
