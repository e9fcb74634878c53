import { MapscopeError } from "../../shared/errors";
import type { PageRunList } from "../base/pageCategories";
import { type Classification, fullLabel, kindOf, moduleOf } from "../memory/classify";
import { type Group, groupMappings } from "../memory/groups";
import type { AddressSpace, Mapping, MappingUsage } from "../memory/model";
import { decodeBytes, noName } from "../memory/names";
import { counterCount, countRanges, residentPages } from "../memory/pageRuns";
import { deviceText, type MapsColumns, mapsLine, permissionText, readMaps } from "../proc/maps";
import { readSmaps, type SmapsColumns, unreadLines } from "../proc/smaps";
import { readPageTable } from "./pageTable";
import { readProcess } from "./processes";
import type { MappingGroup, ProcessGroups } from "./protocol";
import { readOneSpace, readSteadily } from "./steady";
import type { SystemInfo } from "./system";
import { classifyProcess, mergeSnapshotRuns, readProgram } from "./takeSample";
import { settleBySmaps } from "./zeroPages";

/**
 * All mappings of a process as objects. `complete` is false when the process ended or its text was cut while it was read.
 * Errors: `permissionDenied`, `processGone`, `io`.
 */
export function readAddressSpace(pid: number, detail: "maps" | "smaps", system: SystemInfo): AddressSpace {
	const { pageSize } = system;
	const { value, steady } = readSteadily(pid, (owner) => {
		const process = readProcess(system, pid);
		const smaps = detail === "smaps" ? readSmaps(owner, pageSize, system.ahead) : undefined;
		const maps = smaps?.maps ?? readMaps(owner, pageSize);
		return { process, smaps, maps, classification: classifyProcess(pid, owner, maps, pageSize) };
	});
	const { process, smaps, maps, classification } = value;
	const mappings = Array.from({ length: maps.count }, (_, index) =>
		toMapping(maps, classification, index, pageSize, smaps),
	);
	return { process, pageSize, mappings, complete: steady && unreadLines(maps, smaps) === 0 };
}

/** Mapping `index` as an object. */
export function toMapping(
	maps: MapsColumns,
	classification: Classification,
	index: number,
	pageSize: number,
	smaps?: SmapsColumns,
): Mapping {
	const size = BigInt(pageSize);
	const name = classification.names[maps.names[index] ?? 0] ?? noName;
	const module = moduleOf(maps, classification, index);
	const thread = classification.threads.get(index);
	const vmFlags = smaps?.flagTable[smaps.flags[index] ?? 0];
	return {
		start: BigInt(maps.startPages[index] ?? 0) * size,
		end: BigInt(maps.endPages[index] ?? 0) * size,
		permissions: permissionText(maps.permissions[index] ?? 0),
		offset: BigInt(maps.offsetPages[index] ?? 0) * size,
		device: deviceText(maps.devices[index] ?? 0),
		inode: maps.inodes[index] ?? 0n,
		name: name.name,
		deleted: name.deleted,
		...(name.replaced ? { replaced: true } : {}),
		kind: kindOf(classification, index),
		label: fullLabel(maps, classification, index),
		...(thread ? { threadId: thread.tid } : {}),
		...(module === undefined ? {} : { module }),
		...(smaps ? { usage: usageOf(smaps, index) } : {}),
		...(vmFlags && vmFlags.length > 0 ? { vmFlags } : {}),
	};
}

/** `smaps` fields in camelCase, bytes: `Private_Dirty` is `privateDirty`, `THPeligible` is `thpEligible`. */
function usageOf(smaps: SmapsColumns, index: number): MappingUsage {
	const usage: Record<string, number> = {};
	for (const [field, column] of smaps.fields) {
		const value = column[index];
		if (value !== undefined && !Number.isNaN(value)) usage[camelCase(field)] = value;
	}
	return usage;
}

/** Kernel field name to camelCase: the leading capitals fall, an underscore lifts what follows. */
export function camelCase(field: string): string {
	const joined = field.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
	if (joined === "THPeligible") return "thpEligible";
	return joined.replace(/^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]/, (capitals) => capitals.toLowerCase());
}

/** The groups of a process with what each mapping has resident, at most `limit` of each kind; see `SamplerService`. */
export function readGroups(pid: number, limit: number, system: SystemInfo): ProcessGroups {
	const { pageSize } = system;
	const { process, owner, maps, classification, table } = readOneSpace(pid, (owner) => {
		const process = readProcess(system, pid);
		const maps = readMaps(owner, pageSize);
		const classification = classifyProcess(pid, owner, maps, pageSize);
		return { process, owner, maps, classification, table: readWholeTable(owner, maps, classification, pageSize) };
	});
	const counts =
		table &&
		countRanges(mergeSnapshotRuns(maps, classification, [], table, false, pageSize), maps.startPages, maps.endPages);
	const residentOf = (index: number): number =>
		counts === undefined || kindOf(classification, index) === "hugetlb"
			? 0
			: residentPages(counts, index * counterCount) * pageSize;
	const sizeOf = (index: number): number => ((maps.endPages[index] ?? 0) - (maps.startPages[index] ?? 0)) * pageSize;
	const sum = (members: readonly number[], of: (index: number) => number): number =>
		members.reduce((total, index) => total + of(index), 0);
	const shown = limitFamilies(groupMappings(maps, classification, readProgram(owner)), limit);
	const groups = shown.map(
		({ key, family, name, icon, members }): MappingGroup => ({
			key,
			family,
			name,
			icon,
			size: sum(members, sizeOf),
			...(counts ? { resident: sum(members, residentOf) } : {}),
			count: members.length,
			mappings: (key === restKey ? [] : members.slice(0, limit)).map((index) => ({
				mapping: toMapping(maps, classification, index, pageSize),
				line: decodeBytes(mapsLine(maps, index)),
				...(counts ? { resident: residentOf(index) } : {}),
			})),
		}),
	);
	return { process, pageSize, groups };
}

/** Key of the group that stands for the rest of its family. */
const restKey = "rest";

/** At most `limit` groups of each family but modules, which are shown by size, and one more with the members of the rest. */
function limitFamilies(groups: readonly Group[], limit: number): Group[] {
	const shown: Group[] = [];
	const families = new Map<string, { count: number; rest?: Group }>();
	for (const group of groups) {
		let family = families.get(group.family);
		if (family === undefined) {
			family = { count: 0 };
			families.set(group.family, family);
		}
		if (group.family === "modules" || family.count++ < limit) {
			shown.push(group);
		} else if (family.rest === undefined) {
			family.rest = { ...group, key: restKey, members: [...group.members] };
			shown.push(family.rest);
		} else {
			for (const member of group.members) family.rest.members.push(member);
		}
	}
	return shown;
}

/** The page table of a process; undefined where its mappings may be read, but not its pages. */
function readWholeTable(
	owner: number,
	maps: MapsColumns,
	classification: Classification,
	pageSize: number,
): PageRunList | undefined {
	try {
		const read = readPageTable(owner, maps, 0, Number.POSITIVE_INFINITY, pageSize, false);
		return settleBySmaps(owner, read, maps, classification, 0, Number.POSITIVE_INFINITY, pageSize);
	} catch (error) {
		if (error instanceof MapscopeError && error.code === "permissionDenied") return undefined;
		throw error;
	}
}
