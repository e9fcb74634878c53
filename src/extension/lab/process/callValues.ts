import type { CallValue } from "../../../shared/labResult";
import type { ReturnKind } from "../language/functions";
import type { CType } from "../language/variables";

/** The part of the result register that a function of this kind sets. */
export function numberOf(kind: ReturnKind, value: bigint): bigint {
	return kind === "address" || kind === "long" || kind === "nothing" ? value : BigInt.asIntN(32, value);
}

/** What a function of this kind has returned. */
export function returned(kind: ReturnKind, value: bigint): CallValue {
	switch (kind) {
		case "address":
			return addressValue(value);
		case "descriptor":
			return { kind: "descriptor", number: Number(value) };
		case "pid":
			return { kind: "pid", number: Number(value) };
		case "nothing":
			return { kind: "nothing" };
		case "int":
		case "long":
			return { kind: "number", number: String(value) };
	}
}

/** What a variable has become. */
export function assignedValue(type: CType, value: bigint): CallValue {
	return type === "pointer" ? addressValue(value) : { kind: "number", number: String(value) };
}

function addressValue(value: bigint): CallValue {
	return { kind: "address", address: BigInt.asUintN(64, value).toString(16), failed: value === -1n };
}
