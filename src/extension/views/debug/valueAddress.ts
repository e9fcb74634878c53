import type { AddressExplanation } from "../../../shared/debug/addresses";
import { type Fields, textOf } from "../../debug/messages";
import { ownAddress, pointerValue } from "../../debug/pointers";

/** Where a variable leads to: the address it holds, or, for what holds none, where it lies itself. */
export interface ValueAddress {
	readonly address: bigint;
	/** The address is that of the variable itself. */
	readonly own: boolean;
}

/**
 * The address that a person means who asks where a variable is. A pointer is followed; a number that looks like an
 * address is one if something is mapped there; anything else is where the variable itself lies.
 *
 * @param explain what an address is; may reject, and then counts as not known.
 */
export async function valueAddress(
	variable: Fields,
	adapterType: string,
	explain: (address: bigint) => Promise<AddressExplanation>,
): Promise<ValueAddress | undefined> {
	const value = pointerValue(variable, adapterType);
	const own = ownAddress(variable, adapterType);
	const ofVariable = own === undefined ? undefined : { address: own, own: true };
	if (value === undefined) return ofVariable;
	if (ofVariable === undefined || isPointer(textOf(variable["type"]))) return { address: value, own: false };
	const mapped = await explain(value).then(
		({ mapping }) => mapping !== undefined,
		() => false,
	);
	return mapped ? { address: value, own: false } : ofVariable;
}

/** Whether a type's name is that of a pointer or reference, in C, C++, Rust, Go and their like. */
export function isPointer(type: string | undefined): boolean {
	return type !== undefined && /[*&]|\b(?:ptr|uintptr_t|intptr_t)\b|\(\*\)/.test(type);
}
