import { type Demo, type DemoData, mainProcess, type ParameterValues } from "../../../shared/labDemo";
import { constantValue, newerConstants } from "../language/constants";
import { labFunction } from "../language/functions";
import type { Expr, Statement } from "../language/syntax";
import { type CType, readDemo, typeOf, type Variables } from "../language/variables";
import { helpers } from "./helpers";
import { epilogue, forkRuntime, prologue } from "./runtime";
import { cText, printExpr, visibleSource } from "./text";

/** Headers that the runtime itself needs. */
const runtimeHeaders = [
	"errno.h",
	"fcntl.h",
	"setjmp.h",
	"signal.h",
	"stdint.h",
	"stdio.h",
	"stdlib.h",
	"string.h",
	"sys/mman.h",
	"unistd.h",
];

/**
 * A demo as a complete C program. It compiles with `gcc -Wall -Wextra -Werror` and prints the lines of `reportLines`: what
 * calls returned, permissions, present pages, signals, files. The statements are those of the demo, unchanged.
 *
 * @param values what the reader chose; a file without a choice becomes a scratch file of the program's own.
 */
export function exportC(demo: Demo, values: ParameterValues = {}): string {
	const { steps, variables } = readDemo(demo);
	const forks = steps.flat().some((statement) => calls(statement, "fork"));
	const functions = steps.map((statements, index) => stepFunction(demo, index, statements, variables)).join("\n");
	const files = (demo.parameters ?? []).filter(({ kind }) => kind === "file").map(({ name }) => name);
	const ending = endOf(demo, values, forks, files);
	const used = (name: string): boolean => new RegExp(`\\b${name}\\(`).test(functions + ending);
	const parts = Object.entries(helpers).flatMap(([name, text]) => (used(name) ? [text] : []));
	const program = [
		head(demo),
		includes(steps, forks, files.length > 0),
		missingConstants(demo),
		prologue,
		parts.join(""),
		"\n/* ---- The demo: its variables ---- */\n",
		declarations(demo, values, variables),
		stepTable(demo, steps, forks),
		forks ? forkRuntime : "",
		"\n/* ---- The demo: its steps ---- */\n\n",
		functions,
		ending,
	];
	return visibleSource(program.join(""));
}

/** A step's statements, as they are copied. */
export function stepAsC(demo: Demo, step: number): string {
	return visibleSource(`${demo.steps[step]?.code ?? ""}\n`);
}

function head({ id, title, teaches }: Demo): string {
	const lines = [title, "", teaches, "", `Compile and run: gcc -Wall -Wextra -Werror -o ${id} ${id}.c && ./${id}`];
	return `/*\n${lines.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */\n#define _GNU_SOURCE\n`;
}

function includes(steps: readonly (readonly Statement[])[], forks: boolean, files: boolean): string {
	const headers = new Set(runtimeHeaders);
	for (const statement of steps.flat()) {
		for (const name of calledFunctions(statement)) headers.add(labFunction(name)?.header ?? "stdio.h");
	}
	if (forks) for (const header of ["sys/prctl.h", "sys/wait.h"]) headers.add(header);
	if (files) headers.add("sys/stat.h");
	return [...headers]
		.sort()
		.map((header) => `#include <${header}>\n`)
		.join("");
}

/** Constants that older headers lack. */
function missingConstants(demo: Demo): string {
	const code = demo.steps.map((step) => step.code).join("\n");
	return [...newerConstants]
		.filter((name) => new RegExp(`\\b${name}\\b`).test(code))
		.map((name) => `\n#ifndef ${name}\n#define ${name} ${constantValue(name)}\n#endif\n`)
		.join("");
}

const declared: Readonly<Partial<Record<CType, string>>> = {
	pointer: "char *",
	int: "int ",
	long: "long ",
	pid: "pid_t ",
	byte: "char ",
	rlimit: "struct rlimit ",
	stat: "struct stat ",
};

function declarations(demo: Demo, values: ParameterValues, variables: Variables): string {
	const parameters = new Set((demo.parameters ?? []).map(({ name }) => name));
	const lines = (demo.parameters ?? []).map((parameter) => {
		const { name } = parameter;
		const value = values[name];
		if (parameter.kind === "number") return `static long ${name} = ${value ?? parameter.initial};\n`;
		if (parameter.kind === "text")
			return `static const char ${name}[] = ${cText(String(value ?? parameter.initial))};\n`;
		return value === undefined
			? `static char ${name}[64];\n`
			: `static const char ${name}[] = ${cText(String(value))};\n`;
	});
	lines.push(...(demo.data ?? []).map(dataArray));
	for (const [name, type] of variables.types) {
		const c = declared[type];
		if (c !== undefined && !parameters.has(name) && !name.includes(".")) lines.push(`static ${c}${name};\n`);
	}
	return lines.join("");
}

function dataArray({ name, bytes, comment }: DemoData): string {
	const list = (values: readonly number[]) =>
		values.map((byte) => `0x${byte.toString(16).padStart(2, "0")}`).join(", ");
	return [
		`/* ${comment} */\n`,
		`static const unsigned char ${name}[] = {\n`,
		`#if defined(__x86_64__)\n\t${list(bytes.x64)}\n`,
		`#elif defined(__aarch64__)\n\t${list(bytes.arm64)}\n`,
		`#else\n#error "This demo has code for x86-64 and arm64 only."\n#endif\n};\n`,
	].join("");
}

