import { MapscopeError } from "../../shared/errors";
import type { MapFrame, NumaPlacement } from "../../shared/mapFrame";
import type { Snapshot } from "../memory/snapshot";
import { readNumaMapping } from "../proc/numaMaps";
import { cheapSmapsMilliseconds, usualSmapsCost } from "./smapsCost";

/**
 * On which memory nodes the mapping that starts at `startPage` has its pages, and by which policy. Undefined without NUMA,
 * without permission, and where there is no such mapping any more.
 *
 * @param owner see `memoryOwner`.
 */
export function readNumaPlacement(
	owner: number,
	startPage: number,
	pageSize: number,
	machineNodes: number,
): NumaPlacement | undefined {
	if (machineNodes === 0) return undefined;
	try {
		const found = readNumaMapping(owner, startPage, pageSize);
		if (found === undefined) return undefined;
		const nodes = [...found.nodes]
			.map(([node, pages]) => ({ node, bytes: pages * (found.pageSize ?? pageSize) }))
			.sort((a, b) => a.node - b.node);
		return { policy: found.policy, nodes, several: machineNodes > 1 };
	} catch (error) {
		if (error instanceof MapscopeError && error.code !== "bug") return undefined;
		throw error;
	}
}

/**
 * The placement of the mapping that is selected. The kernel walks the whole process for it, so it is asked when another
 * mapping is selected and, on a machine of several nodes, whenever the page cache was asked; never where it costs much.
 */
export class SelectedNuma {
	#asked: { readonly key: string; readonly cache: unknown; readonly numa: NumaPlacement | undefined } | undefined;

	constructor(private readonly machineNodes: number) {}

	/** The frame with the placement of its selected mapping, where it is known. */
	add(frame: MapFrame, snapshot: Snapshot, owner: () => number): MapFrame {
		const { selected } = frame;
		if (selected === undefined || this.machineNodes === 0 || snapshot.status.kind !== "ok") return frame;
		const cache = this.machineNodes > 1 ? snapshot.cache : undefined;
		if (this.#asked?.key !== selected.line || this.#asked.cache !== cache) {
			this.#asked = { key: selected.line, cache, numa: this.#read(snapshot, selected.startPage, owner) };
		}
		const { numa } = this.#asked;
		return numa === undefined ? frame : { ...frame, selected: { ...selected, numa } };
	}

	#read(snapshot: Snapshot, startPage: number, owner: () => number): NumaPlacement | undefined {
		const { maps, pageSize, rollup, statusResident } = snapshot;
		const resident = rollup?.get("Rss") ?? statusResident ?? 0;
		if (usualSmapsCost(maps.count, resident, pageSize) > cheapSmapsMilliseconds) return undefined;
		try {
			return readNumaPlacement(owner(), startPage, pageSize, this.machineNodes);
		} catch (error) {
			// The process has ended since: the picture is its last.
			if (error instanceof MapscopeError && error.code === "processGone") return undefined;
			throw error;
		}
	}
}
