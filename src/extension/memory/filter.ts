import { permission } from "../proc/maps";
import { fullLabel } from "./classify";
import { mappingMeasure, type Snapshot } from "./snapshot";

/**
 * The find box's grammar: terms separated by spaces, all of which must hold.
 *
 * - `0x7f12…` or five or more hexadecimal digits: the mapping that holds the address
 * - `r?x`, `rw-p`: permissions, `?` for any
 * - `rss>10M`, `size<=4k`, `pss>1G`, `swap>0`, `cached>0`, `dirty>0`: amounts
 * - anything else: part of the name or label, case-insensitive
 */
export type Predicate = (index: number) => boolean;

const comparison = /^(rss|size|pss|swap|cached|dirty)(<=|>=|<|>|=)(\d+(?:\.\d+)?)([kmgt]?)(?:i?b)?$/i;
const permissionPattern = /^[r?-][w?-][x?-][ps?]?$/;
const address = /^(?:0x)?([0-9a-f]{1,16})$/i;
const scale: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
const measureOf = {
	rss: "resident",
	size: "virtual",
	pss: "pss",
	swap: "swap",
	cached: "cached",
	dirty: "privateDirty",
} as const;

/** The predicate over mapping indices that `text` means; undefined when it is empty and everything matches. */
export function parseFilter(text: string, snapshot: Snapshot): Predicate | undefined {
	const predicates = text
		.trim()
		.split(/\s+/)
		.filter((term) => term !== "")
		.map((term) => parseTerm(term, snapshot));
	if (predicates.length === 0) return undefined;
	return (index) => predicates.every((predicate) => predicate(index));
}

function parseTerm(term: string, snapshot: Snapshot): Predicate {
	const amount = comparison.exec(term);
	if (amount) return amountPredicate(amount, snapshot);
	if (permissionPattern.test(term)) return permissionPredicate(term, snapshot);
	const number = address.exec(term);
	if (number && (term.startsWith("0x") || (number[1]?.length ?? 0) >= 5)) {
		const byName = namePredicate(term, snapshot);
		const page = Number(BigInt(`0x${number[1]}`) / BigInt(snapshot.pageSize));
		const { startPages, endPages } = snapshot.maps;
		return (index) => ((startPages[index] ?? 0) <= page && page < (endPages[index] ?? 0)) || byName(index);
	}
	return namePredicate(term, snapshot);
}

function amountPredicate(match: RegExpExecArray, snapshot: Snapshot): Predicate {
	const [, name, operator, digits, suffix] = match;
	const values = mappingMeasure(snapshot, measureOf[(name ?? "size").toLowerCase() as keyof typeof measureOf]);
	const limit = Number(digits) * (scale[(suffix ?? "").toLowerCase()] ?? 1);
	return (index) => {
		const value = values[index] ?? Number.NaN;
		switch (operator) {
			case "<":
				return value < limit;
			case "<=":
				return value <= limit;
			case ">":
				return value > limit;
			case ">=":
				return value >= limit;
			default:
				return value === limit;
		}
	};
}

function permissionPredicate(pattern: string, snapshot: Snapshot): Predicate {
	const bits = [permission.read, permission.write, permission.execute];
	let mask = 0;
	let wanted = 0;
	bits.forEach((bit, at) => {
		if (pattern[at] === "?") return;
		mask |= bit;
		if (pattern[at] !== "-") wanted |= bit;
	});
	if (pattern[3] === "s" || pattern[3] === "p") {
		mask |= permission.shared;
		if (pattern[3] === "s") wanted |= permission.shared;
	}
	return (index) => ((snapshot.maps.permissions[index] ?? 0) & mask) === wanted;
}

function namePredicate(term: string, snapshot: Snapshot): Predicate {
	const needle = term.toLowerCase();
	const { maps, classification } = snapshot;
	const matchingNames = classification.names.map(({ name }) => name.toLowerCase().includes(needle));
	return (index) =>
		matchingNames[maps.names[index] ?? 0] === true ||
		fullLabel(maps, classification, index).toLowerCase().includes(needle);
}
