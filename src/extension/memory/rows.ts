import type { Strips } from "../../shared/debug/stopLayer";
import type { MapQuery, Row, RowWindow, StripSegment } from "../../shared/mapFrame";
import { mappingKinds } from "../../shared/mappingKinds";
import { stateCode } from "../../shared/pageStates";
import { permissionText } from "../proc/maps";
import { type Classification, fullLabel, isInaccessible, kindOf, mappingAt, shortLabel } from "./classify";
import type { Predicate } from "./filter";
import type { Group } from "./groups";
import { noName } from "./names";
import { counterCount, residentPages } from "./pageRuns";
import { mappingCounts, mappingMeasure, type Snapshot } from "./snapshot";
import { ColumnWriter, writeColumns } from "./tiles";

/** In address order, a gap this large gets a rule with its size. */
const gapRuleBytes = 2 ** 36;

/** A row before it is drawn: what it stands for. */
export type Entry =
	| { readonly type: "group"; readonly group: Group; readonly members: readonly number[] }
	| { readonly type: "mapping"; readonly index: number; readonly depth: number; readonly name?: string }
	| { readonly type: "gap"; readonly startPage: number; readonly endPage: number };

/** The whole list that a query means, cheap per row; drawn rows are made for the window only. */
export interface RowList {
	readonly entries: readonly Entry[];
	readonly matching: number;
}

type ListQuery = Pick<MapQuery, "order" | "grouped" | "unfolded" | "kinds">;

/** Filters, groups, sorts and unfolds. */
export function listRows(
	snapshot: Snapshot,
	query: ListQuery,
	matches: Predicate | undefined,
	ranks: OrderMemory,
): RowList {
	const { classification } = snapshot;
	const kinds = new Set(query.kinds.map((kind) => mappingKinds.indexOf(kind)));
	const all = kinds.size === 0 && matches === undefined;
	const shown: Predicate = (index) =>
		(kinds.size === 0 || kinds.has(classification.kinds[index] ?? 0)) && (matches === undefined || matches(index));
	const values =
		query.order === "address" ? undefined : mappingMeasure(snapshot, query.order === "size" ? "virtual" : "resident");
	const unfolded = new Set(query.unfolded);
	const blocks: { key: string; members: readonly number[]; group: Group; value: number }[] = [];
	let matching = 0;
	for (const group of query.grouped ? snapshot.groups : separate(snapshot)) {
		const members = all ? group.members : group.members.filter(shown);
		matching += members.length;
		if (members.length === 0) continue;
		let value = 0;
		if (values) for (const index of members) value += values[index] || 0;
		blocks.push({ key: group.key, members, group, value });
	}
	if (!values) blocks.sort((a, b) => (a.members[0] ?? 0) - (b.members[0] ?? 0));
	if (values) ranks.sort(query.order, blocks);
	const entries: Entry[] = [];
	let before: number | undefined;
	for (const { members, group } of blocks) {
		const first = members[0] ?? 0;
		if (!values && before !== undefined) entries.push(...gapBetween(snapshot, before, first));
		before = first;
		if (group.members.length === 1) {
			entries.push({ type: "mapping", index: first, depth: 0, name: group.name });
		} else {
			entries.push({ type: "group", group, members });
			if (unfolded.has(group.key)) for (const index of members) entries.push({ type: "mapping", index, depth: 1 });
		}
	}
	return { entries, matching };
}

/**
 * The largest gap between mapping `first` and mapping `last`, when it is large. Told by all mappings between them and not
 * by the rows: neither what a filter hides nor a group's members far away are a gap.
 */
function gapBetween({ maps, pageSize }: Snapshot, first: number, last: number): Entry[] {
	let [startPage, endPage] = [0, 0];
	for (let index = first + 1; index <= last; index++) {
		const [below, above] = [maps.endPages[index - 1] ?? 0, maps.startPages[index] ?? 0];
		if (above - below > endPage - startPage) [startPage, endPage] = [below, above];
	}
	return (endPage - startPage) * pageSize >= gapRuleBytes ? [{ type: "gap", startPage, endPage }] : [];
}

