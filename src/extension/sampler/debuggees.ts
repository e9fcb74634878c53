import { MapscopeError } from "../../shared/errors";
import type { ElfFiles } from "../elf/elfFiles";
import { withWritten, writtenPages } from "../memory/pageMarks";
import type { Snapshot } from "../memory/snapshot";
import { stopGroups } from "../memory/stopGroups";
import type { DebuggeeService } from "./debuggeeProtocol";
import { explainAddress, explainFrame, readKnown } from "./explainAddress";
import { explainFault } from "./explainFault";
import { debuggeeCandidates, identify, identifyThread } from "./identify";
import { readMemory } from "./readMemory";
import { type ComparedStops, StopHistory, type StopRecord } from "./stopHistory";
import type { SystemInfo } from "./system";
import { Watch } from "./watch";

/** The debug room's part of the sampler. `addWatch` keeps a watch and names it. */
export function createDebuggeeService(
	system: SystemInfo,
	files: ElfFiles,
	addWatch: (watch: Watch) => number,
): DebuggeeService {
	const histories = new Map<number, StopHistory>();
	let next = 1;
	const find = (id: number): StopHistory => {
		const history = histories.get(id);
		if (history === undefined) throw new MapscopeError({ code: "bug", detail: `no debuggee ${id}` });
		return history;
	};
	return {
		identify: async (pid) => identify(pid),
		identifyThread: async (tid) => identifyThread(tid),
		debuggeeCandidates: async (ancestor) => debuggeeCandidates(ancestor),
		openDebuggee: async (pid, startTime) => {
			const id = next++;
			histories.set(id, new StopHistory(pid, startTime, system));
			return id;
		},
		closeDebuggee: async (id) => {
			histories.get(id)?.dispose();
			histories.delete(id);
		},
		readStop: async (id, options) => find(id).read(options),
		compareStops: async (id, one, other) => find(id).changes(one, other),
		stopGroups: async (id, number, against) => {
			const history = find(id);
			const compared = difference(history, number, against);
			const stop = compared?.after ?? history.stop(number);
			return stopGroups(
				stop.number,
				stop.snapshot,
				compared && {
					against: compared.before.number,
					before: compared.before.snapshot,
					changes: compared.changes,
					marks: compared.marks,
				},
			);
		},
		watchStop: async (id, number, against) => {
			const history = find(id);
			const compared = difference(history, number, against);
			const picture = pictureOf(compared?.after ?? history.stop(number), compared);
			return addWatch(new Watch(history.pid, history.startTime, system, picture));
		},
		explainFault: async (id, number, fault) => {
			const history = find(id);
			const stop = history.stop(number);
			const { maps, classification } = stop.snapshot;
			const process = { pid: history.pid, owner: history.owner(), maps, classification };
			return explainFault(process, stop, history.before(stop.number), fault, system, files);
		},
		explainAddress: async (id, address) => {
			const history = find(id);
			return explainAddress(readKnown(history.pid, history.owner(), system), address, system, files);
		},
		explainFrame: async (id, frame) => {
			const history = find(id);
			return explainFrame(readKnown(history.pid, history.owner(), system), frame, system, files);
		},
		readMemory: async (id, address, length) => readMemory(find(id).owner(), address, length, system.pageSize),
	};
}

/**
 * A stop compared with another: the one that is named, else the one before it; nothing to compare with at the first stop
 * and after an `exec`.
 */
function difference(history: StopHistory, number: number, against: number | undefined): ComparedStops | undefined {
	if (against !== undefined) return against === number ? undefined : history.compare(against, number);
	const [before] = history.before(number);
	return before === undefined || before.space !== history.stop(number).space
		? undefined
		: history.compare(before.number, number);
}

/** The snapshot of a stop with the mark `changed` on what was written since another. */
function pictureOf({ snapshot, runs }: StopRecord, compared: ComparedStops | undefined): Snapshot {
	const changedPages = compared === undefined ? 0 : writtenPages(compared.marks);
	const sample = { ...snapshot.sample, changedPages };
	return { ...snapshot, sample, runs: compared ? withWritten(runs, compared.marks) : runs };
}
