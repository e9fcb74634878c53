import type {
	KindTotal,
	Location,
	MapFrame,
	MapQuery,
	Measure,
	Overview,
	SelectedMapping,
	Totals,
} from "../../shared/mapFrame";
import { mappingKinds } from "../../shared/mappingKinds";
import { stateCode, stateCount } from "../../shared/pageStates";
import { deviceText, type MapsColumns, mapsLine, permission, permissionText } from "../proc/maps";
import { fullLabel, kindLabel, kindOf, mappingAt, moduleOf } from "./classify";
import { derived } from "./derived";
import { parseFilter } from "./filter";
import { baseName, decodeBytes, noName } from "./names";
import { layoutOverview } from "./overview";
import { counterCount, fileCachedCounter } from "./pageRuns";
import { drawRows, listRows, mappingKey, mappingNote, type OrderMemory, type RowList } from "./rows";
import { hugetlb, mappingCounts, mappingMeasure, type Snapshot, statesOfMeasure } from "./snapshot";
import { shareCounts } from "./tiles";

/** The picture of a snapshot that a query asks for. */
export function makeFrame(snapshot: Snapshot, query: MapQuery, ranks: OrderMemory): MapFrame {
	const list = rememberedList(snapshot, query, ranks);
	const statePages = derived(snapshot, "states", "", () => totalPages(snapshot));
	const selected = query.selectedPage === undefined ? undefined : selectMapping(snapshot, query.selectedPage, query);
	return {
		sample: snapshot.sample,
		process: snapshot.process,
		status: snapshot.status,
		pageSize: snapshot.pageSize,
		totals: makeTotals(snapshot, statePages),
		kinds: derived(snapshot, "kinds", query.measure, () => kindTotals(snapshot, query.measure)),
		statePages,
		overview: rememberedOverview(snapshot, query),
		rows: drawRows(snapshot, query, list),
		...(selected === undefined ? {} : { selected }),
	};
}

type ListQuery = Pick<MapQuery, "order" | "grouped" | "unfolded" | "kinds" | "filter">;

function rememberedList(snapshot: Snapshot, query: ListQuery, ranks: OrderMemory): RowList {
	const { order, grouped, unfolded, kinds, filter } = query;
	const key = JSON.stringify([order, grouped, unfolded, kinds, filter]);
	return derived(snapshot, "list", key, () => listRows(snapshot, query, parseFilter(filter, snapshot), ranks));
}

function rememberedOverview(snapshot: Snapshot, { overviewWidth, kinds, filter }: MapQuery): Overview {
	return derived(snapshot, "overview", JSON.stringify([overviewWidth, kinds, filter]), () => {
		const matches = parseFilter(filter, snapshot);
		const chosen = new Set(kinds.map((kind) => mappingKinds.indexOf(kind)));
		if (matches === undefined && chosen.size === 0) return layoutOverview(snapshot, overviewWidth, undefined);
		const shown = (index: number): boolean =>
			(chosen.size === 0 || chosen.has(snapshot.classification.kinds[index] ?? 0)) &&
			(matches === undefined || matches(index));
		return layoutOverview(snapshot, overviewWidth, shown);
	});
}

/** Where `page` is in the list of `query`. */
export function locatePage(snapshot: Snapshot, query: MapQuery, page: number, ranks: OrderMemory): Location {
	const { maps } = snapshot;
	const index = mappingAt(maps, page);
	if (index < 0) {
		let next = 0;
		while (next < maps.count && (maps.endPages[next] ?? 0) <= page) next++;
		const below = next > 0 ? maps.endPages[next - 1] : undefined;
		const above = next < maps.count ? maps.startPages[next] : undefined;
		return { kind: "gap", ...(below === undefined ? {} : { below }), ...(above === undefined ? {} : { above }) };
	}
	const found = { startPage: maps.startPages[index] ?? 0, endPage: maps.endPages[index] ?? 0 };
	const group = query.grouped
		? snapshot.groups.find(({ members }) => members.length > 1 && members.includes(index))
		: undefined;
	const unfold = group && !query.unfolded.includes(group.key) ? group.key : undefined;
	const unfolded = unfold === undefined ? query.unfolded : [...query.unfolded, unfold];
	const { entries } = rememberedList(snapshot, { ...query, unfolded }, ranks);
	const row = entries.findIndex((entry) => entry.type === "mapping" && entry.index === index);
	return { kind: "mapping", ...found, row, ...(unfold === undefined ? {} : { unfold }) };
}

