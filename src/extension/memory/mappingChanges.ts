import type { MappingChange, MappingChangeKind } from "../../shared/debug/changes";
import { permissionText } from "../proc/maps";
import type { Piece } from "./alignMappings";
import { type ClassifiedMaps, mappingBrief } from "./mappingBrief";

/** A change with the mappings it is about, by index; see {@link MappingChange}. */
export interface IndexedChange {
	readonly kind: MappingChangeKind;
	startPage: number;
	endPage: number;
	/** At the earlier stop; -1 for what is new, and for what grew. */
	readonly before: number;
	/** At the later stop; for `shrunk`, a mapping that is left of it; -1 for what is gone. */
	readonly after: number;
}

/**
 * What became of the mappings, out of pieces of {@link alignMappings}, in address order. Pages that appear at the edge of
 * a mapping that was there (a heap or a stack that grows, memory that the kernel merged with its neighbour) are `grown`,
 * pages that it loses are `shrunk`.
 */
export function mappingChanges(
	pieces: readonly Piece[],
	before: ClassifiedMaps,
	after: ClassifiedMaps,
): IndexedChange[] {
	/** Mappings of the earlier stop that something is left of, and (the first of) what that is part of now. */
	const survivor = new Map<number, number>();
	const survivesAfter = new Set<number>();
	for (const piece of pieces) {
		if (!piece.same) continue;
		if (!survivor.has(piece.before)) survivor.set(piece.before, piece.after);
		survivesAfter.add(piece.after);
	}
	const changes: IndexedChange[] = [];
	/** The last change of each kind: pieces that follow one another become one. */
	const last = new Map<MappingChangeKind, IndexedChange>();
	const add = (
		kind: MappingChangeKind,
		{ startPage, endPage }: Piece,
		before: number,
		after: number,
		joins: (change: IndexedChange) => boolean,
	): void => {
		const previous = last.get(kind);
		if (previous?.endPage === startPage && joins(previous)) {
			previous.endPage = endPage;
			return;
		}
		const change: IndexedChange = { kind, startPage, endPage, before, after };
		changes.push(change);
		last.set(kind, change);
	};
	for (const piece of pieces) {
		const { before: b, after: a } = piece;
		if (piece.same) {
			const former = before.maps.permissions[b];
			if (former === after.maps.permissions[a]) continue;
			add("reprotected", piece, b, a, (p) => p.after === a && before.maps.permissions[p.before] === former);
			continue;
		}
		if (b >= 0) {
			const rest = survivor.get(b);
			add(rest === undefined ? "gone" : "shrunk", piece, b, rest ?? -1, (p) => p.before === b);
		}
		if (a >= 0) add(survivesAfter.has(a) ? "grown" : "new", piece, -1, a, (p) => p.after === a);
	}
	return changes;
}

/** A change with its mapping spelled out. */
export function describeChange(change: IndexedChange, before: ClassifiedMaps, after: ClassifiedMaps): MappingChange {
	const { kind, startPage, endPage } = change;
	const earlier = kind === "gone" || kind === "shrunk";
	const mapping = earlier ? mappingBrief(before, change.before) : mappingBrief(after, change.after);
	if (kind !== "reprotected") return { kind, startPage, endPage, mapping };
	const formerPermissions = permissionText(before.maps.permissions[change.before] ?? 0);
	return { kind, startPage, endPage, mapping, formerPermissions };
}
