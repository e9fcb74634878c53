import type { DemoParameter } from "./labDemo";

/** A parameter whose value is an integer. */
export type NumberParameter = Extract<DemoParameter, { kind: "number" }>;

/** Whether a value is an integer within the parameter's bounds. */
export function isWithin({ least, most }: Pick<NumberParameter, "least" | "most">, value: unknown): value is number {
	if (typeof value !== "number" || !Number.isSafeInteger(value)) return false;
	return (least === undefined || value >= least) && (most === undefined || value <= most);
}