/** Pages per state over all mappings. */
function totalPages(snapshot: Snapshot): Float64Array {
	const counts = mappingCounts(snapshot);
	const totals = new Float64Array(stateCount);
	for (let index = 0; index < snapshot.maps.count; index++) {
		for (let state = 0; state < stateCount; state++) {
			totals[state] = (totals[state] ?? 0) + (counts[index * counterCount + state] ?? 0);
		}
	}
	return totals;
}

function makeTotals(snapshot: Snapshot, statePages: Float64Array): Totals {
	const { maps, pageSize, rollup, mappingLimit } = snapshot;
	const { virtual, accessible, gap } = derived(snapshot, "sizes", "", () => sizesOf(maps, pageSize));
	const resident = rollup?.get("Rss") ?? snapshot.statusResident;
	const pss = rollup?.get("Pss");
	const privateDirty = rollup?.get("Private_Dirty");
	const swap = rollup?.get("Swap");
	const pagesKnown = !snapshot.pagesHidden && snapshot.status.kind !== "denied";
	const cacheHidden = derived(snapshot, "cacheHidden", "", () => snapshot.caches.some(({ kind }) => kind === "hidden"));
	return {
		virtual,
		accessible,
		...(resident === undefined ? {} : { resident }),
		...(pss === undefined ? {} : { pss }),
		...(privateDirty === undefined ? {} : { privateDirty }),
		...(pagesKnown ? { cached: (statePages[stateCode.cached] ?? 0) * pageSize } : {}),
		...(cacheHidden ? { cacheHidden } : {}),
		...(swap === undefined ? {} : { swap }),
		mappings: maps.count,
		...(maps.count === 0 ? {} : { largestGap: gap }),
		...(mappingLimit === undefined ? {} : { mappingLimit }),
		mostMappings: mostMappings(snapshot),
	};
}

/** Bytes of all mappings, of those that can be accessed, and of the largest gap. */
function sizesOf(maps: MapsColumns, pageSize: number): { virtual: number; accessible: number; gap: number } {
	let virtual = 0;
	let accessible = 0;
	const access = permission.read | permission.write | permission.execute;
	for (let index = 0; index < maps.count; index++) {
		const pages = (maps.endPages[index] ?? 0) - (maps.startPages[index] ?? 0);
		virtual += pages;
		if ((maps.permissions[index] ?? 0) & access) accessible += pages;
	}
	return { virtual: virtual * pageSize, accessible: accessible * pageSize, gap: largestGap(maps, pageSize) };
}

/** Most names that are told as those who have many mappings. */
const mostNamed = 3;

const mostMappingsOf = new WeakMap<Snapshot["classification"], Totals["mostMappings"]>();

/** The names with the most mappings: who to look at when the process comes near the limit. */
function mostMappings({ maps, classification }: Snapshot): Totals["mostMappings"] {
	let most = mostMappingsOf.get(classification);
	if (most === undefined) {
		const byName = new Uint32Array(maps.nameTable.length);
		const byKind = new Uint32Array(mappingKinds.length);
		for (let index = 0; index < maps.count; index++) {
			const name = maps.names[index] ?? 0;
			const kind = classification.kinds[index] ?? 0;
			if (name > 0) byName[name] = (byName[name] ?? 0) + 1;
			else byKind[kind] = (byKind[kind] ?? 0) + 1;
		}
		const named = Array.from(byName, (mappings, name) => ({
			name: baseName(classification.names[name]?.name ?? ""),
			mappings,
		}));
		const nameless = Array.from(byKind, (mappings, kind) => ({ name: kindLabel(kind).toLowerCase(), mappings }));
		most = [...named, ...nameless]
			.filter(({ mappings }) => mappings > 1)
			.sort((a, b) => b.mappings - a.mappings)
			.slice(0, mostNamed);
		mostMappingsOf.set(classification, most);
	}
	return most;
}

/** Bytes of the largest gap between mappings of user space, or below them. */
function largestGap(maps: MapsColumns, pageSize: number): number {
	let largest = 0;
	let end = 0;
	for (let index = 0; index < maps.count; index++) {
		const start = maps.startPages[index] ?? 0;
		// What lies below the kernel's own mapping, `[vsyscall]`, nobody can have.
		if (start * pageSize >= 2 ** 63) break;
		largest = Math.max(largest, start - end);
		end = maps.endPages[index] ?? 0;
	}
	return largest * pageSize;
}

