import { deepEqual, equal, rejects } from "node:assert/strict";
import { commands, type Terminal, window } from "vscode";
import { Target } from "../support/target";
import { activate } from "./api";
import { closeTabs, memoryMapTabs } from "./tabs";
import { until } from "./until";

describe("memory map panels", () => {
	let target: Target;

	before(async () => {
		await activate();
		target = await Target.start();
	});
	after(() => target.stop());
	afterEach(closeTabs);

	const labels = () => memoryMapTabs().map(({ label }) => label);

	it("open for a process, one tab each", async () => {
		const api = await activate();
		await api.showMemoryMap(target.pid);
		await until("the tab", () => labels().length === 1);
		deepEqual(labels(), ["Memory Map: target<b>\\n)"]);
		await api.showMemoryMap(process.pid);
		await until("a second tab", () => labels().length === 2);
		await api.showMemoryMap(target.pid, { address: target.range("anonymous").start });
		await until("the first to be revealed", () =>
			memoryMapTabs()
				.find(({ isActive }) => isActive)
				?.label.includes("target"),
		);
		equal(labels().length, 2);
	});

	it("are refused with processGone for a pid that nobody has", async () => {
		const api = await activate();
		await rejects(api.showMemoryMap(2 ** 22 + 1), { code: "processGone" });
		deepEqual(labels(), []);
	});

	it("follow the palette's commands, and outlive their process", async () => {
		const api = await activate();
		const passing = await Target.start();
		try {
			await api.showMemoryMap(passing.pid);
			await until("the tab", () => labels().length === 1);
			await commands.executeCommand("mapscope.refresh");
			await commands.executeCommand("mapscope.toggleLive");
			await commands.executeCommand("mapscope.toggleLive");
			await commands.executeCommand("mapscope.showAsTable");
		} finally {
			await passing.stop();
		}
		await commands.executeCommand("mapscope.refresh");
		equal(labels().length, 1);
	});

	it("show the foreground process of a terminal", async () => {
		const api = await activate();
		const terminal = window.createTerminal({ name: "for a test", shellPath: "/bin/sh" });
		try {
			terminal.sendText("exec 3<&0; sleep 987654");
			const shell = await terminal.processId;
			await until("sleep in the terminal", async () =>
				(await api.listProcesses()).find(({ parentPid, name }) => parentPid === shell && name === "sleep"),
			);
			await commands.executeCommand("mapscope.showMemoryMapOfTerminal", terminal satisfies Terminal);
			await until("its memory map", () => labels().includes("Memory Map: sleep"));
		} finally {
			terminal.sendText("\u0003", false);
			terminal.dispose();
			await until("the end of the terminal", () => terminal.exitStatus !== undefined);
		}
	});
});
