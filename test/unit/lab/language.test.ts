import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { exportC, stepAsC } from "../../../src/extension/lab/cProgram/exportC";
import { cText, printExpr } from "../../../src/extension/lab/cProgram/text";
import { demos } from "../../../src/extension/lab/demos";
import { constantNames, constantValue, newerConstants } from "../../../src/extension/lab/language/constants";
import { evaluateConstant } from "../../../src/extension/lab/language/evaluate";
import { parseExpression, parseStatements } from "../../../src/extension/lab/language/parser";
import { LabSyntaxError, type Statement } from "../../../src/extension/lab/language/syntax";
import { withPlainBlanks } from "../../../src/extension/lab/language/tokens";
import { readDemo, Variables } from "../../../src/extension/lab/language/variables";
import { stepLines } from "../../../src/extension/lab/report";
import { mainProcess } from "../../../src/shared/labDemo";
import { visibleText } from "../../../src/shared/text";
import { LabPrograms } from "../../support/labPrograms";
import { demoOf, openSession } from "../../support/labSessions";

const run = promisify(execFile);
const values = (name: string): bigint | undefined => ({ page: 4096n, p: 0x1000_0000_0000n })[name];
const evaluate = (text: string | number) => evaluateConstant(text, values);

describe("the lab's language", () => {
	it("calculates as C does", () => {
		const cases: readonly (readonly [string, bigint])[] = [
			["1 + 2 * 3", 7n],
			["(1 + 2) * 3", 9n],
			["1 << 20", 2n ** 20n],
			["1 << 2 + 3", 32n],
			["8 - 3 - 2", 3n],
			["7 / 2 * 2", 6n],
			["-7 / 2", -3n],
			["-7 % 3", -1n],
			["6 & 3 | 8", 10n],
			["5 ^ 1", 4n],
			["~0", -1n],
			["0x10 + 010 + 10UL", 34n],
			["'h'", 104n],
			["'\\n' + '\\x41'", 75n],
			["p + 20 * page", 0x1000_0001_4000n],
			["PROT_READ | PROT_WRITE", 3n],
			["1L << 63", -(2n ** 63n)],
		];
		for (const [text, value] of cases) equal(evaluate(text), value, text);
	});

	it("reads statements, with the text of each", () => {
		const code =
			"p = mmap(NULL, page,\n  1, 2, -1, 0); /* a */ p[2] = 'x'; // b\nfor (i = 0; i < 4; i += 2) memset(p + i, 0, 1);";
		const statements = parseStatements(code);
		deepEqual(
			statements.map(({ kind }) => kind),
			["assign", "store", "for"],
		);
		deepEqual(
			statements.map((statement) => statement.code),
			["p = mmap(NULL, page,\n  1, 2, -1, 0);", "p[2] = 'x';", "for (i = 0; i < 4; i += 2) memset(p + i, 0, 1);"],
		);
	});

	it("reads a call of the code at an address", () => {
		deepEqual(parseExpression("((int (*)(void))p)()"), {
			kind: "invoke",
			address: { kind: "name", name: "p" },
		});
	});

	it("says what it does not understand", () => {
		const wrong: readonly (readonly [string, RegExp])[] = [
			["p = ;", /was expected where ";" stands/],
			["munmap(p, 1)", /; was expected where the end stands/],
			["1 = 2;", /a variable or a byte before =/],
			["p @ 2;", /"@" is not understood/],
			["a = 'xy';", /not understood/],
			['puts("abc);', /not understood/],
			["for (i = 0; j < 2; i++) puts(p);", /i was expected/],
		];
		for (const [code, sentence] of wrong) throws(() => parseStatements(code), sentence, code);
	});

	it("takes code that was pasted with other blanks and line ends, and keeps those in quotes", () => {
		const pasted = 'p\u00a0=\r\n\tmmap(NULL,\u2028\f1, 1,\ufeff2, -1, 0);\rputs("\u00a0\\"\u2028");';
		const plain = 'p =\n\tmmap(NULL,\n 1, 1, 2, -1, 0);\nputs("\u00a0\\"\u2028");';
		equal(withPlainBlanks(pasted), plain);
		equal(parseStatements(plain).length, 2);
		throws(() => parseStatements(pasted), LabSyntaxError);
	});

	it("checks names, functions, arguments and types", () => {
		const check = (code: string) => () => {
			const variables = new Variables();
			for (const statement of parseStatements(`p = mmap(NULL, 1, 1, 2, -1, 0); ${code}`)) variables.add(statement);
		};
		check("q = p + 3 * page; n = q - p; c = p[0]; x = ((int (*)(void))p)();")();
		throws(check("system(p);"), /there is no function system/);
		throws(check("munmap(p);"), /munmap takes 2 arguments/);
		throws(check("munmap(p, mlock(p, 1));"), /a call stands alone/);
		throws(check("munmap(nowhere, 1);"), /nowhere is not known/);
		throws(check("n = p * 2;"), /a pointer cannot be used with \*/);
		throws(check("n = 5; c = n[0];"), /only a pointer/);
		throws(check("p = 5;"), /p is a pointer and cannot become a long/);
		throws(check("page = 5;"), /page cannot be assigned to/);
		throws(check("PROT_READ = 5;"), /cannot be assigned to/);
		throws(check("munmap(&p, 1);"), /munmap takes no structure/);
	});

	it("gives constants the values of this machine's headers", async () => {
		const names = constantNames.filter((name) => name !== "NULL" && !newerConstants.has(name));
		const headers = ["stdio.h", "sys/mman.h", "fcntl.h", "sys/resource.h", "signal.h"];
		const source = [
			"#define _GNU_SOURCE",
			...headers.map((header) => `#include <${header}>`),
			"int main(void) {",
			...names.map((name) => `printf("%ld\\n", (long)${name});`),
			"}",
		];
		const folder = await mkdtemp(join(tmpdir(), "constants-"));
		try {
			await writeFile(join(folder, "a.c"), source.join("\n"));
			await run("gcc", ["-o", join(folder, "a"), join(folder, "a.c")]);
			const { stdout } = await run(join(folder, "a"), []);
			deepEqual(
				stdout.trim().split("\n").map(BigInt),
				names.map((name) => constantValue(name)),
			);
		} finally {
			await rm(folder, { recursive: true });
		}
	});
});

