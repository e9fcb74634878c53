import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { PageRunList } from "../../src/extension/base/pageCategories";
import { ElfFiles } from "../../src/extension/elf/elfFiles";
import { alignMappings } from "../../src/extension/memory/alignMappings";
import { mappingAt } from "../../src/extension/memory/classify";
import { FingerprintsBuilder } from "../../src/extension/memory/fingerprints";
import { mappingBrief } from "../../src/extension/memory/mappingBrief";
import { mappingChanges } from "../../src/extension/memory/mappingChanges";
import { markPages } from "../../src/extension/memory/pageMarks";
import { noRuns } from "../../src/extension/memory/pageRuns";
import { summarizeChanges } from "../../src/extension/memory/stopChanges";
import { parseMaps } from "../../src/extension/proc/maps";
import { decodePagemapEntry } from "../../src/extension/proc/pagemap";
import { parseStat } from "../../src/extension/proc/stat";
import { parseStatus } from "../../src/extension/proc/status";
import type { DebuggeeService, ProcessIdentity } from "../../src/extension/sampler/debuggeeProtocol";
import { explainFault } from "../../src/extension/sampler/explainFault";
import type { KnownProcess } from "../../src/extension/sampler/moduleImage";
import { pageSum, zeroPageSum } from "../../src/extension/sampler/readFingerprints";
import { createSamplerService } from "../../src/extension/sampler/service";
import type { StopRecord } from "../../src/extension/sampler/stopHistory";
import { readSystemInfo } from "../../src/extension/sampler/system";
import { mergeSnapshotRuns } from "../../src/extension/sampler/takeSample";
import type { AddressExplanation } from "../../src/shared/debug/addresses";
import type { StopChanges } from "../../src/shared/debug/changes";
import { addressToPage } from "../../src/shared/units";
import { recordedPageSize } from "./fixtures";
import { snapshotOf } from "./snapshots";

/** No process has this pid, which is above the largest: what is not recorded is nowhere. */
export const recordedPid = 2 ** 22 + 1;

/** In place of the number of the shared zero page's frame. */
const zeroFrame = 1;

/**
 * A process that was recorded whenever a debugger had stopped it (`scripts/recordGdb.mjs`), in place of one to be read:
 * each reading gives the next stop of the recording.
 */
export class RecordedDebuggee {
	readonly service: DebuggeeService;
	readonly #system = { ...readSystemInfo(), pageSize: recordedPageSize };
	readonly #files = new ElfFiles();
	readonly #stops: StopRecord[] = [];
	/** Sums of the pages, by number: a stop tells those that are others than at the one before. */
	readonly #sums = new Map<number, number>();

