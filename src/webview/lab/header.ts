import { mainProcess } from "../../shared/labDemo";
import type { LabState } from "../../shared/labPanel";
import { type Button, button } from "../ui/controls";
import { element, setAttributes, setHidden, setText } from "../ui/element";
import type { FocusBlock } from "../ui/focusBlocks";
import { type IconName, icon } from "../ui/icons";
import type { Lifetime } from "../ui/lifetime";
import { type MenuEntry, openMenu } from "../ui/menu";
import type { LabContext } from "./context";
import type { LabSnapshot } from "./store";
import { isPlayground, progressWords } from "./words/view";

/** The demo's name, and what may be done with it. One button is the one to press: Step. */
export class LabHeader implements FocusBlock {
	readonly node: HTMLElement;
	readonly #title = element("h1", { class: "lab-title" });
	readonly #progress = element("span", { class: "lab-progress" });
	readonly #step: Button;
	readonly #runAll: Button;
	readonly #stop: Button;
	readonly #back: Button;
	readonly #reset: Button;
	readonly #copy: Button;
	readonly #map: Button;
	#snapshot: LabSnapshot | undefined;

	constructor(
		lifetime: Lifetime,
		private readonly context: LabContext,
	) {
		const { service, store } = context;
		const make = (text: string, name: IconName, tip: string, run: () => void, primary = false): Button => {
			const made = button(text, { icon: name, ...(primary ? { appearance: "primary" as const } : {}) });
			made.setAttribute("data-tip", tip);
			lifetime.listen(made, "click", run);
			return made;
		};
		this.#step = make("Step", "debug-step-over", "Run the next step", () => store.perform(service.step()), true);
		this.#runAll = make("Run all", "run-all", "Run all steps that are left", () => store.perform(service.runAll()));
		this.#stop = make("Stop", "debug-stop", "Kill the lab process", () => store.perform(service.stop()));
		this.#back = make("Back to here", "discard", "Start the lab again and run up to the chosen step", () =>
			store.perform(service.backTo(store.selected)),
		);
		this.#reset = make("Reset", "debug-restart", "End the lab process and forget what has run", () =>
			store.perform(service.reset()),
		);
		this.#copy = make("Copy as C", "copy", "Copy or export the program", () => this.#openCopy());
		this.#copy.setAttribute("aria-haspopup", "menu");
		this.#map = make("Open in Memory Map", "layers", "Show the lab process in the Memory Map", () => this.#openMap());
		const run = element("div", { class: "lab-buttons" }, this.#step, this.#runAll, this.#stop, this.#back, this.#reset);
		const take = element("div", { class: "lab-buttons" }, this.#copy, this.#map);
		this.node = element(
			"header",
			{ class: "lab-header" },
			element("div", { class: "lab-name" }, icon("beaker"), this.#title, this.#progress),
			run,
			take,
		);
	}

	update(snapshot: LabSnapshot): void {
		this.#snapshot = snapshot;
		const { state, selected } = snapshot;
		const { demo, done, steps, activity } = state;
		const busy = activity !== "idle";
		// Any other trouble may be gone at the next try.
		const blocked = state.trouble?.code === "unsupported";
		setText(this.#title, demo.title);
		setText(this.#progress, progressWords(state));
		setHidden(this.#runAll, busy || isPlayground(demo));
		setHidden(this.#step, isPlayground(demo) && done === steps.length);
		setHidden(this.#stop, !busy);
		this.#enable(this.#step, !busy && !blocked && done < steps.length);
		this.#enable(this.#runAll, !busy && !blocked && done < steps.length);
		this.#enable(this.#back, !busy && !blocked && selected >= 0 && selected < done - 1);
		this.#enable(this.#reset, !busy && (done > 0 || state.processes.length > 0));
		this.#enable(this.#map, living(state).length > 0);
		this.#enable(this.#copy, steps.length > 0);
	}

	focus(): boolean {
		const first = [this.#stop, this.#step, this.#runAll, this.#back, this.#reset, this.#copy].find(
			(each) => !each.hidden && !each.hasAttribute("disabled"),
		);
		first?.focus();
		return first !== undefined;
	}

	#enable(node: Button, enabled: boolean): void {
		// A button that is disabled while it has the focus would lose it to nowhere: then the next in line takes it.
		const had = !enabled && document.activeElement === node;
		setAttributes(node, { disabled: !enabled });
		if (had) this.focus();
	}

	#openCopy(): void {
		const { service, store, announce } = this.context;
		const { selected } = store;
		const copy = async (step?: number) => {
			await (step === undefined ? service.copyAsC() : service.copyAsC(step));
			announce("Copied");
		};
		openMenu(this.#copy, "Copy as C", [
			{ label: `Copy step ${selected + 1}`, run: () => store.perform(copy(selected)) },
			{ label: "Copy the whole program", run: () => store.perform(copy()) },
			"separator",
			{ label: "Open the whole program in an editor", run: () => store.perform(service.exportAsC()) },
		]);
	}

	#openMap(): void {
		const snapshot = this.#snapshot;
		if (!snapshot) return;
		const processes = living(snapshot.state);
		const open = (process: string) => {
			const region = snapshot.result?.regions.find((each) => each.process === process)?.name;
			const { service, store } = this.context;
			store.perform(region === undefined ? service.openMemoryMap(process) : service.openMemoryMap(process, region));
		};
		const [only] = processes;
		if (processes.length === 1 && only) open(only.name);
		else openMenu(this.#map, "Open in Memory Map", processEntries(processes, open));
	}
}

/** Processes of the lab that have memory to look at. */
function living({ processes }: LabState): LabState["processes"] {
	return processes.filter(({ state }) => state !== "ended");
}

function processEntries(processes: LabState["processes"], open: (process: string) => void): MenuEntry[] {
	return processes.map(({ name, pid }) => ({
		label: name === mainProcess ? "The lab process" : name,
		detail: `PID ${pid}`,
		run: () => open(name),
	}));
}
