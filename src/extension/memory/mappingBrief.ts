import type { MappingBrief } from "../../shared/debug/mappingBrief";
import { type MapsColumns, permissionText } from "../proc/maps";
import { type Classification, fullLabel, kindOf, moduleOf } from "./classify";
import { noName } from "./names";

/** The mappings of a process at one moment, and what each is for. */
export interface ClassifiedMaps {
	readonly maps: MapsColumns;
	readonly classification: Classification;
}

/** Mapping `index` as the debug room's types name it. */
export function mappingBrief({ maps, classification }: ClassifiedMaps, index: number): MappingBrief {
	const module = moduleOf(maps, classification, index);
	const thread = classification.threads.get(index);
	return {
		startPage: maps.startPages[index] ?? 0,
		endPage: maps.endPages[index] ?? 0,
		permissions: permissionText(maps.permissions[index] ?? 0),
		kind: kindOf(classification, index),
		label: fullLabel(maps, classification, index),
		name: (classification.names[maps.names[index] ?? 0] ?? noName).name,
		...(module === undefined ? {} : { module }),
		...(thread === undefined ? {} : { threadId: thread.tid }),
	};
}
