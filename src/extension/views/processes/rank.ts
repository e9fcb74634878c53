/** How much larger than what stands above it a thing must be before it moves up: a list that is read must not flicker. */
const threshold = 1.1;

/**
 * `items` by size, largest first, but with what was in `previous` (ids, in the order last shown) moving up only past
 * things it exceeds by more than a tenth. So nothing stands below what it exceeds by more than that, and two sizes
 * that waver around each other keep their places. Things that are new are put where their size says.
 */
export function rank<T>(
	items: readonly T[],
	idOf: (item: T) => string,
	sizeOf: (item: T) => number,
	previous: readonly string[],
): T[] {
	const byId = new Map(items.map((item) => [idOf(item), item]));
	const ranked: T[] = [];
	let smallest = Number.POSITIVE_INFINITY;
	for (const id of previous) {
		const item = byId.get(id);
		if (item === undefined) continue;
		byId.delete(id);
		const size = sizeOf(item);
		// What is not clearly larger than the smallest so far is not clearly larger than any.
		if (size <= smallest * threshold) ranked.push(item);
		else insertBefore(ranked, item, (above) => size > sizeOf(above) * threshold);
		smallest = Math.min(smallest, size);
	}
	return merge(
		ranked,
		[...byId.values()].sort((a, b) => sizeOf(b) - sizeOf(a)),
		sizeOf,
	);
}

function insertBefore<T>(list: T[], item: T, isBelow: (other: T) => boolean): void {
	const index = list.findIndex(isBelow);
	list.splice(index < 0 ? list.length : index, 0, item);
}

/** Puts each of `added`, sorted, before the first of `ranked` that is smaller. */
function merge<T>(ranked: readonly T[], added: readonly T[], sizeOf: (item: T) => number): T[] {
	const merged: T[] = [];
	let next = 0;
	for (const item of ranked) {
		for (let candidate = added[next]; candidate !== undefined; candidate = added[next]) {
			if (sizeOf(candidate) <= sizeOf(item)) break;
			merged.push(candidate);
			next++;
		}
		merged.push(item);
	}
	return merged.concat(added.slice(next));
}
