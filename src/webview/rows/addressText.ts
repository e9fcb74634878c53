/** An address in two parts: the leading digits it shares with the one above, and those that differ. */
export interface SplitAddress {
	readonly same: string;
	readonly rest: string;
}

/**
 * Splits `address` where it begins to differ from the address above it, so that the eye finds what differs. Addresses
 * of another length share nothing: their digits stand for other powers.
 */
export function splitAddress(address: string, above: string | undefined): SplitAddress {
	if (above === undefined || above.length !== address.length) return { same: "", rest: address };
	let length = 0;
	while (length < address.length && address[length] === above[length]) length++;
	return { same: address.slice(0, length), rest: address.slice(length) };
}

/** The end of a range with only the digits that differ from its start: `7f4804600000–6a0000`. */
export function shortRange(start: string, end: string): string {
	const { rest } = splitAddress(end, start);
	return `${start}–${rest === "" ? end : rest}`;
}