describe("C of a demo", () => {
	it("escapes text so that C reads the same bytes", () => {
		equal(cText('a"b\\c\n?é\0'), '"a\\"b\\\\c\\012\\?\\303\\251\\000"');
	});

	it("prints expressions that mean the same", () => {
		for (const text of ["1 + 2 * 3", "(p + 4) - page", "-(3 - 5)", "1 << 3 | 1", "~5 & 0xff"]) {
			equal(evaluate(printExpr(parseExpression(text))), evaluate(text), text);
		}
	});

	it("contains every statement as the step shows it", () => {
		for (const demo of demos) {
			const program = exportC(demo).replaceAll(/\s+/g, " ");
			for (const [index, statements] of readDemo(demo).steps.entries()) {
				// A choice is written with braces, around what is reported of its statements.
				const plain = (all: readonly Statement[]): readonly Statement[] =>
					all.flatMap((one) => (one.kind === "if" ? plain([...one.then, ...one.otherwise]) : [one]));
				for (const { code } of plain(statements)) {
					const bare = code.replace(/\s*;$/, "").replaceAll(/\s+/g, " ");
					equal(program.includes(bare), true, `${demo.id}: ${bare}`);
				}
				equal(stepAsC(demo, index), `${demo.steps[index]?.code}\n`);
			}
		}
	});

	it("leaves out numbers that vary, as the report's lines do", async () => {
		const code = `p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
mincore(p, 2 * page, vec);
kept = vec[0] & 1;
strcpy(p, "12");
n = strtol(p, NULL, 10);
munmap(p + 1, page);`;
		const one = { title: "one", code, look: "", expect: [], why: "", man: [] };
		const demo = {
			id: "vary",
			number: 0,
			title: "t",
			teaches: "t",
			steps: [one, { ...one, varies: ["values" as const] }],
		};
		const programs = await LabPrograms.compile([demo]);
		const session = await openSession(demo);
		try {
			await session.runAll();
			const lines = demo.steps.flatMap((_, index) => {
				const result = session.result(index);
				return result ? stepLines(demo, result, session.state.pageSize) : [];
			});
			const region = "  p: rw-p; 1 mapping; 1 present, 1 exclusive";
			const numbers = ["  0", "  0 of 2 pages in memory", "  kept = 0", "  12"];
			deepEqual(lines, [
				...["step 1: one", "  an address", ...numbers, "  -1 EINVAL", region],
				...["step 2: one", "  an address", "  0", "  kept = a number", "  a number", "  -1 EINVAL", region],
			]);
			deepEqual(await programs.lines("vary"), lines);
		} finally {
			session.dispose();
			await programs.remove();
		}
	});

	it("holds nothing that cannot be seen: a terminal would act on it, a reader be misled", () => {
		const code = 'puts("\u001b[31mred \u202egnp\u202c");\n\tp = mmap(NULL, 1, 1, 2, -1, 0);';
		const demo = demoOf([code], { parameters: [{ kind: "text", name: "text", title: "", initial: "" }] });
		const escaped = code
			.replace("\u001b", "\\033")
			.replace("\u202e", "\\342\\200\\256")
			.replace("\u202c", "\\342\\200\\254");
		equal(stepAsC(demo, 0), `${escaped}\n`);
		const program = exportC(demo, { text: "\u009b1m" });
		ok(program.includes('text[] = "\\302\\2331m";'), program);
		deepEqual(program.replaceAll(/[\n\t]/g, ""), visibleText(program.replaceAll(/[\n\t]/g, "")));
	});

	it("takes what the reader has chosen", () => {
		const demo = {
			...demos[0],
			id: "own",
			number: 0,
			title: "t",
			teaches: "t",
			parameters: [
				{ kind: "text" as const, name: "text", title: "", initial: "hello" },
				{ kind: "number" as const, name: "count", title: "", initial: "4 * page" },
				{ kind: "file" as const, name: "path", title: "", scratch: { text: "x" } },
			],
			steps: [],
		};
		match(exportC(demo), /text\[\] = "hello";\nstatic long count = 4 \* page;/);
		const program = exportC(demo, { text: 'a"b', count: 7, path: "/etc/hosts" });
		match(program, /text\[\] = "a\\"b";\nstatic long count = 7;\nstatic const char path\[\] = "\/etc\/hosts";/);
		equal(program.includes("make_scratch"), false);
	});
});

describe("demos", () => {
	it("have ids and numbers of their own, and all that a reader wants to know of a step", () => {
		equal(new Set(demos.map(({ id }) => id)).size, demos.length);
		equal(new Set(demos.map(({ number }) => number)).size, demos.length);
		for (const { id, title, teaches, steps } of demos) {
			match(id, /^[a-z][a-z0-9-]*$/);
			for (const text of [title, teaches]) equal(text.trim() !== "", true, id);
			for (const step of steps) {
				for (const text of [step.title, step.look, step.why]) equal(text.trim() !== "", true, `${id}: ${step.title}`);
				for (const page of step.man) match(page, /^\w+\([1-8][a-z]*\)$/);
				equal(step.man.length > 0, true, `${id}: ${step.title}`);
			}
		}
	});

	it("name processes that a step before has forked, and tables of what the step prints", () => {
		for (const demo of demos) {
			const forked = new Set<string>([mainProcess]);
			for (const [index, step] of demo.steps.entries()) {
				equal(forked.has(step.process ?? mainProcess), true, `${demo.id}: ${step.title}`);
				const statements = readDemo(demo).steps[index] ?? [];
				for (const statement of statements) {
					if (statement.kind === "assign" && statement.value.kind === "call" && statement.value.name === "fork") {
						forked.add(statement.name);
					}
				}
				for (const cell of step.table?.cells.flat() ?? []) match(statements[cell]?.code ?? "", /^puts/);
			}
		}
	});
});
