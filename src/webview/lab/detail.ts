import type { Expectation } from "../../shared/labDemo";
import { sameSide } from "../../shared/labFiles";
import type { FileResult, StepResult } from "../../shared/labResult";
import { visibleText } from "../../shared/text";
import { element, setAttributes } from "../ui/element";
import type { FocusBlock } from "../ui/focusBlocks";
import { icon } from "../ui/icons";
import { Lifetime } from "../ui/lifetime";
import { codeBlock, proseNodes } from "./codeView";
import type { LabContext } from "./context";
import { type RegionGroup, regionGroups } from "./model/regionModel";
import { checksView } from "./result/checksView";
import { fileView } from "./result/filesView";
import { mapView } from "./result/mapView";
import { outputViews } from "./result/outputView";
import { regionView } from "./result/regionView";
import { signalView } from "./result/signalView";
import { whyView } from "./result/whyView";
import { section } from "./section";
import type { LabSnapshot } from "./store";
import { sizeWords } from "./words/files";
import { quietWords } from "./words/region";
import { isPlayground } from "./words/view";

/** What the chosen step has shown: everything in it was read from the kernel. */
export class Detail implements FocusBlock {
	readonly node = element("main", { class: "detail", tabindex: -1 });
	#drawn: unknown;
	#step = -1;
	#lifetime = new Lifetime();

	constructor(private readonly context: LabContext) {}

	update(snapshot: LabSnapshot): void {
		const { state, selected, result } = snapshot;
		const step = state.demo.steps[selected];
		const status = state.steps[selected]?.status;
		const drawn = result ?? JSON.stringify([state.demo.id, step, status, state.activity, state.trouble]);
		const palette = this.context.palette();
		setAttributes(this.node, { "data-step": result === undefined ? undefined : selected });
		if (drawn === this.#drawn && palette === this.#palette) return;
		this.#drawn = drawn;
		this.#palette = palette;
		this.#lifetime.dispose();
		this.#lifetime = new Lifetime();
		const parts = !step ? [] : result ? this.#parts(snapshot, result) : comingParts(snapshot);
		const { scrollTop } = this.node;
		this.node.replaceChildren(...parts);
		this.node.scrollTop = this.#step === selected ? scrollTop : 0;
		this.#step = selected;
		setAttributes(this.node, { "aria-label": step ? `Step ${selected + 1}, ${step.title}` : "Details" });
	}

	#palette: unknown;

	focus(): boolean {
		this.node.focus();
		return true;
	}

	#parts({ state }: LabSnapshot, result: StepResult): Node[] {
		const step = state.demo.steps[result.step];
		if (!step) return [];
		const lifetime = this.#lifetime;
		const groups = regionGroups(result);
		const changed = groups.filter(({ quiet }) => !quiet);
		const parts: Node[] = [];
		if (result.signal) parts.push(signalView(result));
		parts.push(...outputViews(result.calls, step.table));
		for (const group of changed) parts.push(this.#group(group, state.pageSize));
		// That a file stays as it is, is worth its place where the step is about that.
		const telling = (file: FileResult) =>
			file.earlier !== undefined || !sameSide(file.before, file.after) || step.expect.some(isAbout(file));
		parts.push(...result.files.filter(telling).map(fileView));
		const quiet = groups.filter((group) => group.quiet);
		const quietFiles = result.files.filter((file) => !telling(file));
		if (quiet.length + quietFiles.length > 0) parts.push(quietView(quiet, quietFiles));
		if (step.look !== "" || result.checks.length > 0) parts.push(checksView(step, result));
		if (step.why !== "" || step.man.length > 0) parts.push(whyView(this.context, step));
		const nearest = (changed[0] ?? groups[0])?.regions ?? [];
		const around = nearest.find(({ process }) => process === result.process) ?? nearest[0];
		const lives = state.processes.some((process) => process.pid === around?.pid && process.state !== "ended");
		if (around && lives) parts.push(mapView(lifetime, this.context, around, state.pageSize));
		return parts;
	}

	#group({ name, regions }: RegionGroup, pageSize: number): HTMLElement {
		const views = regions.map((region) =>
			regionView(this.#lifetime, this.context, region, { pageSize, several: regions.length > 1 }),
		);
		return element(
			"div",
			{ class: regions.length > 1 ? "group side-by-side" : "group", "data-region": name },
			...views,
		);
	}
}

/** Whether an expectation is about a file. */
function isAbout({ name }: FileResult): (expectation: Expectation) => boolean {
	return (expectation) => (expectation.kind === "file" || expectation.kind === "unchanged") && expectation.of === name;
}

/** Regions and files that the step left alone, a line each. */
function quietView(groups: readonly RegionGroup[], files: readonly FileResult[]): HTMLElement {
	const lines = groups.flatMap(({ regions }) =>
		regions.map((region) =>
			element(
				"p",
				{ class: "quiet" },
				element("span", { class: "code" }, region.name),
				region.process === "main" ? " " : ` in ${region.process} `,
				element("span", { class: "fact-note" }, quietWords(region)),
			),
		),
	);
	const fileLines = files.map(({ path, after }) =>
		element(
			"p",
			{ class: "quiet" },
			element("span", { class: "code" }, visibleText(path)),
			" ",
			element("span", { class: "fact-note" }, "size" in after ? sizeWords(after.size) : "cannot be read"),
		),
	);
	return section("Unchanged", undefined, { class: "unchanged" }, ...lines, ...fileLines);
}

/** What a step is about before it has run. */
function comingParts({ state, selected }: LabSnapshot): Node[] {
	const step = state.demo.steps[selected];
	if (!step) return [];
	const running = state.steps[selected]?.status === "running";
	const intro = selected === 0 && state.done === 0 && !isPlayground(state.demo);
	const about = intro ? [element("p", { class: "teaches" }, state.demo.teaches)] : [];
	const hint = running
		? "Running…"
		: selected === state.done
			? "Press Step to run it and see what the kernel says before and after."
			: "It runs after the steps before it.";
	const what = section(
		step.title,
		`step ${selected + 1} of ${state.steps.length}`,
		{ class: "coming" },
		...about,
		codeBlock(step.code),
		element("p", { class: "look" }, icon("eye"), element("span", {}, ...proseNodes(step.look))),
		element("p", { class: "fact-note" }, hint),
	);
	return [what];
}
