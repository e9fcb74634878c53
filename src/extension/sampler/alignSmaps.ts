import type { MapsColumns } from "../proc/maps";
import { type SmapsColumns, unreadLines } from "../proc/smaps";

/**
 * `smaps` columns in the order of `maps`, joined by range: the two are read one after the other, and a mapping may have
 * come, gone or changed between. What has no partner is NaN.
 */
export function alignSmaps(smaps: SmapsColumns, maps: MapsColumns): SmapsColumns {
	if (sameRanges(smaps.maps, maps)) return { ...smaps, maps, lost: unreadLines(smaps.maps, smaps) };
	const partner = new Int32Array(maps.count).fill(-1);
	let at = 0;
	for (let index = 0; index < maps.count; index++) {
		const start = maps.startPages[index] ?? 0;
		while (at < smaps.maps.count && (smaps.maps.startPages[at] ?? 0) < start) at++;
		if (smaps.maps.startPages[at] === start && smaps.maps.endPages[at] === maps.endPages[index]) partner[index] = at;
	}
	const fields = new Map<string, Float64Array>();
	for (const [name, column] of smaps.fields) {
		// A loop: `Float64Array.from` with a function takes five times as long.
		const aligned = new Float64Array(maps.count);
		for (let index = 0; index < maps.count; index++) aligned[index] = column[partner[index] ?? -1] ?? Number.NaN;
		fields.set(name, aligned);
	}
	const flags = new Uint32Array(maps.count);
	for (let index = 0; index < maps.count; index++) flags[index] = smaps.flags[partner[index] ?? -1] ?? 0;
	const texts = new Map<number, readonly string[]>();
	if (smaps.texts.size > 0) {
		partner.forEach((from, index) => {
			const lines = smaps.texts.get(from);
			if (lines) texts.set(index, lines);
		});
	}
	const { flagTable, unitless } = smaps;
	return { maps, fields, flags, flagTable, unitless, texts, lost: unreadLines(smaps.maps, smaps) };
}

/** As a rule nothing changed in between, and the columns are in order as they are. */
function sameRanges(one: MapsColumns, other: MapsColumns): boolean {
	if (one.count !== other.count) return false;
	for (let index = 0; index < one.count; index++) {
		if (one.startPages[index] !== other.startPages[index] || one.endPages[index] !== other.endPages[index])
			return false;
	}
	return true;
}