	constructor(private readonly folder: string) {
		this.service = {
			...createSamplerService(this.#system),
			identify: async () => this.#identity(),
			openDebuggee: async () => 1,
			closeDebuggee: async () => undefined,
			readStop: async () => this.#read(),
			compareStops: async (_id, one, other) => this.#compare(Math.min(one, other), Math.max(one, other)),
			explainFault: async (_id, number, fault) => {
				const stop = this.#stop(number);
				const before = this.#stops.slice(0, number - 1).reverse();
				return explainFault(this.#known(stop), stop, before, fault, this.#system, this.#files);
			},
			explainAddress: async (_id, address) => this.#explain(address),
			explainFrame: async (_id, { stackPointer, instructionPointer }) => ({
				...(stackPointer === undefined ? {} : { stackPointer: this.#explain(stackPointer) }),
				...(instructionPointer === undefined ? {} : { code: this.#explain(instructionPointer) }),
			}),
		};
	}

	#identity(): ProcessIdentity {
		const stat = parseStat(this.#file("stat", 1));
		if (stat === undefined) throw new Error("the recording has no stat");
		const commandLine = this.#file("cmdline", 1).toString("latin1").split("\0").slice(0, -1);
		const tracer = Number(parseStatus(this.#file("status", 1)).get("TracerPid"));
		return {
			pid: recordedPid,
			startTime: String(stat.startTime),
			// Nobody knows any more: it was the debugger that launched it, as the tracer tells.
			started: 0,
			name: stat.name,
			commandLine,
			parentPid: stat.parentPid,
			tracer,
			ended: false,
			ancestors: [],
		};
	}

	#read() {
		const number = this.#stops.length + 1;
		const maps = parseMaps(this.#file("maps", number), recordedPageSize);
		const table = new PageRunList();
		const entries = this.#file("pagemap", number);
		for (let at = 0; at < entries.length; at += 16) {
			const page = Number(entries.readBigUInt64LE(at));
			const categories = decodePagemapEntry(entries.readUInt32LE(at + 8), entries.readUInt32LE(at + 12), zeroFrame);
			if (categories !== 0) table.push(page, page + 1, categories);
		}
		const contents = this.#file("contents", number);
		for (let at = 0; at < contents.length; at += 8 + recordedPageSize) {
			const bytes = contents.subarray(at + 8, at + 8 + recordedPageSize);
			this.#sums.set(Number(contents.readBigUInt64LE(at)), pageSum(bytes));
		}
		const fingerprints = new FingerprintsBuilder();
		for (let run = 0; run < table.length; run++) {
			for (let page = table.startPages[run] ?? 0; page < (table.endPages[run] ?? 0); page++) {
				const sum = this.#sums.get(page);
				if (sum !== undefined) fingerprints.add(page, Uint32Array.of(sum));
			}
		}
		const snapshot = snapshotOf(maps, noRuns, { program: "/tmp/debuggee/steps" });
		const { classification, caches } = snapshot;
		const stop: StopRecord = {
			number,
			snapshot,
			runs: mergeSnapshotRuns(maps, classification, caches, table, false, recordedPageSize),
			space: 1,
			fingerprints: fingerprints.finish(),
			noting: false,
			weight: 0,
		};
		this.#stops.push(stop);
		const totals = number > 1 ? this.#compare(number - 1, number).totals : undefined;
		return {
			number,
			oldest: 1,
			mappings: maps.count,
			still: true,
			reading: 0,
			comparing: 0,
			comparedBytes: contents.length,
			name: parseStat(this.#file("stat", number))?.name ?? "",
			...(totals ? { totals } : {}),
		};
	}

	#compare(from: number, to: number): StopChanges {
		const [before, after] = [this.#stop(from), this.#stop(to)];
		const pieces = alignMappings(before.snapshot.maps, after.snapshot.maps);
		const changes = mappingChanges(pieces, before.snapshot, after.snapshot);
		const marks = markPages(before, after, pieces, { zeroSum: zeroPageSum(recordedPageSize), noted: false });
		return summarizeChanges({ from, to, source: "contents" }, before.snapshot, after.snapshot, changes, marks);
	}

	/** As the mappings tell it: there are no files to look for symbols in, and no thread to be asked for its name. */
	#explain(address: bigint): AddressExplanation {
		const { snapshot } = this.#stop(this.#stops.length);
		const page = addressToPage(address, recordedPageSize);
		const index = mappingAt(snapshot.maps, page);
		const common = { address: address.toString(16), page };
		if (index < 0) return common;
		const mapping = mappingBrief(snapshot, index);
		const offset = Number(address - BigInt(mapping.startPage) * BigInt(recordedPageSize));
		return { ...common, mapping, offset };
	}

	#known({ snapshot: { maps, classification } }: StopRecord): KnownProcess {
		return { pid: recordedPid, owner: recordedPid, maps, classification };
	}

	#stop(number: number): StopRecord {
		const stop = this.#stops[number - 1];
		if (stop === undefined) throw new Error(`stop ${number} was not read`);
		return stop;
	}

	#file(name: string, stop: number): Buffer {
		const path = join(this.folder, `stop-${stop}`, name);
		return existsSync(path) ? readFileSync(path) : gunzipSync(readFileSync(`${path}.gz`));
	}
}