function kindTotals(snapshot: Snapshot, measure: Measure): KindTotal[] {
	const { maps, classification, pageSize } = snapshot;
	const values = mappingMeasure(snapshot, measure);
	const counts = mappingCounts(snapshot);
	const states = snapshot.pagesHidden && measure !== "virtual" ? undefined : statesOfMeasure(measure);
	const totals = mappingKinds.map(() => ({ mappings: 0, size: 0, bytes: 0, byState: new Float64Array(stateCount) }));
	for (let index = 0; index < maps.count; index++) {
		const total = totals[classification.kinds[index] ?? 0];
		if (total === undefined) continue;
		total.mappings++;
		total.size += ((maps.endPages[index] ?? 0) - (maps.startPages[index] ?? 0)) * pageSize;
		total.bytes += values[index] ?? Number.NaN;
		if (measure === "resident" && classification.kinds[index] === hugetlb) continue;
		for (const state of states ?? []) {
			const bytes = (counts[index * counterCount + state] ?? 0) * pageSize;
			total.byState[state] = (total.byState[state] ?? 0) + bytes;
		}
	}
	return totals.flatMap(({ mappings, size, bytes, byState }, at) => {
		const kind = mappingKinds[at];
		if (mappings === 0 || kind === undefined) return [];
		return [{ kind, mappings, size, ...(Number.isNaN(bytes) ? {} : { bytes }), ...(states ? { byState } : {}) }];
	});
}

/** The mapping that holds `page`, with all that is known of it; undefined when it has gone. */
function selectMapping(snapshot: Snapshot, page: number, query: MapQuery): SelectedMapping | undefined {
	const { maps, classification, runs, smaps } = snapshot;
	const index = mappingAt(maps, page);
	if (index < 0) return undefined;
	const startPage = maps.startPages[index] ?? 0;
	const endPage = maps.endPages[index] ?? 0;
	const name = classification.names[maps.names[index] ?? 0] ?? noName;
	const note = mappingNote(snapshot, index);
	const module = moduleOf(maps, classification, index);
	const counts = mappingCounts(snapshot).slice(index * counterCount, (index + 1) * counterCount);
	const pagesPerCell = Math.max(1, Math.ceil((endPage - startPage) / Math.max(1, query.inspectorCells)));
	const thread = classification.threads.get(index);
	const vmFlags = smaps?.flagTable[smaps.flags[index] ?? 0];
	return {
		key: mappingKey(snapshot, index),
		line: decodeBytes(mapsLine(maps, index)),
		kind: kindOf(classification, index),
		label: fullLabel(maps, classification, index),
		...(note === undefined ? {} : { note }),
		...(module === undefined ? {} : { module }),
		name: name.name,
		deleted: name.deleted,
		...(name.replaced ? { replaced: true } : {}),
		...(thread ? { threadId: thread.tid, threadName: thread.name } : {}),
		startPage,
		endPage,
		permissions: permissionText(maps.permissions[index] ?? 0),
		fileOffset: (BigInt(maps.offsetPages[index] ?? 0) * BigInt(snapshot.pageSize)).toString(16),
		device: deviceText(maps.devices[index] ?? 0),
		inode: String(maps.inodes[index] ?? 0n),
		statePages: counts.slice(0, stateCount),
		fileCachedPages: counts[fileCachedCounter] ?? 0,
		cache: snapshot.cache[index] ?? { known: false, why: "notAsked" },
		usage: mappingUsage(snapshot, index),
		unitless: [...(smaps?.unitless ?? [])],
		...(smaps?.texts.has(index) ? { usageTexts: (smaps.texts.get(index) ?? []).map(decodeBytes) } : {}),
		...(vmFlags === undefined || vmFlags.length === 0 ? {} : { vmFlags }),
		cells: {
			startPage,
			endPage,
			pagesPerCell,
			counts: query.inspectorCells > 0 ? shareCounts(runs, startPage, endPage, pagesPerCell) : new Uint32Array(0),
		},
	};
}

/** `smaps` fields of one mapping by the kernel's names, bytes; empty when the tier was not read. */
export function mappingUsage(snapshot: Snapshot, index: number): Record<string, number> {
	const usage: Record<string, number> = {};
	for (const [field, column] of snapshot.smaps?.fields ?? []) {
		const value = column[index];
		if (value !== undefined && !Number.isNaN(value)) usage[field] = value;
	}
	return usage;
}
