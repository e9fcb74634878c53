import { type BinaryOperator, type Expr, LabSyntaxError, type Statement } from "./syntax";
import { type Token, tokenize } from "./tokens";

/** Binary operators, loosest first: C's order. */
const levels: readonly (readonly BinaryOperator[])[] = [
	["|"],
	["^"],
	["&"],
	["==", "!="],
	["<", ">", "<=", ">="],
	["<<", ">>"],
	["+", "-"],
	["*", "/", "%"],
];

/** Statements of a step's code. Throws {@link LabSyntaxError}. */
export function parseStatements(source: string): Statement[] {
	const parser = new Parser(source);
	const statements: Statement[] = [];
	while (!parser.atEnd()) statements.push(parser.statement());
	return statements;
}

/** One expression, e.g. that of an expectation. Throws {@link LabSyntaxError}. */
export function parseExpression(source: string): Expr {
	const parser = new Parser(source);
	const value = parser.expression();
	if (!parser.atEnd()) throw new LabSyntaxError(`something follows the expression ${source}`);
	return value;
}

class Parser {
	readonly #tokens: readonly Token[];
	#at = 0;

	constructor(private readonly source: string) {
		this.#tokens = tokenize(source);
	}

	atEnd(): boolean {
		return this.#peek().kind === "end";
	}

	statement(): Statement {
		const first = this.#peek();
		const start = first.start;
		const word = first.kind === "name" ? first.text : undefined;
		const read = word === "for" ? this.#loop() : word === "if" ? this.#choice() : this.#simple();
		const end = this.#tokens[this.#at - 1]?.end ?? start;
		return { ...read, code: this.source.slice(start, end) };
	}

	expression(level = 0): Expr {
		const operators = levels[level];
		if (operators === undefined) return this.#unary();
		let left = this.expression(level + 1);
		for (;;) {
			const operator = operators.find((mark) => this.#isMark(mark));
			if (operator === undefined) return left;
			this.#at++;
			left = { kind: "binary", operator, left, right: this.expression(level + 1) };
		}
	}

	#simple(): WithoutCode {
		const value = this.expression();
		if (!this.#accept("=")) {
			this.#expect(";");
			return { kind: "evaluate", value };
		}
		const assigned = this.expression();
		this.#expect(";");
		if (value.kind === "name") return { kind: "assign", name: value.name, value: assigned };
		if (value.kind === "load") {
			return { kind: "store", pointer: value.pointer, index: value.index, value: assigned };
		}
		throw this.#error("a variable or a byte before =");
	}

	#loop(): WithoutCode {
		this.#at++;
		this.#expect("(");
		const name = this.#name();
		this.#expect("=");
		const start = this.expression();
		this.#expect(";");
		this.#expectName(name);
		this.#expect("<");
		const end = this.expression();
		this.#expect(";");
		this.#expectName(name);
		const one: Expr = { kind: "integer", value: 1n };
		const step = this.#accept("++") ? one : this.#stepAfterPlus();
		this.#expect(")");
		return { kind: "for", name, start, end, step, body: this.statement() };
	}

	#choice(): WithoutCode {
		this.#at++;
		this.#expect("(");
		const condition = this.expression();
		this.#expect(")");
		const then = this.#block();
		const next = this.#peek();
		const hasElse = next.kind === "name" && next.text === "else";
		if (hasElse) this.#at++;
		return { kind: "if", condition, then, otherwise: hasElse ? this.#block() : [] };
	}

	/** Statements in braces, or one without. */
	#block(): Statement[] {
		if (!this.#accept("{")) return [this.statement()];
		const statements: Statement[] = [];
		while (!this.#accept("}")) statements.push(this.statement());
		return statements;
	}

	#stepAfterPlus(): Expr {
		this.#expect("+=");
		return this.expression();
	}

	#unary(): Expr {
		if (this.#accept("-")) return { kind: "unary", operator: "-", operand: this.#unary() };
		if (this.#accept("~")) return { kind: "unary", operator: "~", operand: this.#unary() };
		if (this.#accept("&")) return { kind: "addressOf", name: this.#name() };
		let value = this.#primary();
		while (this.#accept("[")) {
			const index = this.expression();
			this.#expect("]");
			value = { kind: "load", pointer: value, index };
		}
		return value;
	}

	#primary(): Expr {
		const token = this.#peek();
		if (token.kind === "integer" || token.kind === "text") {
			this.#at++;
			return token.kind === "integer" ? { kind: "integer", value: token.value } : { kind: "text", bytes: token.bytes };
		}
		if (token.kind === "name") return this.#named(token.text);
		if (this.#startsInvocation()) return this.#invocation();
		this.#expect("(");
		const value = this.expression();
		this.#expect(")");
		return value;
	}

	#named(name: string): Expr {
		this.#at++;
		if (name === "sizeof") return { kind: "sizeof", name: this.#name() };
		if (!this.#accept("(")) return { kind: "name", name };
		const parameters: Expr[] = [];
		while (!this.#accept(")")) {
			if (parameters.length > 0) this.#expect(",");
			parameters.push(this.expression());
		}
		return { kind: "call", name, parameters };
	}

	/** `((int (*)(void))` */
	#startsInvocation(): boolean {
		const [open, second, type] = this.#tokens.slice(this.#at, this.#at + 3);
		const isOpen = (token: Token | undefined) => token?.kind === "mark" && token.text === "(";
		return isOpen(open) && isOpen(second) && type?.kind === "name" && type.text === "int";
	}

	#invocation(): Expr {
		for (const mark of ["(", "("]) this.#expect(mark);
		this.#expectName("int");
		for (const mark of ["(", "*", ")", "("]) this.#expect(mark);
		this.#expectName("void");
		for (const mark of [")", ")"]) this.#expect(mark);
		const address = this.#unary();
		for (const mark of [")", "(", ")"]) this.#expect(mark);
		return { kind: "invoke", address };
	}

	#peek(): Token {
		const token = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)];
		if (token === undefined) throw new LabSyntaxError("nothing to read");
		return token;
	}

	#isMark(text: string): boolean {
		const token = this.#peek();
		return token.kind === "mark" && token.text === text;
	}

	#accept(text: string): boolean {
		const found = this.#isMark(text);
		if (found) this.#at++;
		return found;
	}

	#expect(text: string): void {
		if (!this.#accept(text)) throw this.#error(text);
	}

	#name(): string {
		const token = this.#peek();
		if (token.kind !== "name") throw this.#error("a name");
		this.#at++;
		return token.text;
	}

	#expectName(text: string): void {
		if (this.#name() !== text) throw new LabSyntaxError(`${text} was expected in ${this.source}`);
	}

	#error(expected: string): LabSyntaxError {
		const token = this.#peek();
		const found = token.kind === "end" ? "the end" : `"${this.source.slice(token.start, token.end)}"`;
		return new LabSyntaxError(`${expected} was expected where ${found} stands`);
	}
}

type WithoutCode = Statement extends infer S ? (S extends Statement ? Omit<S, "code"> : never) : never;
