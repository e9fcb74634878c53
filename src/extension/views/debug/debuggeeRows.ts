import type { MappingBrief } from "../../../shared/debug/mappingBrief";
import type { StopGroup, StopGroups, StopMapping } from "../../../shared/debug/stopGroups";
import type { DebuggeeInfo } from "../../../shared/debug/stops";
import { rowIcons } from "../../../shared/rowIcons";
import { visibleText } from "../../../shared/text";
import { formatBytes, hexPage } from "../../../shared/units";
import { commands, viewItems } from "../../contributions";
import { namedFamilies, families as processFamilies } from "../processes/groupRows";
import { type ChangeLetter, changeLetter, counted, letterWords, pagesInWords } from "./words/changeWords";
import { type DebuggeeAction, debuggeeDescription, debuggeeName, debuggeeNotice } from "./words/debuggeeWords";

/** A row of the Debuggee Mappings view as plain data; VS Code keeps selection and expansion by its id. */
export interface DebuggeeRow {
	readonly id: string;
	/** Id of the row above it in the tree; absent for roots. */
	readonly parent?: string;
	readonly label: string;
	readonly description: string;
	/** Name of a codicon. */
	readonly icon: string;
	readonly context: (typeof viewItems)[keyof typeof viewItems];
	/** Absent for rows without anything below. */
	readonly expansion?: "expanded" | "collapsed";
	/** What a screen reader says instead of label and description. */
	readonly spoken: string;
	readonly letter?: ChangeLetter;
	/** What a click does. */
	readonly command?: { readonly id: string; readonly title: string };
	readonly subject: RowSubject;
}

/** What a row is about. `debuggee`: its id. */
export type RowSubject =
	| { readonly kind: "debuggee"; readonly debuggee: number }
	| {
			readonly kind: "group";
			readonly debuggee: number;
			readonly pageSize: number;
			readonly mappings: readonly MappingBrief[];
	  }
	| {
			readonly kind: "mapping";
			readonly debuggee: number;
			readonly pageSize: number;
			readonly mapping: MappingBrief;
			readonly gone: boolean;
	  }
	| { readonly kind: "notice"; readonly debuggee: number };

/** All rows, by id, and their order. */
export interface DebuggeeTree {
	readonly roots: readonly string[];
	readonly rows: ReadonlyMap<string, DebuggeeRow>;
	readonly children: ReadonlyMap<string, readonly string[]>;
}

type Family = StopGroup["family"];

/** What a debugger looks at first comes first; the other families follow as they stand under a process. */
const first: readonly Family[] = ["stacks", "heap", "anonymous"];
const families = [
	...first.flatMap((family) => processFamilies.filter((entry) => entry.family === family)),
	...processFamilies.filter(({ family }) => !first.includes(family)),
];

/** Mappings that one row shows: a program may have 65,000, and the Memory Map shows all of them. */
const mostShown = 500;

/** The tree of all debuggees; `groupsOf` gives what was read of the last stop of each, if anything was. */
export function debuggeeTree(
	debuggees: readonly DebuggeeInfo[],
	groupsOf: (debuggee: number) => StopGroups | undefined,
): DebuggeeTree {
	const draft = new Draft();
	const roots = debuggees.map((debuggee) => addDebuggee(draft, debuggee, groupsOf(debuggee.id)));
	return { roots, rows: draft.rows, children: draft.children };
}

class Draft {
	readonly rows = new Map<string, DebuggeeRow>();
	readonly children = new Map<string, readonly string[]>();

	add(row: DebuggeeRow): string {
		this.rows.set(row.id, row);
		return row.id;
	}
}

function addDebuggee(draft: Draft, debuggee: DebuggeeInfo, groups: StopGroups | undefined): string {
	const id = String(debuggee.id);
	const label = debuggeeName(debuggee);
	const description = debuggeeDescription(debuggee);
	const content = [
		...noticeRows(draft, debuggee, id),
		...(groups ? families.flatMap(({ family }) => addFamily(draft, groups, debuggee.id, family, id)) : []),
		...(groups ? addGone(draft, groups, debuggee.id, id) : []),
	];
	draft.children.set(id, content);
	return draft.add({
		id,
		label,
		description,
		icon: debuggee.running ? "debug-start" : "debug-alt",
		context: debuggee.process ? viewItems.debuggee : viewItems.debuggeeUnknown,
		// Also while nothing is below it: a row that gets its twistie later comes folded.
		expansion: "expanded",
		spoken: [label, ...spokenParts(debuggee, description)].join(", "),
		subject: { kind: "debuggee", debuggee: debuggee.id },
	});
}

