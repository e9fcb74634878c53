import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import {
	commands,
	env,
	type FoldingRange,
	type Hover,
	type MarkdownString,
	Position,
	Uri,
	window,
	workspace,
} from "vscode";
import type { ProcessSummary } from "../../src/extension/memory/model";
import { Target } from "../support/target";
import { activate } from "./api";
import { closeTabs } from "./tabs";
import { until } from "./until";

describe("raw maps and smaps as documents", () => {
	let target: Target;
	let summary: ProcessSummary;

	before(async () => {
		const api = await activate();
		target = await Target.start();
		const found = (await api.listProcesses()).find(({ pid }) => pid === target.pid);
		ok(found);
		summary = found;
		await commands.executeCommand("mapscope.processes.refresh");
	});
	after(() => target.stop());
	afterEach(closeTabs);

	const open = (file: string, { pid, startTime }: Pick<ProcessSummary, "pid" | "startTime"> = summary) =>
		workspace.openTextDocument(
			Uri.from({ scheme: "mapscope-proc", path: `/proc/${pid}/${file}`, query: `${startTime}` }),
		);
	const row = () => `${summary.pid}:${summary.startTime}`;

	it("have the kernel's text and a language of their own", async () => {
		const document = await open("maps");
		equal(document.languageId, "proc-maps");
		equal(document.getText(), await readFile(`/proc/${target.pid}/maps`, "utf8"));
	});

	it("fold each mapping of smaps and explain its fields", async () => {
		const document = await open("smaps");
		const folds = await commands.executeCommand<FoldingRange[]>("vscode.executeFoldingRangeProvider", document.uri);
		const maps = (await readFile(`/proc/${target.pid}/maps`, "utf8")).split("\n").filter(Boolean);
		equal(folds.length, maps.length);
		const hoverAt = async (line: number, column: number) => {
			const hovers = await commands.executeCommand<Hover[]>(
				"vscode.executeHoverProvider",
				document.uri,
				new Position(line, column),
			);
			return hovers.flatMap(({ contents }) => contents.map((text) => (text as MarkdownString).value)).join();
		};
		match(await hoverAt(0, 0), /Addresses of the mapping/);
		match(await hoverAt(1, 2), /Size of the mapping/);
	});

	it("open from the tree, and show what is new when they are refreshed", async () => {
		await commands.executeCommand("mapscope.processes.openMaps", row());
		const editor = await until("the document", () => window.activeTextEditor);
		equal(editor.document.uri.path, `/proc/${target.pid}/maps`);
		const before = editor.document.lineCount;
		await target.command("map");
		await commands.executeCommand("mapscope.refresh");
		await until("the new mapping", () => editor.document.lineCount > before);
		equal(editor.document.getText(), await readFile(`/proc/${target.pid}/maps`, "utf8"));
	});

	it("say what happened to a process that is gone, and do not take another for it", async () => {
		const passing = await Target.start();
		const api = await activate();
		const found = (await api.listProcesses()).find(({ pid }) => pid === passing.pid);
		ok(found);
		await passing.stop();
		equal((await open("maps", found)).getText(), `# Process ${passing.pid} has ended.\n`);
		equal((await open("maps", { ...summary, startTime: 1n })).getText(), `# Process ${target.pid} has ended.\n`);
	});

	it("are for two files of /proc only", async () => {
		match((await open("environ")).getText(), /^# Mapscope shows the files maps and smaps/);
	});

	it("copy pids and command lines from the tree", async () => {
		await commands.executeCommand("mapscope.processes.copyPid", row());
		equal(await env.clipboard.readText(), String(target.pid));
		await commands.executeCommand("mapscope.processes.copyCommandLine", row());
		deepEqual((await env.clipboard.readText()).split(" "), summary.commandLine);
	});
});
