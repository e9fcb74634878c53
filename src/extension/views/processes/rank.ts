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
	const byId = new Map<string, Sized<T>>();
	for (const item of items) byId.set(idOf(item), { item, size: sizeOf(item) });
	const ranked: Sized<T>[] = [];
	// The smallest size down to each place: what a thing exceeds first is found by halving, since these only fall.
	const smallest: number[] = [];
	for (const id of previous) {
		const sized = byId.get(id);
		if (sized === undefined) continue;
		byId.delete(id);
		const place = firstExceeded(smallest, sized.size);
		ranked.splice(place, 0, sized);
		smallest.splice(place, 0, Math.min(sized.size, smallest[place - 1] ?? Number.POSITIVE_INFINITY));
	}
	const added = [...byId.values()].sort((a, b) => b.size - a.size);
	return merge(ranked, added).map(({ item }) => item);
}

interface Sized<T> {
	readonly item: T;
	readonly size: number;
}

/** Index of the first of falling sizes that `size` exceeds clearly; their count when there is none. */
function firstExceeded(falling: readonly number[], size: number): number {
	let low = 0;
	let high = falling.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (size > (falling[middle] ?? 0) * threshold) high = middle;
		else low = middle + 1;
	}
	return low;
}

/** Puts each of `added`, sorted, before the first of `ranked` that is smaller. */
function merge<T>(ranked: readonly Sized<T>[], added: readonly Sized<T>[]): Sized<T>[] {
	const merged: Sized<T>[] = [];
	let next = 0;
	for (const sized of ranked) {
		for (let candidate = added[next]; candidate !== undefined; candidate = added[next]) {
			if (candidate.size <= sized.size) break;
			merged.push(candidate);
			next++;
		}
		merged.push(sized);
	}
	return merged.concat(added.slice(next));
}