function spokenParts({ process }: DebuggeeInfo, description: string): string[] {
	if (process) return [`process ${description}`];
	return ["debug session", ...(description === "" ? [] : [description])];
}

const actionCommands: Readonly<Record<DebuggeeAction, string>> = {
	choose: commands.chooseDebuggee,
	turnOn: commands.toggleReadingAtStops,
};

function noticeRows(draft: Draft, debuggee: DebuggeeInfo, parent: string): string[] {
	const notice = debuggeeNotice(debuggee);
	if (!notice) return [];
	const { sentence, icon, action } = notice;
	const subject = { kind: "notice", debuggee: debuggee.id } as const;
	const common = { parent, context: viewItems.debuggeeNotice, subject };
	const rows = [
		draft.add({ ...common, id: `${parent}/notice`, label: sentence, description: "", icon, spoken: sentence }),
	];
	if (action) {
		const command = { id: actionCommands[action.id], title: action.label };
		const { label } = action;
		rows.push(
			draft.add({
				...common,
				id: `${parent}/action`,
				label,
				description: "",
				icon: "arrow-right",
				spoken: label,
				command,
			}),
		);
	}
	return rows;
}

function addFamily(draft: Draft, groups: StopGroups, debuggee: number, family: Family, parent: string): string[] {
	const members = groups.groups.filter((group) => group.family === family);
	if (members.length === 0) return [];
	const { name = family, icon = "symbol-misc" } = families.find((entry) => entry.family === family) ?? {};
	const mappings = members.flatMap((group) => group.mappings);
	const id = `${parent}/${family}`;
	const files = family === "modules" ? [counted(members.length, "file")] : [sizeText(members)];
	const description = [...files, ...changeTexts(mappings)].join(", ");
	const children =
		family === "modules"
			? members.map((module) => addModule(draft, groups, debuggee, module, id))
			: addMappings(draft, groups, debuggee, family, mappings, id);
	draft.children.set(id, children);
	draft.add({
		id,
		parent,
		label: name,
		description,
		icon,
		context: viewItems.debuggeeGroup,
		// What was written is what a person looks for; a family at rest stays out of the way.
		expansion: family === "stacks" || mappings.some(isChanged) ? "expanded" : "collapsed",
		spoken: [name, description, counted(mappings.length, "mapping")].join(", "),
		subject: groupSubject(debuggee, groups, mappings),
	});
	return [id];
}

function addModule(draft: Draft, groups: StopGroups, debuggee: number, module: StopGroup, parent: string): string {
	const id = `${parent}/${module.key}`;
	const label = visibleText(module.name);
	const description = [formatBytes(module.size), ...changeTexts(module.mappings)].join(", ");
	const letter = letterOfAll(module.mappings);
	draft.children.set(id, addMappings(draft, groups, debuggee, "modules", module.mappings, id));
	return draft.add({
		id,
		parent,
		label,
		description,
		icon: rowIcons[module.icon],
		context: viewItems.debuggeeGroup,
		expansion: "collapsed",
		...(letter ? { letter } : {}),
		spoken: [label, description, counted(module.mappings.length, "mapping")].join(", "),
		subject: groupSubject(debuggee, groups, module.mappings),
	});
}

function addMappings(
	draft: Draft,
	groups: StopGroups,
	debuggee: number,
	family: Family,
	mappings: readonly StopMapping[],
	parent: string,
): string[] {
	const ordered = [...mappings].sort((a, b) => a.mapping.startPage - b.mapping.startPage);
	const shown = ordered.slice(0, mostShown).map((each) => addMapping(draft, groups, debuggee, family, each, parent));
	const rest = ordered.length - shown.length;
	if (rest === 0) return shown;
	const label = `${counted(rest, "more mapping")} in the Memory Map`;
	const more = draft.add({
		id: `${parent}/more`,
		parent,
		label,
		description: "",
		icon: "ellipsis",
		context: viewItems.debuggeeNotice,
		spoken: label,
		command: { id: commands.showDebuggee, title: "Show Debuggee in Memory Map" },
		subject: { kind: "notice", debuggee },
	});
	return [...shown, more];
}