const separateOf = new WeakMap<Classification, Group[]>();

/** Every mapping as a group of its own: the list without folding. Kept while the mappings are the same. */
function separate(snapshot: Snapshot): Group[] {
	const { maps, classification } = snapshot;
	let groups = separateOf.get(classification);
	if (groups === undefined) {
		groups = Array.from({ length: maps.count }, (_, index) => ({
			key: mappingKey(snapshot, index),
			family: "other",
			icon: kindOf(classification, index),
			name: fullLabel(maps, classification, index),
			members: [index],
		}));
		separateOf.set(classification, groups);
	}
	return groups;
}

/** Identity of a mapping over samples. */
export function mappingKey(snapshot: Snapshot, index: number): string {
	return `m:${(snapshot.maps.startPages[index] ?? 0).toString(16)}`;
}

/**
 * Keeps rows sorted by amount from trading places with every sample: a row passes the one before it only when it has
 * become a tenth larger.
 */
export class OrderMemory {
	#order: string | undefined;
	#ranks = new Map<string, number>();

	sort<T extends { readonly key: string; readonly value: number }>(order: string, blocks: T[]): void {
		if (this.#order !== order) this.#ranks = new Map();
		this.#order = order;
		const former = this.#ranks;
		// The rank is looked up once a block: a comparison that does so takes 100 ms for 65,000 blocks.
		const ranked = blocks.map((block) => ({ block, rank: former.get(block.key) ?? Number.MAX_SAFE_INTEGER }));
		ranked.sort((a, b) => b.block.value - a.block.value);
		let same = former.size === blocks.length;
		for (let from = 0; from < ranked.length; ) {
			// Among neighbours within a tenth of each other, the former order wins.
			const head = ranked[from]?.block.value ?? 0;
			let to = from + 1;
			while (to < ranked.length && (ranked[to]?.block.value ?? 0) >= head * 0.9) to++;
			const band = to - from > 1 ? ranked.slice(from, to).sort((a, b) => a.rank - b.rank) : ranked.slice(from, to);
			for (const { block, rank } of band) {
				same &&= rank === from;
				blocks[from++] = block;
			}
		}
		if (same) return;
		this.#ranks = new Map();
		for (const [rank, { key }] of blocks.entries()) this.#ranks.set(key, rank);
	}
}

/** Makes the rows of the query's window, with their strips. */
export function drawRows(snapshot: Snapshot, query: MapQuery, list: RowList): RowWindow {
	const writer = new ColumnWriter();
	const first = Math.max(0, Math.min(query.rows.first, list.entries.length));
	const rows = list.entries
		.slice(first, first + query.rows.count)
		.map((entry) => drawRow(snapshot, query, entry, writer));
	return { total: list.entries.length, matching: list.matching, first, rows, columns: writer.finish() };
}

/** The strips of the mappings that begin at these pages, without their rows; an empty one where none does. */
export function drawStrips(snapshot: Snapshot, startPages: readonly number[], room: StripRoom): Strips {
	const writer = new ColumnWriter();
	const strips = startPages.map((page) => {
		const index = mappingAt(snapshot.maps, page);
		return index < 0 || snapshot.maps.startPages[index] !== page
			? []
			: [stripOf(snapshot, { rows: room }, index, room.stripColumns, writer)];
	});
	return { strips, columns: writer.finish() };
}

/** How many columns, or cells of one page, a strip has room for. */
export type StripRoom = Pick<MapQuery["rows"], "stripColumns" | "stripCells">;

function drawRow(snapshot: Snapshot, query: MapQuery, entry: Entry, writer: ColumnWriter): Row {
	if (entry.type === "gap") {
		const { startPage, endPage } = entry;
		const size = (endPage - startPage) * snapshot.pageSize;
		const key = `gap:${startPage.toString(16)}`;
		return { type: "gap", key, depth: 0, icon: "reserved", name: "", startPage, endPage, size, strip: [] };
	}
	if (entry.type === "mapping") return mappingRow(snapshot, query, entry, writer);
	return groupRow(snapshot, query, entry.group, entry.members, writer);
}

function mappingRow(
	snapshot: Snapshot,
	query: MapQuery,
	{ index, depth, name }: Entry & { readonly type: "mapping" },
	writer: ColumnWriter,
): Row {
	const { maps, classification } = snapshot;
	const startPage = maps.startPages[index] ?? 0;
	const endPage = maps.endPages[index] ?? 0;
	const value = mappingMeasure(snapshot, query.measure)[index] ?? Number.NaN;
	const note = mappingNote(snapshot, index);
	return {
		type: "mapping",
		key: mappingKey(snapshot, index),
		depth,
		icon: kindOf(classification, index),
		name: name ?? shortLabel(maps, classification, index),
		...(note === undefined ? {} : { note }),
		startPage,
		endPage,
		permissions: permissionText(maps.permissions[index] ?? 0),
		size: (endPage - startPage) * snapshot.pageSize,
		...(Number.isNaN(value) ? {} : { value }),
		strip: [stripOf(snapshot, query, index, query.rows.stripColumns, writer)],
	};
}

/**
 * `relocated`: read-only pages of a module that are private copies; `deleted`: the file has no name any more;
 * `replaced`: another file has it;
 * `not in RSS`: pages of the hugetlb pool, which count elsewhere.
 */
export function mappingNote(snapshot: Snapshot, index: number): string | undefined {
	const { maps, classification } = snapshot;
	const kind = kindOf(classification, index);
	const { deleted, replaced } = classification.names[maps.names[index] ?? 0] ?? noName;
	if (deleted) return replaced ? "replaced" : "deleted";
	if (kind === "hugetlb") return "not in RSS";
	if (kind !== "readOnlyData") return undefined;
	const counts = mappingCounts(snapshot);
	const copies = (counts[index * counterCount + stateCode.anonymous] ?? 0) > 0;
	return copies ? "relocated" : undefined;
}

function groupRow(
	snapshot: Snapshot,
	query: MapQuery,
	group: Group,
	members: readonly number[],
	writer: ColumnWriter,
): Row {
	const { maps, classification, pageSize } = snapshot;
	const values = mappingMeasure(snapshot, query.measure);
	let size = 0;
	let value = 0;
	const permissions = maps.permissions[members[0] ?? 0] ?? 0;
	let samePermissions = true;
	let gone: "deleted" | "replaced" | undefined;
	for (const index of members) {
		size += ((maps.endPages[index] ?? 0) - (maps.startPages[index] ?? 0)) * pageSize;
		value += values[index] ?? Number.NaN;
		samePermissions &&= maps.permissions[index] === permissions;
		const { deleted, replaced } = classification.names[maps.names[index] ?? 0] ?? noName;
		if (deleted) gone ??= replaced ? "replaced" : "deleted";
	}
	return {
		type: "group",
		key: group.key,
		depth: 0,
		icon: group.icon,
		name: group.name,
		...(gone ? { note: gone } : {}),
		count: members.length,
		startPage: maps.startPages[members[0] ?? 0] ?? 0,
		endPage: maps.endPages[members.at(-1) ?? 0] ?? 0,
		...(samePermissions ? { permissions: permissionText(permissions) } : {}),
		size,
		...(Number.isNaN(value) ? {} : { value }),
		unfolded: query.unfolded.includes(group.key),
		strip: groupStrip(snapshot, query, members, writer),
	};
}

/** A folded group's strip: its accessible mappings side by side, each as wide as the root of its pages. */
function groupStrip(
	snapshot: Snapshot,
	query: MapQuery,
	members: readonly number[],
	writer: ColumnWriter,
): StripSegment[] {
	const counts = mappingCounts(snapshot);
	const accessible = members.filter((index) => !isEmptyReservation(snapshot, index, counts));
	if (accessible.length === 0) {
		const first = members[0];
		return first === undefined ? [] : [stripOf(snapshot, query, first, query.rows.stripColumns, writer)];
	}
	const room = query.rows.stripColumns - accessible.length;
	const pages = (index: number): number =>
		(snapshot.maps.endPages[index] ?? 0) - (snapshot.maps.startPages[index] ?? 0);
	if (room < accessible.length) return joinedStrip(snapshot, query, accessible, writer);
	const total = accessible.reduce((sum, index) => sum + pages(index), 0);
	const weight = accessible.reduce((sum, index) => sum + Math.sqrt(pages(index)), 0);
	return accessible.map((index) => {
		const columns = Math.max(1, Math.floor((room * Math.sqrt(pages(index))) / weight));
		const oneEach = total + accessible.length <= query.rows.stripCells;
		return stripOf(snapshot, query, index, oneEach ? query.rows.stripColumns : columns, writer, oneEach);
	});
}

/** More mappings than columns: one strip from the first to the last, a column an equal number of mappings. */
function joinedStrip(
	snapshot: Snapshot,
	query: MapQuery,
	members: readonly number[],
	writer: ColumnWriter,
): StripSegment[] {
	const { maps } = snapshot;
	const columns = query.rows.stripColumns;
	const firstColumn = writer.columns;
	const counts = mappingCounts(snapshot);
	const sum = new Float64Array(counterCount);
	for (let column = 0; column < columns; column++) {
		const from = Math.floor((members.length * column) / columns);
		const to = Math.max(from + 1, Math.floor((members.length * (column + 1)) / columns));
		sum.fill(0);
		let pages = 0;
		for (let member = from; member < to; member++) {
			const index = members[member] ?? 0;
			for (let i = 0; i < counterCount; i++) sum[i] = (sum[i] ?? 0) + (counts[index * counterCount + i] ?? 0);
			pages += (maps.endPages[index] ?? 0) - (maps.startPages[index] ?? 0);
		}
		writer.add(sum, pages);
	}
	const startPage = maps.startPages[members[0] ?? 0] ?? 0;
	const endPage = maps.endPages[members.at(-1) ?? 0] ?? 0;
	return [{ kind: "columns", startPage, endPage, firstColumn, columnCount: columns, cache: "none" }];
}

function isEmptyReservation(snapshot: Snapshot, index: number, counts = mappingCounts(snapshot)): boolean {
	return isInaccessible(snapshot.maps, index) && residentPages(counts, index * counterCount) === 0;
}

function stripOf(
	snapshot: Snapshot,
	query: { readonly rows: StripRoom },
	index: number,
	columns: number,
	writer: ColumnWriter,
	cells = true,
): StripSegment {
	const { maps, runs } = snapshot;
	const startPage = maps.startPages[index] ?? 0;
	const endPage = maps.endPages[index] ?? 0;
	const pages = endPage - startPage;
	const knowledge = snapshot.cache[index];
	const cache = knowledge?.known
		? "known"
		: knowledge === undefined || knowledge.why === "notAFile"
			? "none"
			: "hidden";
	if (isEmptyReservation(snapshot, index)) {
		return { kind: "reserved", startPage, endPage, firstColumn: 0, columnCount: 0, cache };
	}
	const oneEach = cells && pages <= query.rows.stripCells;
	const columnCount = oneEach ? pages : Math.min(columns, pages);
	const firstColumn = writeColumns(writer, runs, startPage, endPage, columnCount);
	return { kind: oneEach ? "cells" : "columns", startPage, endPage, firstColumn, columnCount, cache };
}
