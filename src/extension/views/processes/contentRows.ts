import type { ErrorData } from "../../../shared/errors";
import type { ProcessSummary } from "../../memory/model";
import type { MappingGroup, ProcessGroups } from "../../sampler/protocol";
import { families, familyRow, mappingRow, moduleRow, moreRow, residentOf } from "./groupRows";
import { failureNotice, hasEnded, noticeRow, processNotice } from "./processRows";
import type { TreeDraft } from "./treeDraft";

/** What was read below an expanded process. */
export type ProcessContent =
	| { readonly kind: "groups"; readonly groups: ProcessGroups }
	| { readonly kind: "failed"; readonly error: ErrorData };

/** Modules shown at first: those with most in memory are what a person looks for. */
const shownModules = 4;
/** Mappings shown at first under one row, so that a process with 65,000 of them opens at once. */
export const shownMappings = 200;

/** Adds the rows with a process's memory and returns their ids; `undefined` while it was not read. */
export function addContent(
	draft: TreeDraft,
	process: ProcessSummary,
	content: ProcessContent | undefined,
	ownUid: number | undefined,
): string[] | undefined {
	const notice = processNotice(process, ownUid);
	if (notice !== undefined) {
		return [draft.add(noticeRow(process, notice, hasEnded(process) || process.kernelThread ? "info" : "lock"))];
	}
	if (!content) return undefined;
	if (content.kind === "failed") {
		return [draft.add(noticeRow(process, failureNotice(content.error, process, ownUid), "warning"))];
	}
	const { groups } = content;
	if (groups.groups.length === 0) {
		return [draft.add(noticeRow(process, "This process has no mappings: it is ending or starting a program.", "info"))];
	}
	return families.flatMap(({ family }) => {
		const members = groups.groups.filter((group) => group.family === family);
		if (members.length === 0) return [];
		const id = draft.add(familyRow(groups, family, members));
		draft.setChildren(
			id,
			family === "modules" ? addModules(draft, groups, members, id) : addMappings(draft, groups, members, id),
		);
		return [id];
	});
}

function addModules(draft: TreeDraft, of: ProcessGroups, modules: readonly MappingGroup[], parent: string): string[] {
	const ordered = draft.ranked(
		parent,
		"modules",
		modules,
		({ key }) => key,
		({ resident, size }) => resident ?? size,
	);
	const addModule = (module: MappingGroup) => {
		const id = draft.add(moduleRow(of, module, parent));
		draft.setChildren(id, addMappings(draft, of, [module], id));
		return id;
	};
	return draft.limited(parent, shownModules, ordered, addModule, (rest) =>
		moreRow(parent, rest.length, residentOf(rest)),
	);
}

function addMappings(draft: TreeDraft, of: ProcessGroups, groups: readonly MappingGroup[], parent: string): string[] {
	const mappings = groups
		.flatMap(({ family, mappings }) => mappings.map((grouped) => ({ family, grouped })))
		.sort((a, b) => (a.grouped.mapping.start < b.grouped.mapping.start ? -1 : 1));
	const total = groups.reduce((sum, { count }) => sum + count, 0);
	// “1 more” would take the place of the one row it hides.
	const limit = draft.limit(parent, shownMappings);
	const shown = mappings.slice(0, total <= limit + 1 ? total : limit);
	const rows = shown.map(({ family, grouped }) => draft.add(mappingRow(of, family, grouped, parent)));
	if (shown.length === total) return rows;
	const [all, here] = [residentOf(groups), residentOf(shown.map(({ grouped }) => grouped))];
	const rest = all === undefined || here === undefined ? undefined : all - here;
	return [...rows, draft.add(moreRow(parent, total - shown.length, rest))];
}