function addMapping(
	draft: Draft,
	{ pageSize }: StopGroups,
	debuggee: number,
	family: Family,
	member: StopMapping,
	parent: string,
): string {
	const { mapping, formerPermissions, changes, written } = member;
	const address = hexPage(mapping.startPage, pageSize);
	const name = visibleText(mapping.label);
	const byName = namedFamilies.has(family) && name !== "";
	const size = formatBytes((mapping.endPage - mapping.startPage) * pageSize);
	const permissions =
		formerPermissions === undefined ? mapping.permissions : `${formerPermissions} → ${mapping.permissions}`;
	const texts = mappingTexts(member);
	const letter = changeLetter(changes, written);
	const showPermissions = !byName || formerPermissions !== undefined;
	return draft.add({
		id: `${parent}/${address}`,
		parent,
		label: byName ? name : address,
		description: [showPermissions ? `${permissions} ${size}` : size, ...texts].join(", "),
		icon: rowIcons[mapping.kind],
		context: viewItems.debuggeeMapping,
		...(letter ? { letter } : {}),
		spoken: [
			name,
			`address ${address}`,
			`permissions ${mapping.permissions}`,
			`size ${size}`,
			...changes.map((change) =>
				change === "reprotected" ? `reprotected, was ${formerPermissions ?? "other"}` : change,
			),
			...texts,
		]
			.filter(Boolean)
			.join(", "),
		subject: { kind: "mapping", debuggee, pageSize, mapping, gone: false },
	});
}

function addGone(draft: Draft, { gone, pageSize }: StopGroups, debuggee: number, parent: string): string[] {
	if (gone.length === 0) return [];
	const id = `${parent}/gone`;
	const rows = gone.slice(0, mostShown).map((mapping) => {
		const address = hexPage(mapping.startPage, pageSize);
		const size = formatBytes((mapping.endPage - mapping.startPage) * pageSize);
		const name = visibleText(mapping.label);
		return draft.add({
			id: `${id}/${address}`,
			parent: id,
			label: address,
			description: `${mapping.permissions} ${size} ${name}`.trim(),
			icon: rowIcons[mapping.kind],
			context: viewItems.debuggeeGone,
			letter: "D",
			spoken: [name, `address ${address}`, `size ${size}`, letterWords.D].filter(Boolean).join(", "),
			subject: { kind: "mapping", debuggee, pageSize, mapping, gone: true },
		});
	});
	draft.children.set(id, rows);
	const description = counted(gone.length, "mapping");
	draft.add({
		id,
		parent,
		label: "Gone",
		description,
		icon: "trash",
		context: viewItems.debuggeeNotice,
		expansion: "collapsed",
		spoken: `Gone since the stop before, ${description}`,
		subject: { kind: "notice", debuggee },
	});
	return [id];
}

function groupSubject(debuggee: number, { pageSize }: StopGroups, mappings: readonly StopMapping[]): RowSubject {
	return { kind: "group", debuggee, pageSize, mappings: mappings.map(({ mapping }) => mapping) };
}

function isChanged({ changes, written }: StopMapping): boolean {
	return changes.length > 0 || written > 0;
}

function letterOfAll(mappings: readonly StopMapping[]): ChangeLetter | undefined {
	return changeLetter(
		mappings.flatMap(({ changes }) => changes),
		mappings.reduce((sum, { written }) => sum + written, 0),
	);
}

/** `520 KiB resident`; the size where residency is not known. */
function sizeText(groups: readonly StopGroup[]): string {
	const size = groups.reduce((sum, group) => sum + group.size, 0);
	if (groups.some(({ resident }) => resident === undefined)) return formatBytes(size);
	return `${formatBytes(groups.reduce((sum, group) => sum + (group.resident ?? 0), 0))} resident`;
}

/** `2 new`, `130 pages written` of many mappings. */
function changeTexts(mappings: readonly StopMapping[]): string[] {
	const count = (wanted: StopMapping["changes"][number]) =>
		mappings.filter(({ changes }) => changes.includes(wanted)).length;
	const written = mappings.reduce((sum, mapping) => sum + mapping.written, 0);
	return [
		...(["new", "grown", "shrunk", "reprotected"] as const).flatMap((kind) =>
			count(kind) > 0 ? [`${count(kind)} ${kind}`] : [],
		),
		...(written > 0 ? [`${pagesInWords(written)} written`] : []),
	];
}

/** What of the pages of one mapping: `all 128 pages written`, `2 pages written`, `3 pages unknown`. */
function mappingTexts({ mapping, written, unknown }: StopMapping): string[] {
	const pages = mapping.endPage - mapping.startPage;
	const all = written === pages && pages > 1;
	return [
		...(written > 0 ? [`${all ? "all " : ""}${pagesInWords(written)} written`] : []),
		...(unknown > 0 ? [`${pagesInWords(unknown)} unknown`] : []),
	];
}
