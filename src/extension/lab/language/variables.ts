import type { Demo } from "../../../shared/labDemo";
import { constantValue } from "./constants";
import { labFunction } from "./functions";
import { parseStatements } from "./parser";
import { type Expr, LabSyntaxError, type Statement } from "./syntax";

/** C types of the language. `text` is a string, `bytes` one of the demo's data, `vector` what `mincore` fills. */
export type CType = "pointer" | "int" | "long" | "pid" | "byte" | "text" | "bytes" | "vector" | "rlimit" | "stat";

/** Type of a name; undefined where there is none of that name. */
export type Lookup = (name: string) => CType | undefined;

/** Names that every demo has: bytes of a page, an array of bytes for `mincore`, and where `fwrite` may write. */
const builtIn: ReadonlyMap<string, CType> = new Map([
	["page", "long"],
	["vec", "vector"],
	["stdout", "long"],
]);

/** Structures by the function that fills or reads them, with the members that are integers. */
export const structures: ReadonlyMap<
	string,
	{ readonly type: "rlimit" | "stat"; readonly members: readonly string[] }
> = new Map([
	["fstat", { type: "stat", members: ["st_size"] }],
	["getrlimit", { type: "rlimit", members: ["rlim_cur", "rlim_max"] }],
	["setrlimit", { type: "rlimit", members: ["rlim_cur", "rlim_max"] }],
]);

/** Type of an expression. Throws {@link LabSyntaxError} for a name or function that does not exist, or too many arguments. */
export function typeOf(expr: Expr, lookup: Lookup): CType {
	for (const part of partsOf(expr)) {
		if (part.kind === "call" || part.kind === "invoke") {
			throw new LabSyntaxError("a call stands alone, or to the right of =: what each returns is worth a look");
		}
	}
	switch (expr.kind) {
		case "integer":
		case "sizeof":
			return "long";
		case "text":
			return "text";
		case "name":
			return typeOfName(expr.name, lookup);
		case "unary":
			return typeOf(expr.operand, lookup);
		case "binary":
			return typeOfBinary(typeOf(expr.left, lookup), typeOf(expr.right, lookup), expr.operator);
		case "load":
			if (!["pointer", "vector"].includes(typeOf(expr.pointer, lookup)))
				throw new LabSyntaxError("only a pointer has bytes in [ ]");
			typeOf(expr.index, lookup);
			return "byte";
		case "invoke":
			typeOf(expr.address, lookup);
			return "int";
		case "addressOf":
			return "pointer";
		case "call":
			return typeOfCall(expr.name, expr.parameters, lookup);
	}
}

function partsOf(expr: Expr): readonly Expr[] {
	switch (expr.kind) {
		case "unary":
			return [expr.operand];
		case "binary":
			return [expr.left, expr.right];
		case "load":
			return [expr.pointer, expr.index];
		case "invoke":
			return [expr.address];
		case "call":
			return expr.parameters;
		case "integer":
		case "text":
		case "name":
		case "addressOf":
		case "sizeof":
			return [];
	}
}

function typeOfName(name: string, lookup: Lookup): CType {
	const type = lookup(name) ?? builtIn.get(name);
	if (type !== undefined) return type;
	if (constantValue(name) === undefined) throw new LabSyntaxError(`${name} is not known here`);
	return name === "MAP_FAILED" ? "pointer" : "long";
}

function typeOfBinary(left: CType, right: CType, operator: string): CType {
	const pointers = [left, right].filter((type) => type === "pointer").length;
	if (pointers === 0 || (pointers === 2 && isComparison(operator))) return "long";
	if (operator === "-" && left === "pointer") return pointers === 2 ? "long" : "pointer";
	if (operator === "+" && pointers === 1) return "pointer";
	throw new LabSyntaxError(`a pointer cannot be used with ${operator} here`);
}

function isComparison(operator: string): boolean {
	return ["==", "!=", "<", ">", "<=", ">="].includes(operator);
}

