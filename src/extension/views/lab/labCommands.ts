import { window } from "vscode";
import type { Demo } from "../../../shared/labDemo";
import { playgroundId } from "../../../shared/labPanel";
import { type Disposable, DisposableStore } from "../../base/disposable";
import { commands } from "../../contributions";
import { exportC } from "../../lab/cProgram/exportC";
import { copySource } from "../clipboard";
import { notLinuxSentence } from "../errorText";
import type { Notifier } from "../notify";
import type { LabPanel } from "./labPanel";
import type { LabPanels } from "./labPanels";
import type { LabProgress } from "./labProgress";
import { rowText } from "./labRows";
import { exportLab } from "./labService";

export interface LabCommandsOptions {
	readonly panels: LabPanels;
	readonly demos: readonly Demo[];
	readonly progress: LabProgress;
	readonly notifier: Notifier;
	readonly linux: boolean;
}

/** The lab's commands of the palette. Each works with no lab open: then it asks which. */
export function registerLabCommands(options: LabCommandsOptions): Disposable {
	const { panels, demos, progress, notifier, linux } = options;
	const store = new DisposableStore();
	const register = (id: string, run: (...parameters: unknown[]) => unknown) =>
		store.add(
			notifier.registerCommand(id, async (...parameters) => {
				if (!linux) notifier.showSentence(notLinuxSentence);
				else await run(...parameters);
			}),
		);
	const currentOrPicked = async (title: string): Promise<LabPanel | undefined> => {
		if (panels.current) return panels.current;
		const demo = await pickDemo(title, options);
		return demo && panels.show(demo);
	};
	/** Runs what a command does in the current lab, in view of the person. */
	const inLab = (id: string, title: string, run: (panel: LabPanel) => Promise<void>) =>
		register(id, async () => {
			const panel = await currentOrPicked(title);
			panel?.tab.reveal();
			if (panel) await run(panel);
		});

	register(commands.openLab, async (id, step) => {
		const demo = typeof id === "string" ? demos.find((each) => each.id === id) : await pickDemo("Open Lab", options);
		if (demo) panels.show(demo, typeof step === "number" ? step : undefined);
	});
	register(commands.openPlayground, () => {
		const playground = demos.find(({ id }) => id === playgroundId);
		if (playground) panels.show(playground);
	});
	register(commands.showLab, async () => {
		const panel = await currentOrPicked("Open Lab");
		panel?.tab.reveal();
	});
	inLab(commands.stepLab, "Step in Lab", (panel) => panel.step());
	inLab(commands.runLab, "Run All Steps of Lab", (panel) => panel.run((session) => session.runAll()));
	register(commands.stopLab, () => panels.running?.stop());
	inLab(commands.resetLab, "Reset Lab", (panel) => panel.run((session) => session.backTo(-1)));
	inLab(commands.copyLab, "Copy Lab as C", async (panel) => {
		await copySource(exportC(panel.state.demo, panel.chosen));
	});
	inLab(commands.exportLab, "Export Lab as C", (panel) => exportLab(panel));
	register(commands.clearLabMarks, async () => progress.clear());
	return store;
}

/** The demo that the person picks; `undefined` when they leave. */
async function pickDemo(title: string, { demos, progress }: LabCommandsOptions): Promise<Demo | undefined> {
	const items = demos.map((demo) => {
		const { label, description, icon } = rowText({ kind: "demo", demo }, progress);
		return { label: `$(${icon}) ${label}`, description, detail: demo.teaches, demo };
	});
	const picked = await window.showQuickPick(items, {
		title,
		placeHolder: "Name of a demo, or what it teaches",
		matchOnDetail: true,
	});
	return picked?.demo;
}
