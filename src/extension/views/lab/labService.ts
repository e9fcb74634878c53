import { env, Uri, window, workspace } from "vscode";
import type { LabPanelService } from "../../../shared/labPanel";
import { exportC, stepAsC } from "../../lab/cProgram/exportC";
import { copySource } from "../clipboard";
import * as check from "./labArguments";
import type { LabPanel } from "./labPanel";
import { pickLabFile } from "./pickLabFile";
import { syntaxComplaint } from "./syntaxComplaint";

/** What the page of a lab may ask for. Every argument is checked: it comes from a webview. */
export function labService(panel: LabPanel): LabPanelService {
	const steps = () => panel.state.steps.length;
	return {
		ready: async () => panel.ready(),
		result: async (step) => panel.result(check.stepIndex(step, steps())),
		step: async () => panel.step(),
		runAll: async () => panel.run((session) => session.runAll()),
		backTo: async (step) => {
			const target = check.stepIndex(step, panel.state.done, true);
			await panel.run((session) => session.backTo(target));
		},
		reset: async () => panel.run((session) => session.backTo(-1)),
		stop: async () => panel.stop(),
		setParameters: async (values) => panel.choose({ ...panel.chosen, ...check.typedParameters(values, panel.demo) }),
		pickFile: async (parameter) => {
			const { name, ...options } = check.fileParameter(parameter, panel.demo);
			const chosen = panel.chosen[name];
			const path = await pickLabFile(options, chosen === undefined ? undefined : String(chosen));
			if (path === undefined) return;
			const { [name]: _, ...others } = panel.chosen;
			await panel.choose(path === "" ? others : { ...others, [name]: path });
		},
		append: async (code, process) => {
			const statements = check.codeArgument(code);
			const target = check.variableName(process, "process");
			const { demo, done } = panel.state;
			const complaint = syntaxComplaint(demo, done, statements);
			if (complaint !== undefined) return complaint;
			await panel.run((session) => session.append(statements, target));
			return undefined;
		},
		copyAsC: async (step) => copySource(program(panel, step)),
		exportAsC: async () => exportLab(panel),
		openMemoryMap: async (process, region) =>
			panel.showMap(
				check.variableName(process, "process"),
				region === undefined ? undefined : check.variableName(region, "region"),
			),
		neighbourhood: async (process, page, room) => {
			const place = check.placeArgument(page, room);
			return panel.pictures.around(panel.pid(check.variableName(process, "process")), place.page, place.room);
		},
		rerun: async () => panel.rerun(),
		keepDetailWidth: async (width) => panel.keepDetailWidth(check.pixels(width)),
		openManual: async (page) => {
			await env.openExternal(Uri.parse(check.manualAddress(page)));
		},
	};
}

function program(panel: LabPanel, step: unknown): string {
	const { demo } = panel.state;
	return step === undefined ? exportC(demo, panel.chosen) : stepAsC(demo, check.stepIndex(step, demo.steps.length));
}

/** Opens the demo as a complete C program, in an editor of its own that nobody has saved yet. */
export async function exportLab(panel: LabPanel): Promise<void> {
	const document = await workspace.openTextDocument({
		language: "c",
		content: exportC(panel.state.demo, panel.chosen),
	});
	await window.showTextDocument(document);
}
