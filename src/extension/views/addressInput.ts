import { hexAddress } from "../../shared/units";

export type ParsedAddress =
	| { readonly kind: "address"; readonly address: bigint }
	| { readonly kind: "invalid"; readonly sentence: string };

const largestAddress = 2n ** 64n - 1n;

/**
 * Reads an address as a person types or pastes it: hexadecimal with or without `0x`, decimal after `0d`, or a range as
 * `maps` writes it, whose start counts.
 */
export function parseAddress(input: string): ParsedAddress {
	const text = input.trim().toLowerCase();
	if (text === "") return invalid("Type an address in hexadecimal, for instance 7f48046a0000.");
	const [start = ""] = /^[0-9a-f]+-[0-9a-f]+(\s|$)/.test(text) ? text.split("-", 1) : [text];
	const decimal = /^0d([0-9]+)$/.exec(start)?.[1];
	// `0d` alone begins a decimal number, yet `0d12` is also a hexadecimal one: who writes a leading 0d means decimal.
	const hexadecimal = decimal === undefined ? /^(?:0x)?([0-9a-f]+)$/.exec(start)?.[1] : undefined;
	if (decimal === undefined && hexadecimal === undefined) {
		return invalid(
			"An address has the digits 0–9 and a–f, for instance 7f48046a0000. Write decimal numbers as 0d4096.",
		);
	}
	const address = decimal === undefined ? BigInt(`0x${hexadecimal}`) : BigInt(decimal);
	if (address > largestAddress) return invalid("An address has at most 64 bits, which are 16 hexadecimal digits.");
	return { kind: "address", address };
}

/** What the prompt says about an input that can be read: the address it means, when that is not what was typed. */
export function addressEcho(input: string): string | undefined {
	const parsed = parseAddress(input);
	if (parsed.kind !== "address" || !/^\s*0d/i.test(input)) return undefined;
	return `0x${hexAddress(parsed.address)}`;
}

function invalid(sentence: string): ParsedAddress {
	return { kind: "invalid", sentence };
}
