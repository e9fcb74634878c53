import { deepEqual, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as ids from "../../../src/extension/contributions";
import { demos } from "../../../src/extension/lab/demos";
import { playground } from "../../../src/extension/lab/demos/playground";
import { checkout } from "../../support/checkout";

/** The parts of package.json that name ids. */
interface Manifest {
	readonly activationEvents: readonly string[];
	readonly contributes: {
		readonly commands: readonly { command: string; title: string; category?: string }[];
		readonly viewsContainers: { readonly activitybar: readonly { id: string; icon: string }[] };
		readonly views: Readonly<Record<string, readonly { id: string; when?: string }[]>>;
		readonly viewsWelcome: readonly { view: string; when: string; contents: string }[];
		readonly menus: Readonly<Record<string, readonly { command: string; when?: string }[]>>;
		readonly keybindings: readonly { command: string; when: string }[];
		readonly configuration: {
			readonly properties: Readonly<Record<string, { description?: string; markdownDescription?: string }>>;
		};
		readonly walkthroughs: readonly {
			readonly steps: readonly { description: string; media: { svg: string }; completionEvents: readonly string[] }[];
		}[];
		readonly languages: readonly { id: string; configuration: string }[];
		readonly grammars: readonly { language: string; path: string; scopeName: string }[];
	};
}

const sorted = (items: Iterable<string>) => [...new Set(items)].sort();

describe("package.json and contributions.ts", () => {
	let manifest: Manifest;
	let contributes: Manifest["contributes"];
	let clauses: readonly string[];

	before(async () => {
		manifest = JSON.parse(await readFile(join(checkout, "package.json"), "utf8")) as Manifest;
		({ contributes } = manifest);
		clauses = [
			...Object.values(contributes.menus).flat(),
			...contributes.keybindings,
			...contributes.viewsWelcome,
			...Object.values(contributes.views).flat(),
		].flatMap(({ when }) => when ?? []);
	});

	it("name the same commands, each with the category and a title of its own", () => {
		deepEqual(sorted(contributes.commands.map(({ command }) => command)), sorted(Object.values(ids.commands)));
		ok(contributes.commands.every(({ category }) => category === "Mapscope"));
	});

	it("offer every command in a menu, the palette or a key, and no other", () => {
		const known = new Set<string>(Object.values(ids.commands));
		const menus = [...Object.values(contributes.menus).flat(), ...contributes.keybindings];
		deepEqual(
			menus.filter(({ command }) => !known.has(command)),
			[],
		);
		const links = contributes.viewsWelcome.flatMap(({ contents }) => [
			...contents.matchAll(/command:(mapscope[\w.]+)/g),
		]);
		ok(links.every(([, command]) => command !== undefined && known.has(command)));
	});

	it("name the same views and container", () => {
		deepEqual(sorted(Object.keys(contributes.views)), sorted([ids.viewContainer, "debug"]));
		deepEqual(
			sorted(Object.values(contributes.views).flatMap((list) => list.map(({ id }) => id))),
			sorted(Object.values(ids.views)),
		);
		deepEqual(
			contributes.viewsContainers.activitybar.map(({ id }) => id),
			[ids.viewContainer],
		);
		const shown = new Set<string>(Object.values(ids.views));
		ok(contributes.viewsWelcome.every(({ view }) => shown.has(view)));
	});

	it("name the same settings, each described", () => {
		deepEqual(sorted(Object.keys(contributes.configuration.properties)), sorted(Object.values(ids.settings)));
		for (const property of Object.values(contributes.configuration.properties)) {
			ok((property.description ?? property.markdownDescription ?? "").endsWith("."));
		}
	});

	it("read the context keys that the code sets", () => {
		const other = new Set<string>([
			...Object.values(ids.views),
			...Object.values(ids.panels),
			...Object.values(ids.viewItems),
			ids.procScheme,
		]);
		const words = clauses
			.flatMap((clause) => clause.match(/mapscope[\w.-]*/g) ?? [])
			.filter((word) => !other.has(word));
		// A regular expression over viewItem is written without the prefix's literal dots.
		const keys = words.filter((word) => word !== "mapscope");
		deepEqual(sorted(keys), sorted(Object.values(ids.contextKeys)));
	});

	it("lead through demos that exist", async () => {
		const known = new Set<string>(Object.values(ids.commands));
		for (const { description, media, completionEvents } of contributes.walkthroughs.flatMap(({ steps }) => steps)) {
			const [, command = "", argument] = /\(command:([\w.]+)(?:\?([^)]+))?\)/.exec(description) ?? [];
			ok(known.has(command), description);
			const id = argument === undefined ? playground.id : String(JSON.parse(decodeURIComponent(argument)));
			ok(
				[...demos, playground].some((demo) => demo.id === id),
				id,
			);
			const event = id === playground.id ? `onCommand:${command}` : `onContext:${ids.demoDoneKey(id)}`;
			deepEqual(completionEvents, [event]);
			await readFile(join(checkout, media.svg));
		}
	});

	it("match every kind of row that has actions", () => {
		const patterns = clauses
			.flatMap((clause) => clause.match(/viewItem =~ \/(.*?)\/(?:\s|$)/)?.[1] ?? [])
			.map((text) => new RegExp(text));
		const equals = clauses.flatMap((clause) => /viewItem == ([\w.]+)/.exec(clause)?.[1] ?? []);
		const items: readonly string[] = Object.values(ids.viewItems);
		ok(equals.every((item) => items.includes(item)));
		const { more, notice, debuggeeNotice, ...actionable } = ids.viewItems;
		for (const item of Object.values(actionable)) {
			ok(equals.includes(item) || patterns.some((pattern) => pattern.test(item)), item);
		}
		for (const item of [more, notice, debuggeeNotice]) ok(!patterns.some((pattern) => pattern.test(item)), item);
	});

	it("agree on language, panel and document scheme, and their files exist", async () => {
		deepEqual(contributes.languages.map(({ id }) => id), [ids.procLanguage]); // biome-ignore format: short
		deepEqual(manifest.activationEvents, [
			"onDebugAdapterProtocolTracker",
			...Object.values(ids.panels).map((id) => `onWebviewPanel:${id}`),
		]);
		const files = [
			...contributes.languages.map(({ configuration }) => configuration),
			...contributes.grammars.map(({ path }) => path),
			...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
			"media/icon.png",
			"media/memoryMap-dark.svg",
			"media/memoryMap-light.svg",
			"media/lab-dark.svg",
			"media/lab-light.svg",
		];
		for (const file of files) await readFile(join(checkout, file));
	});
});
