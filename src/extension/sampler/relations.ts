import { setImmediate as turn } from "node:timers/promises";
import { MapscopeError } from "../../shared/errors";
import { mostSharers, type Relations, type SharedRange, type Sharer } from "../../shared/relations";
import { mappingAt } from "../memory/classify";
import { type MappedObject, mappedObject, objectMark, rangesOf } from "../memory/mappedObject";
import { parseMaps, permission } from "../proc/maps";
import { withProcFile } from "../proc/procFile";
import { readStat } from "../proc/stat";
import { readEffectiveUser } from "../proc/status";
import { readForkedMemory } from "./forkedMemory";
import { findMemoryOwner } from "./memoryOwner";
import type { KnownProcess } from "./moduleImage";
import { listPids } from "./processes";
import type { SystemInfo } from "./system";

/** Processes looked at before others get a turn: a live view goes on meanwhile. */
const processesPerTurn = 32;

/**
 * Finds who else maps what the mapping of `page` maps, by looking at every process that may be read, and what of its
 * private memory is still shared since a fork. Processes that come or go meanwhile may be missed.
 *
 * Errors: `processGone`, `io`; `bug` when no mapping holds the page.
 */
export async function findRelations(process: KnownProcess, page: number, system: SystemInfo): Promise<Relations> {
	const { maps, classification } = process;
	const index = mappingAt(maps, page);
	if (index < 0) throw new MapscopeError({ code: "bug", detail: `no mapping holds page ${page}` });
	const object = mappedObject(maps, classification, index);
	const isPrivate = ((maps.permissions[index] ?? 0) & permission.shared) === 0;
	return {
		shareable: object !== undefined,
		own: object ? rangesOf(maps, object) : [],
		...(object ? await findSharers(process.pid, object, system) : { sharers: [], sharerCount: 0, unreadable: 0 }),
		...(isPrivate ? { forked: readForkedMemory(process, index, system) } : {}),
	};
}

async function findSharers(
	self: number,
	object: MappedObject,
	system: SystemInfo,
): Promise<Pick<Relations, "sharers" | "sharerCount" | "unreadable">> {
	const sharers: Sharer[] = [];
	let sharerCount = 0;
	let unreadable = 0;
	let looked = 0;
	for (const pid of listPids().sort((a, b) => a - b)) {
		if (pid === self) continue;
		if (++looked % processesPerTurn === 0) await turn();
		try {
			const ranges = rangesIn(pid, object, system.pageSize);
			if (ranges.length === 0) continue;
			const sharer = describeSharer(pid, ranges, system);
			if (sharerCount++ < mostSharers) sharers.push(sharer);
		} catch (error) {
			// One that has ended since maps nothing any more.
			if (!(error instanceof MapscopeError) || error.code === "bug") throw error;
			if (error.code === "permissionDenied") unreadable++;
		}
	}
	return { sharers, sharerCount, unreadable };
}

/** The ranges of another process that map `object`. */
function rangesIn(pid: number, object: MappedObject, pageSize: number): SharedRange[] {
	const mark = objectMark(object);
	const search = (id: number): SharedRange[] | undefined =>
		withProcFile(`/proc/${id}/maps`, (text) => {
			if (text.length === 0) return undefined;
			return text.includes(mark, 0, "latin1") ? rangesOf(parseMaps(text, pageSize), object) : [];
		});
	const found = search(pid);
	if (found) return found;
	// A kernel thread, or a process whose main thread has ended.
	const owner = findMemoryOwner(pid);
	return owner === pid ? [] : (search(owner) ?? []);
}

function describeSharer(pid: number, ranges: readonly SharedRange[], system: SystemInfo): Sharer {
	const uid = readEffectiveUser(pid) ?? -1;
	return { pid, name: readStat(pid)?.name ?? "", user: system.userNames.get(uid) ?? String(uid), ranges };
}
