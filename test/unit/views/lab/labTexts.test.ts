import { deepEqual, equal, ok } from "node:assert/strict";
import { demos } from "../../../../src/extension/lab/demos";
import { playground } from "../../../../src/extension/lab/demos/playground";
import { callTitle } from "../../../../src/extension/views/lab/callTitle";
import { childRows, rowText } from "../../../../src/extension/views/lab/labRows";
import { panelLabState } from "../../../../src/extension/views/lab/panelState";
import { statusText } from "../../../../src/extension/views/lab/statusText";
import { syntaxComplaint } from "../../../../src/extension/views/lab/syntaxComplaint";
import type { Demo } from "../../../../src/shared/labDemo";
import type { LabState } from "../../../../src/shared/labPanel";

const step = (title: string, code: string) => ({ title, code, look: "", expect: [], why: "", man: [] });
const demo: Demo = {
	id: "x",
	number: 1,
	title: "X",
	teaches: "",
	steps: [
		step("Map", "p = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);"),
		step("Read", "c = p[0];"),
	],
};
const marks = (...titles: string[]) => ({ steps: () => new Set(titles) });

describe("rows of the Lab view", () => {
	it("are demos, and their steps with the calls that they make", () => {
		const [row] = childRows([demo, playground]);
		ok(row);
		deepEqual(
			childRows([demo], row).map((child) => rowText(child, marks())),
			[
				{ id: "x#0", label: "1  Map", description: "mmap", icon: "circle", done: false, spoken: "Step 1, Map" },
				{ id: "x#1", label: "2  Read", description: "", icon: "circle", done: false, spoken: "Step 2, Read" },
			],
		);
	});

	it("say how much has been run", () => {
		const text = (...titles: string[]) => {
			const { description, icon, done } = rowText({ kind: "demo", demo }, marks(...titles));
			return [description, icon, done];
		};
		deepEqual(text(), ["2 steps", "beaker", false]);
		deepEqual(text("Map", "a step of an older version"), ["1 of 2 steps", "beaker", false]);
		deepEqual(text("Map", "Read"), ["done", "pass-filled", true]);
	});

	it("have ids of their own, for every demo that there is", () => {
		const all = [...demos, playground];
		const rows = childRows(all).flatMap((row) => [row, ...childRows(all, row)]);
		const ids = rows.map((row) => rowText(row, marks()).id);
		equal(new Set(ids).size, ids.length);
	});
});

describe("titles of the playground's steps", () => {
	it("say what a statement does", () => {
		equal(callTitle("p = mmap(NULL, 1, 1, 1, -1, 0);"), "Call mmap");
		equal(callTitle(`strcpy(p, "for (x)");`), "Call strcpy");
		equal(callTitle("p[0] = 'h';"), "Write to memory");
		equal(callTitle("x = p[0];"), "Read memory");
		equal(callTitle("for (i = 0; i < 4; i++) p[i] = 1;"), "Run a loop");
		equal(callTitle("x = 5;"), "Run a statement");
	});

	it("are asked for only when the statement is understood", () => {
		equal(syntaxComplaint(demo, 1, "p[1] = 2;"), undefined);
		ok(syntaxComplaint(demo, 0, "p[1] = 2;")?.startsWith("p "));
		ok(syntaxComplaint(demo, 1, "system(p);")?.includes("system"));
		ok(syntaxComplaint(demo, 1, "p[1] = ") !== undefined);
	});
});

describe("the state of a Lab tab", () => {
	const state: LabState = {
		demo,
		parameters: {},
		steps: [{ status: "met" }, { status: "toCome" }],
		done: 1,
		activity: "idle",
		processes: [{ name: "main", pid: 42, state: "alive" }],
		pageSize: 4096,
	};

	it("is told in the status bar while a process lives", () => {
		equal(statusText([state])?.label, "Lab process 42 waiting after step 1");
		equal(statusText([{ ...state, activity: "running" }])?.label, "Lab process 42 runs step 2");
		equal(statusText([state, state])?.label, "2 lab processes");
		equal(statusText([{ ...state, processes: [] }]), undefined);
		equal(statusText([{ ...state, processes: [{ name: "main", pid: 42, state: "ended" }] }]), undefined);
	});

	it("shows a demo before there is a session, and why there is none", () => {
		const parameters = [{ kind: "text", name: "text", title: "Text", initial: "hello" }] as const;
		const shown = panelLabState(
			{ ...demo, parameters },
			{
				session: undefined,
				chosen: {},
				trouble: { code: "unsupported", feature: "linux" },
				formerlyDone: 2,
				stopped: false,
			},
		);
		deepEqual(shown.parameters, { text: "hello" });
		deepEqual([shown.done, shown.formerlyDone, shown.trouble?.feature], [0, 2, "linux"]);
		deepEqual(
			shown.steps.map(({ status }) => status),
			["toCome", "toCome"],
		);
	});

	it("forgets what had run before a reload as soon as something runs", () => {
		const session = { state, result: () => undefined };
		equal(
			panelLabState(demo, { session, chosen: {}, trouble: undefined, formerlyDone: 2, stopped: false }).formerlyDone,
			undefined,
		);
	});

	it("tells of trouble, but not of what the person has stopped", () => {
		const session = { state: { ...state, trouble: { code: "io" as const } }, result: () => undefined };
		const shown = (stopped: boolean) =>
			panelLabState(demo, { session, chosen: {}, trouble: undefined, formerlyDone: 0, stopped });
		equal(shown(false).trouble?.code, "io");
		equal(shown(true).trouble, undefined);
	});

	it("gives the playground's steps titles", () => {
		const made = { ...playground, steps: [step("", "munmap(p, page);")] };
		const session = { state: { ...state, demo: made }, result: () => undefined };
		const shown = panelLabState(playground, {
			session,
			chosen: {},
			trouble: undefined,
			formerlyDone: 0,
			stopped: false,
		});
		equal(shown.demo.steps[0]?.title, "Call munmap");
	});
});
