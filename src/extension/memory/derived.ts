import type { Snapshot } from "./snapshot";

/** What was worked out of a snapshot, by name, each for the key that was asked for last. */
type Derived = Map<string, { readonly key: string; readonly value: unknown }>;

const derivedOf = new WeakMap<Snapshot, Derived>();

/**
 * What `make` works out of a snapshot, kept with it: scrolling asks for the same list of 65,000 rows sixty times a second.
 *
 * @param name tells what it is, and its type.
 * @param key all that it depends on besides the snapshot; only what belongs to the last one is kept.
 */
export function derived<T>(snapshot: Snapshot, name: string, key: string, make: () => T): T {
	let known = derivedOf.get(snapshot);
	if (known === undefined) {
		known = new Map();
		derivedOf.set(snapshot, known);
	}
	const found = known.get(name);
	if (found?.key === key) return found.value as T;
	const value = make();
	known.set(name, { key, value });
	return value;
}

/** Lets `next` have what was worked out of `before` when both show the same mappings in the same state. */
export function inheritDerived(before: Snapshot, next: Snapshot): void {
	const known = derivedOf.get(before);
	if (known !== undefined && sameContent(before, next)) derivedOf.set(next, known);
}

function sameContent(before: Snapshot, next: Snapshot): boolean {
	return (
		before.maps === next.maps &&
		before.classification === next.classification &&
		before.groups === next.groups &&
		before.runs === next.runs &&
		before.cache === next.cache &&
		before.smaps === next.smaps &&
		before.status.kind === next.status.kind
	);
}
