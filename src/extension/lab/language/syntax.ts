/**
 * The lab's language: as much of C as its demos need. Calls of the functions in `functions.ts`, assignments, loads and
 * stores through a pointer, `if`, one kind of loop. Pointers are `char *`, so that `p + n` counts bytes.
 */

/** An expression. */
export type Expr =
	| { readonly kind: "integer"; readonly value: bigint }
	| { readonly kind: "text"; readonly bytes: Uint8Array /* without the 0 at its end */ }
	/** A variable, a member of a structure (`st.st_size`), a constant of the headers, or one of the demo's data. */
	| { readonly kind: "name"; readonly name: string }
	| { readonly kind: "unary"; readonly operator: "-" | "~"; readonly operand: Expr }
	| { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: Expr; readonly right: Expr }
	| { readonly kind: "call"; readonly name: string; readonly parameters: readonly Expr[] }
	/** `((int (*)(void))p)()`: a call of the code at an address. */
	| { readonly kind: "invoke"; readonly address: Expr }
	/** `p[i]`: a byte. */
	| { readonly kind: "load"; readonly pointer: Expr; readonly index: Expr }
	/** `&st` */
	| { readonly kind: "addressOf"; readonly name: string }
	/** `sizeof code` */
	| { readonly kind: "sizeof"; readonly name: string };

export type BinaryOperator =
	| "+"
	| "-"
	| "*"
	| "/"
	| "%"
	| "<<"
	| ">>"
	| "&"
	| "|"
	| "^"
	/** Comparisons are signed, and 1 or 0. */
	| Comparison;

export type Comparison = "==" | "!=" | "<" | ">" | "<=" | ">=";

/** A statement, with the text it was read from. */
export type Statement = { readonly code: string } & (
	| { readonly kind: "evaluate"; readonly value: Expr }
	| { readonly kind: "assign"; readonly name: string; readonly value: Expr }
	/** `p[i] = value` */
	| { readonly kind: "store"; readonly pointer: Expr; readonly index: Expr; readonly value: Expr }
	/** `if (condition) { then } else { otherwise }` */
	| {
			readonly kind: "if";
			readonly condition: Expr;
			readonly then: readonly Statement[];
			readonly otherwise: readonly Statement[];
	  }
	/** `for (name = start; name < end; name += step) body` */
	| {
			readonly kind: "for";
			readonly name: string;
			readonly start: Expr;
			readonly end: Expr;
			readonly step: Expr;
			readonly body: Statement;
	  }
);

/** Text that is no statement of the language: what was expected, and where. */
export class LabSyntaxError extends Error {
	override readonly name = "LabSyntaxError";
}
