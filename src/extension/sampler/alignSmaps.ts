import type { MapsColumns } from "../proc/maps";
import { type SmapsColumns, unreadLines } from "../proc/smaps";

/**
 * `smaps` columns in the order of `maps`, joined by range: the two are read one after the other, and a mapping may have
 * come, gone or changed between. What has no partner is NaN.
 */
export function alignSmaps(smaps: SmapsColumns, maps: MapsColumns): SmapsColumns {
	const partner = new Int32Array(maps.count).fill(-1);
	let at = 0;
	for (let index = 0; index < maps.count; index++) {
		const start = maps.startPages[index] ?? 0;
		while (at < smaps.maps.count && (smaps.maps.startPages[at] ?? 0) < start) at++;
		if (smaps.maps.startPages[at] === start && smaps.maps.endPages[at] === maps.endPages[index]) partner[index] = at;
	}
	const fields = new Map<string, Float64Array>();
	for (const [name, column] of smaps.fields) {
		fields.set(
			name,
			Float64Array.from(partner, (from) => (from < 0 ? Number.NaN : (column[from] ?? Number.NaN))),
		);
	}
	const flags = Uint32Array.from(partner, (from) => (from < 0 ? 0 : (smaps.flags[from] ?? 0)));
	const texts = new Map<number, readonly string[]>();
	if (smaps.texts.size > 0) {
		partner.forEach((from, index) => {
			const lines = smaps.texts.get(from);
			if (lines) texts.set(index, lines);
		});
	}
	const { flagTable, unitless } = smaps;
	const lost = unreadLines(smaps.maps, smaps);
	return { maps, fields, flags, flagTable, unitless, texts, lost };
}
