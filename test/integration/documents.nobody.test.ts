import { match, ok } from "node:assert/strict";
import { Uri, workspace } from "vscode";
import { activate } from "./api";

describe("documents of a user without privileges", () => {
	it("say whose process it is and what to do", async () => {
		const api = await activate();
		const init = (await api.listProcesses()).find(({ pid }) => pid === 1);
		ok(init);
		const uri = Uri.from({ scheme: "mapscope-proc", path: "/proc/1/maps", query: String(init.startTime) });
		const text = (await workspace.openTextDocument(uri)).getText();
		match(text, /^# Mapscope may not read process 1 \(.*\)\. It belongs to root\. Run VS Code as root to read it\.\n$/);
	});
});
