import { deepEqual, equal, ok } from "node:assert/strict";
import { commands, extensions, window } from "vscode";
import { activate } from "./api";
import { closeTabs } from "./tabs";
import { until } from "./until";

/** The part of package.json that is read here. */
interface Manifest {
	readonly contributes: {
		readonly walkthroughs: readonly { readonly steps: readonly { readonly description: string }[] }[];
	};
}

describe("the walkthrough", () => {
	afterEach(closeTabs);

	it("has buttons that open what they speak of", async () => {
		await activate();
		const manifest = extensions.getExtension("mapscope.mapscope")?.packageJSON as Manifest;
		const links = manifest.contributes.walkthroughs
			.flatMap(({ steps }) => steps)
			.flatMap(({ description }) => [...description.matchAll(/\(command:([\w.]+)(?:\?([^)]+))?\)/g)]);
		const opened: string[] = [];
		for (const [, command, text] of links) {
			ok(command);
			await closeTabs();
			await until("no tab", () => window.tabGroups.activeTabGroup.activeTab === undefined);
			// As VS Code reads such a link: its argument is JSON, and stands in the address.
			const parameters: unknown = text === undefined ? [] : JSON.parse(decodeURIComponent(text));
			await commands.executeCommand(command, ...(parameters as unknown[]));
			opened.push(await until("a tab", () => window.tabGroups.activeTabGroup.activeTab?.label));
		}
		equal(links.length, manifest.contributes.walkthroughs.flatMap(({ steps }) => steps).length);
		deepEqual(opened, [
			"Lab: The four mappings",
			"Lab: mprotect",
			"Lab: mincore and demand paging",
			"Lab: fork",
			"Lab: Playground",
		]);
	});
});
