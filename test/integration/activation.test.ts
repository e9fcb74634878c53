import assert from "node:assert/strict";
import { commands, extensions } from "vscode";
import { activate } from "./api";

describe("activation", () => {
	it("exports version 1 of the API", async () => {
		const api = await activate();
		assert.equal(api.version, 1);
	});

	it("registers every command that package.json contributes", async () => {
		await activate();
		const manifest: unknown = extensions.getExtension("mapscope.mapscope")?.packageJSON;
		const { contributes } = manifest as { contributes: { commands: { command: string }[] } };
		const registered = new Set(await commands.getCommands());
		const missing = contributes.commands.filter(({ command }) => !registered.has(command));
		assert.deepEqual(missing, []);
	});
});
