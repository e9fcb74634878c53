import type { PermissionRun, RegionResult, RegionSide } from "../../../shared/labResult";
import { fieldMeaning } from "../../../shared/procFields";
import { formatBytes, formatCount } from "../../../shared/units";
import { vmFlagMeaning } from "../../../shared/vmFlags";
import { listed, pageCount } from "../../words/phrases";
import { type FlagMark, flagMarks, isQuiet } from "../model/regionModel";

/** Fields of smaps without a size. */
const plainFields: ReadonlySet<string> = new Set(["THPeligible", "ProtectionKey"]);

/** A number of smaps: bytes for people, or the number itself. */
export function fieldValue(name: string, value: number): string {
	return plainFields.has(name) ? String(value) : formatBytes(value);
}

/** What a field means, without its full stop; for the tooltip. */
export function fieldTip(name: string): string {
	return fieldMeaning(name) ?? "A field that this version does not know";
}

/** How many pages there are and how many are present. */
export function presentWords({ present }: RegionSide, pages: number): string {
	if (present === 0) return "none present";
	if (present === pages) return pages === 1 ? "present" : "all present";
	return `${formatCount(present)} present`;
}

/** A region that a step left alone: `16 pages, 3 present, nothing changed`; `16 pages, not mapped`. */
export function quietWords({ startPage, endPage, after }: RegionResult): string {
	const pages = endPage - startPage;
	if (after.mappings === 0) return `${pageCount(pages)}, not mapped`;
	return `${pageCount(pages)}, ${presentWords(after, pages)}, nothing changed`;
}

/** `rw-p`, or `64 pages rw-p, 128 r--p, 64 rw-p` where they differ along the region. */
export function permissionsWords(runs: readonly PermissionRun[]): string {
	const [only] = runs;
	if (only === undefined) return "not mapped";
	const name = (permissions: string) => (permissions === "none" ? "not mapped" : permissions);
	if (runs.length === 1) return name(only.permissions);
	return runs.map(({ permissions, pages }) => `${formatCount(pages)} × ${name(permissions)}`).join(", ");
}

/** What the flags that came and went mean: `now readable …`. */
export function flagWords(marks: readonly FlagMark[]): string {
	const added = marks.filter(({ mark }) => mark === "added").map(({ code }) => vmFlagMeaning(code));
	const removed = marks.filter(({ mark }) => mark === "removed").map(({ code }) => vmFlagMeaning(code));
	const now = added.length === 0 ? "" : `now ${listed(added)}`;
	const before = removed.length === 0 ? "" : `no longer ${listed(removed)}`;
	return [now, before].filter(Boolean).join("; ");
}

/** How the lines of maps changed in number; nothing when they did not. */
export function mappingsWords({ before, after, isNew }: RegionResult): string | undefined {
	if (isNew || before.mappings === after.mappings) return undefined;
	const meaning =
		after.mappings === 0
			? "unmapped"
			: before.mappings === 0
				? "mapped"
				: after.mappings > before.mappings
					? "split: a line of maps has one set of permissions"
					: "merged: neighbours that are alike become one line";
	return meaning;
}

/** The region in one sentence, for screen readers. */
export function regionSentence(region: RegionResult): string {
	const { name, before, after, startPage, endPage } = region;
	if (isQuiet(region)) return `${name}: nothing changed.`;
	const pages = endPage - startPage;
	const parts = [`${pageCount(pages)}, ${presentWords(after, pages)}`];
	if (permissionsWords(before.permissions) !== permissionsWords(after.permissions)) {
		parts.push(`permissions ${permissionsWords(after.permissions)}`);
	}
	const flags = flagWords(flagMarks(before, after));
	if (!region.isNew && flags !== "") parts.push(flags);
	return `${name}: ${parts.join(", ")}.`;
}
