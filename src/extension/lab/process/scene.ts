import type { CallResult, Refusal } from "../../../shared/labResult";
import type { Expr } from "../language/syntax";
import type { Actor } from "./actor";

/** A statement that must not run. */
export class Refused extends Error {
	constructor(
		readonly why: Refusal["why"],
		readonly detail?: string,
	) {
		super(why);
	}
}

/** One of the lab's processes, with its own values of the variables. */
export interface Scene {
	readonly actor: Actor;
	readonly values: Map<string, bigint>;
	/** What `vec` holds: a byte a page, of the last `mincore`. */
	inCore: readonly number[];
}

/** A call, as the parser reads it. */
export type CallExpr = Extract<Expr, { kind: "call" }>;

/** What a statement is about to report. */
export type Draft = { -readonly [K in keyof CallResult]: CallResult[K] };