function stepTable(demo: Demo, steps: readonly (readonly Statement[])[], forks: boolean): string {
	const prototypes = steps.map((_, index) => `static void step_${index + 1}(void);\n`).join("");
	const rows = demo.steps.map(({ title, process = mainProcess, varies = [], ends = false }, index) => {
		const executes = steps[index]?.some((statement) => calls(statement, "execl")) ? 1 : 0;
		const present = varies.includes("present") ? 0 : 1;
		const numbersVary = Number(varies.includes("values"));
		const rest = [present, numbersVary, Number(ends), ...(forks ? [executes] : [])].join(", ");
		return `\t{ ${cText(title)}, ${cText(process)}, step_${index + 1}, ${rest} },\n`;
	});
	return `
${prototypes}
static const struct step {
	const char *title;
	const char *process;
	void (*run)(void);
	int present;
	int numbers_vary;
	int ends;${forks ? "\n\tint executes;" : ""}
} steps[] = {
${rows.join("")}};
`;
}

function stepFunction(demo: Demo, index: number, statements: readonly Statement[], variables: Variables): string {
	const body = statements
		.flatMap((statement) => statementLines(statement, variables))
		.map((line) => `\t${line.replaceAll("\n", "\n\t")}\n`);
	return `/* ${commentText(demo.steps[index]?.title ?? "")} */\nstatic void step_${index + 1}(void)\n{\n${body.join("")}}\n`;
}

const commentText = (text: string): string => text.replaceAll("*/", "* /");

/** A statement, and the lines that report what came of it. */
function statementLines(statement: Statement, variables: Variables): string[] {
	const { code } = statement;
	if (statement.kind === "if") return choiceLines(statement, variables);
	if (statement.kind === "store" || statement.kind === "for") return [code];
	if (statement.kind === "evaluate") return evaluated(statement.value, code);
	const { name, value } = statement;
	if (value.kind !== "call") {
		const cast = value.kind === "load" ? "(unsigned char)" : "";
		return [
			code,
			typeOf(value, variables.lookup) === "pointer"
				? `report_address(${name});`
				: `report_value("${name}", ${cast}${name});`,
		];
	}
	const [, length, newLength] = value.parameters;
	switch (labFunction(value.name)?.returns) {
		case "address": {
			const report = [code, `report_address(${name});`];
			if (value.name !== "mmap" && value.name !== "mremap") return report;
			const size = value.name === "mremap" ? newLength : length;
			return [...report, `watch("${name}", ${name}, ${size ? printExpr(size) : "0"});`];
		}
		case "descriptor":
			return [code, `report_descriptor(${name});`];
		case "pid":
			if (value.name !== "fork") return [code, `report_pid(${name});`];
			return [
				"before_fork();",
				code,
				`if (${name} == 0)\n\tserve("${name}");`,
				`report_pid(${name});`,
				`adopt("${name}", ${name});`,
			];
		case "int":
		case "long":
		case "nothing":
		case undefined:
			return [code, `report_number(${name});`];
	}
}

function choiceLines(
	{ condition, then, otherwise }: Extract<Statement, { kind: "if" }>,
	variables: Variables,
): string[] {
	const block = (statements: readonly Statement[]) =>
		statements
			.flatMap((statement) => statementLines(statement, variables))
			.map((line) => `\t${line.replaceAll("\n", "\n\t")}`);
	const end = otherwise.length === 0 ? ["}"] : ["} else {", ...block(otherwise), "}"];
	return [`if (${printExpr(condition).replace(/^\((.*)\)$/, "$1")}) {`, ...block(then), ...end];
}

function evaluated(value: Expr, code: string): string[] {
	if (value.kind !== "call") return [`report_value("value", ${code.replace(/;$/, "")});`];
	const bare = code.replace(/\s*;$/, "");
	switch (labFunction(value.name)?.returns) {
		case "address":
			return [`report_address(${bare});`];
		case "descriptor":
			return [`report_descriptor(${bare});`];
		case "pid":
			return [`report_pid(${bare});`];
		case "int":
		case "long":
			if (value.name !== "mincore") return [`report_number(${bare});`];
			return [`report_in_core(${bare}, ${value.parameters[1] ? printExpr(value.parameters[1]) : "0"});`];
		case "nothing":
		case undefined:
			return value.name === "fwrite" ? [code, "putchar('\\n');"] : [code];
	}
}

function endOf(demo: Demo, values: ParameterValues, forks: boolean, files: readonly string[]): string {
	const scratch = (demo.parameters ?? []).flatMap((parameter) =>
		parameter.kind === "file" && values[parameter.name] === undefined ? [parameter] : [],
	);
	const start = scratch.map(({ name, scratch: { text, size } }) => {
		const length = Buffer.byteLength(text);
		return `\tmake_scratch(${name}, ${cText(text)}, ${length}, ${size ?? length});\n`;
	});
	const end = [...(forks ? ["\tend_children();\n"] : []), ...scratch.map(({ name }) => `\tunlink(${name});\n`)];
	const print = files.map((name) => `\t\tprint_file("${name}", ${name});\n`);
	return epilogue
		.replaceAll(/\/\*FORK\n([\s\S]*?)FORK\*\/\n/g, forks ? "$1" : "")
		.replace("/*START*/\n", () => start.join(""))
		.replace("/*FILES*/\n", () => print.join(""))
		.replace("/*END*/\n", () => end.join(""));
}

function calls(statement: Statement, name: string): boolean {
	return calledFunctions(statement).includes(name);
}

function calledFunctions(statement: Statement): string[] {
	if (statement.kind === "for") return calledFunctions(statement.body);
	if (statement.kind === "if") return [...statement.then, ...statement.otherwise].flatMap(calledFunctions);
	return statement.value.kind === "call" ? [statement.value.name] : [];
}
