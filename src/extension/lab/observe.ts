import { MapscopeError } from "../../shared/errors";
import type { LabProcessState, PageRunData } from "../../shared/labResult";
import { flagBit, stateCode } from "../../shared/pageStates";
import type { PageRun } from "../memory/model";
import { type MapsColumns, parseMaps } from "../proc/maps";
import { parseSmaps, type SmapsColumns } from "../proc/smaps";
import type { SamplerService } from "../sampler/protocol";
import type { LabRegion } from "./wire";

/** The part of the sampler that the lab looks through. */
export type LabEyes = Pick<SamplerService, "readText" | "scanPages">;

/** A process of the lab, as the kernel shows it at one time. */
export interface ProcessSight {
	readonly name: string;
	readonly pid: number;
	readonly smaps: SmapsColumns;
	/** Its lines as `maps` has them, of the same moment: out of the text of `smaps`, which `smaps` does not keep. */
	readonly maps: MapsColumns;
	/** Pages of its regions, in address order within each. */
	readonly pages: readonly PageRunData[];
}

/** All processes of the lab that have memory, by name. */
export type Sight = ReadonlyMap<string, ProcessSight>;

/** Looks at the processes and at the pages of their regions; those that are gone are left out. */
export async function observe(
	eyes: LabEyes,
	processes: readonly LabProcessState[],
	regions: readonly LabRegion[],
	pageSize: number,
): Promise<Sight> {
	const sight = new Map<string, ProcessSight>();
	for (const { name, pid, state } of processes) {
		if (state === "ended") continue;
		const own = regions.filter(({ process }) => process === name);
		const seen = await look(eyes, name, pid, own, pageSize);
		if (seen !== undefined) sight.set(name, seen);
	}
	return sight;
}

async function look(
	eyes: LabEyes,
	name: string,
	pid: number,
	regions: readonly LabRegion[],
	pageSize: number,
): Promise<ProcessSight | undefined> {
	const size = BigInt(pageSize);
	try {
		const text = Buffer.from(await eyes.readText(pid, "smaps"));
		const pages: PageRunData[] = [];
		for (const { startPage, pages: count } of regions) {
			if (count === 0) continue;
			const runs = await eyes.scanPages(pid, BigInt(startPage) * size, BigInt(startPage + count) * size);
			for (const run of runs) pages.push(runData(run, size));
		}
		if (text.length === 0) return undefined;
		return { name, pid, smaps: parseSmaps(text, pageSize), maps: parseMaps(mapsText(text), pageSize), pages };
	} catch (error) {
		if (error instanceof MapscopeError && error.code === "processGone") return undefined;
		throw error;
	}
}

/** The lines of mappings in the text of `smaps`: those that start with an address, and not with the name of a field. */
export function mapsText(smaps: Buffer): Buffer {
	const lines = smaps.toString("latin1").split("\n");
	return Buffer.from(lines.filter((line) => /^[0-9a-f]/.test(line)).join("\n"), "latin1");
}

function runData({ start, end, state, flags }: PageRun, pageSize: bigint): PageRunData {
	return {
		start: Number(start / pageSize),
		end: Number(end / pageSize),
		state: stateCode[state],
		flags: flags.reduce((bits, flag) => bits | flagBit[flag], 0),
	};
}