function typeOfCall(name: string, parameters: readonly Expr[], lookup: Lookup): CType {
	const known = labFunction(name);
	if (known === undefined) throw new LabSyntaxError(`there is no function ${name} in the lab`);
	const [least, most] = known.parameters;
	if (parameters.length < least || parameters.length > most) {
		throw new LabSyntaxError(`${name} takes ${least === most ? least : `${least} to ${most}`} arguments`);
	}
	for (const parameter of parameters) {
		if (parameter.kind !== "addressOf") typeOf(parameter, lookup);
		else if (!structures.has(name)) throw new LabSyntaxError(`${name} takes no structure`);
	}
	switch (known.returns) {
		case "address":
			return "pointer";
		case "descriptor":
			return "int";
		case "pid":
			return "pid";
		case "nothing":
		case "int":
			return "int";
		case "long":
			return "long";
	}
}

/** Variables with their types, as statements declare them by assigning to them. */
export class Variables {
	readonly types = new Map<string, CType>();

	constructor(demo?: Pick<Demo, "parameters" | "data">) {
		for (const { name, kind } of demo?.parameters ?? []) this.types.set(name, kind === "number" ? "long" : "text");
		for (const { name } of demo?.data ?? []) this.types.set(name, "bytes");
	}

	readonly lookup: Lookup = (name) => this.types.get(name);

	/** Takes note of what a statement declares, and checks all that it uses. Throws {@link LabSyntaxError}. */
	add(statement: Statement): void {
		switch (statement.kind) {
			case "evaluate":
				this.#addStructures(statement.value);
				typeOf(statement.value, this.lookup);
				return;
			case "assign":
				this.#declare(statement.name, typeOf(statement.value, this.lookup));
				return;
			case "store":
				typeOf({ kind: "load", pointer: statement.pointer, index: statement.index }, this.lookup);
				typeOf(statement.value, this.lookup);
				return;
			case "if":
				typeOf(statement.condition, this.lookup);
				for (const inner of [...statement.then, ...statement.otherwise]) this.add(inner);
				return;
			case "for":
				typeOf(statement.start, this.lookup);
				this.#declare(statement.name, "long");
				typeOf(statement.end, this.lookup);
				typeOf(statement.step, this.lookup);
				this.add(statement.body);
		}
	}

	#declare(name: string, type: CType): void {
		const known = this.types.get(name);
		if (known === undefined && (builtIn.has(name) || constantValue(name) !== undefined || labFunction(name))) {
			throw new LabSyntaxError(`${name} cannot be assigned to`);
		}
		if (known !== undefined && known !== type) {
			// `n = 0;` declares a long; a member of a structure, or a byte, may become any integer.
			if (known === "pointer" || type === "pointer" || known === "text") {
				throw new LabSyntaxError(`${name} is a ${known} and cannot become a ${type}`);
			}
			return;
		}
		this.types.set(name, type === "text" || type === "vector" ? "pointer" : type);
	}

	#addStructures(expr: Expr): void {
		if (expr.kind !== "call") return;
		const structure = structures.get(expr.name);
		for (const parameter of expr.parameters) {
			if (parameter.kind !== "addressOf" || structure === undefined) continue;
			this.types.set(parameter.name, structure.type);
			for (const member of structure.members) this.types.set(`${parameter.name}.${member}`, "long");
		}
	}
}

/** A demo's statements by step, with all variables. Throws {@link LabSyntaxError}, which names the step. */
export function readDemo(demo: Pick<Demo, "parameters" | "data" | "steps">): {
	readonly steps: readonly (readonly Statement[])[];
	readonly variables: Variables;
} {
	const variables = new Variables(demo);
	const steps = demo.steps.map(({ code }, index) => {
		try {
			const statements = parseStatements(code);
			for (const statement of statements) variables.add(statement);
			return statements;
		} catch (error) {
			throw error instanceof LabSyntaxError ? new LabSyntaxError(`step ${index + 1}: ${error.message}`) : error;
		}
	});
	return { steps, variables };
}
