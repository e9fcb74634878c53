import { closeSync } from "node:fs";
import { MapscopeError } from "../../shared/errors";
import type { FileCounts, MapFrame, SelectedMapping } from "../../shared/mapFrame";
import { type Classification, mappingAt } from "../memory/classify";
import type { Snapshot } from "../memory/snapshot";
import { cacheCounts } from "../native/pageCache";
import type { MapsColumns } from "../proc/maps";
import { DescriptorPaths, openMappedFile } from "./mappedFile";

/**
 * How many pages of the file behind mapping `index` are in the page cache, in the range that it maps, and how many of
 * these differ from the disk. Undefined where nobody tells: before Linux 6.5, of files of others, without native calls.
 *
 * @param owner see `memoryOwner`.
 */
export function readFileCounts(
	owner: number,
	maps: MapsColumns,
	classification: Classification,
	index: number,
	pageSize: number,
): FileCounts | undefined {
	const file = openMappedFile(owner, maps, classification, index, pageSize, new DescriptorPaths(owner));
	if (typeof file !== "object") return undefined;
	try {
		const offset = (maps.offsetPages[index] ?? 0) * pageSize;
		const mapped = ((maps.endPages[index] ?? 0) - (maps.startPages[index] ?? 0)) * pageSize;
		const length = Math.min(mapped, file.size - offset);
		// A length of 0 would mean the whole file.
		if (length <= 0) return { cached: 0, dirty: 0, writeback: 0 };
		const counts = cacheCounts(file.descriptor, BigInt(offset), BigInt(length));
		return typeof counts === "object" ? counts : undefined;
	} catch (error) {
		if (error instanceof MapscopeError && error.code === "unsupported") return undefined;
		throw error;
	} finally {
		closeSync(file.descriptor);
	}
}

/** The counts of the mapping that is selected: asked whenever the page cache was, and kept until then. */
export class SelectedFileCounts {
	#asked:
		| { readonly cache: Snapshot["cache"]; readonly key: string; readonly counts: FileCounts | undefined }
		| undefined;

	/** The frame with the counts of its selected mapping, where there are any. */
	add(frame: MapFrame, snapshot: Snapshot, owner: () => number): MapFrame {
		const { selected } = frame;
		if (!selected?.cache.known || snapshot.status.kind === "ended") return frame;
		const counts = this.#countsOf(selected, snapshot, owner);
		return counts === undefined ? frame : { ...frame, selected: { ...selected, fileCounts: counts } };
	}

	#countsOf(selected: SelectedMapping, snapshot: Snapshot, owner: () => number): FileCounts | undefined {
		const { cache, maps, classification, pageSize } = snapshot;
		if (this.#asked?.cache !== cache || this.#asked.key !== selected.key) {
			const index = mappingAt(maps, selected.startPage);
			this.#asked = { cache, key: selected.key, counts: undefined };
			try {
				const counts = readFileCounts(owner(), maps, classification, index, pageSize);
				this.#asked = { cache, key: selected.key, counts };
			} catch (error) {
				// The process has ended since: the picture is its last.
				if (!(error instanceof MapscopeError) || error.code !== "processGone") throw error;
			}
		}
		return this.#asked.counts;
	}
}
