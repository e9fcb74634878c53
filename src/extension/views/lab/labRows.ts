import type { Demo, DemoStep } from "../../../shared/labDemo";
import { playgroundId } from "../../../shared/labPanel";

/** A row of the Lab view. */
export type LabRow =
	| { readonly kind: "demo"; readonly demo: Demo }
	| { readonly kind: "step"; readonly demo: Demo; readonly step: number };

/** What a row says, before VS Code draws it. */
export interface LabRowText {
	readonly id: string;
	readonly label: string;
	readonly description: string;
	/** Name of a codicon. */
	readonly icon: string;
	readonly done: boolean;
	/** For screen readers. */
	readonly spoken: string;
}

/** Which steps have run, of whatever demo. */
export interface Marks {
	steps(demo: Pick<Demo, "id">): ReadonlySet<string>;
}

/** A row's text; `marks` says what has run. */
export function rowText(row: LabRow, marks: Marks): LabRowText {
	return row.kind === "demo" ? demoText(row.demo, marks) : stepText(row.demo, row.step, marks);
}

function demoText(demo: Demo, marks: Marks): LabRowText {
	const { id, title, steps } = demo;
	if (id === playgroundId) {
		const description = "compose any call";
		return { id, label: title, description, icon: "edit", done: false, spoken: `${title}, ${description}` };
	}
	const ran = steps.filter((step) => marks.steps(demo).has(step.title)).length;
	const done = steps.length > 0 && ran === steps.length;
	const description = done ? "done" : ran === 0 ? `${steps.length} steps` : `${ran} of ${steps.length} steps`;
	return {
		id,
		label: title,
		description,
		icon: done ? "pass-filled" : "beaker",
		done,
		spoken: `${title}, ${description}`,
	};
}

function stepText(demo: Demo, index: number, marks: Marks): LabRowText {
	const step = demo.steps[index];
	const title = step?.title ?? "";
	const done = marks.steps(demo).has(title);
	const description = step === undefined ? "" : callOf(step);
	return {
		id: `${demo.id}#${index}`,
		label: `${index + 1}  ${title}`,
		description,
		icon: done ? "pass" : "circle",
		done,
		spoken: `Step ${index + 1}, ${title}${done ? ", done" : ""}`,
	};
}

/** The call that a step is about: its last one. */
function callOf({ code }: DemoStep): string {
	const calls = [...code.replace(/"(?:[^"\\]|\\.)*"/g, '""').matchAll(/\b([a-z_]\w*)\s*\(/g)].map(([, name]) => name);
	return calls.filter((name) => name !== "for" && name !== "int").at(-1) ?? "";
}

/** Rows below a row; of the view itself without one. */
export function childRows(demos: readonly Demo[], row?: LabRow): LabRow[] {
	if (row === undefined) return demos.map((demo) => ({ kind: "demo", demo }));
	if (row.kind === "step") return [];
	return row.demo.steps.map((_, step) => ({ kind: "step", demo: row.demo, step }));
}
