import type { RegionResult } from "../../../shared/labResult";
import { element } from "../../ui/element";
import type { Lifetime } from "../../ui/lifetime";
import type { LabContext } from "../context";
import { section } from "../section";
import { diffView } from "./diffView";
import { factsView } from "./factsView";
import { pagesView } from "./pagesView";

/** A region of one process: its lines of maps before and after, what changed of it, its pages. */
export function regionView(
	lifetime: Lifetime,
	context: LabContext,
	region: RegionResult,
	options: { readonly pageSize: number; readonly several: boolean },
): HTMLElement {
	const { name, pid, process, isNew } = region;
	const note = `/proc/${pid}/maps around ${name}${isNew ? ", new" : ", before and after"}`;
	const title = options.several ? processTitle(process) : "What the kernel says";
	const lines = diffView(region.diff, `Lines of maps around ${name}`);
	return element(
		"div",
		{ class: "region", "data-process": process, "data-region": name },
		section(title, note, { class: "says" }, lines, factsView(region)),
		pagesView(lifetime, context, region, options.pageSize),
	);
}

function processTitle(process: string): string {
	return process === "main" ? "Lab process" : `Process ${process}`;
}
