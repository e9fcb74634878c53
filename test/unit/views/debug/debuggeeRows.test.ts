import { deepEqual, equal, ok } from "node:assert/strict";
import { commands, viewItems } from "../../../../src/extension/contributions";
import { currentDebuggee } from "../../../../src/extension/views/debug/currentDebuggee";
import { type DebuggeeTree, debuggeeTree } from "../../../../src/extension/views/debug/debuggeeRows";
import { rowTooltip } from "../../../../src/extension/views/debug/rowTooltip";
import { brief, debuggee, group, groups, member, stop, totals } from "./samples";

/** The tree as a person reads it: a line for each row. */
function lines(tree: DebuggeeTree, ids: readonly string[] = tree.roots, depth = 0): string[] {
	return ids.flatMap((id) => {
		const row = tree.rows.get(id);
		ok(row, id);
		const text = [row.label, row.description, row.letter ? `[${row.letter}]` : ""].filter(Boolean).join(" | ");
		return [`${"  ".repeat(depth)}${text}`, ...lines(tree, tree.children.get(id) ?? [], depth + 1)];
	});
}

const stopped = debuggee({
	stops: [stop(1), stop(2, { mappings: 28, totals: totals({ written: 140, writtenMappings: 3 }, { new: 2 }) })],
});

describe("rows of the Debuggee Mappings view", () => {
	it("list a stop by families, with letters and counts of what changed", () => {
		const stack = member(brief(0x7f000, 128, { kind: "stack", label: "walk · stack of thread 13196" }), {
			changes: ["new"],
			written: 128,
		});
		const guard = member(brief(0x7efff, 1, { kind: "guard", label: "Guard", permissions: "---p" }), {
			changes: ["new"],
		});
		const heap = member(brief(0x600, 33, { kind: "heap", label: "Heap" }), { written: 1 });
		const arena = member(brief(0x800, 16, { permissions: "r--p" }), {
			changes: ["reprotected"],
			formerPermissions: "rw-p",
			unknown: 2,
		});
		const data = member(brief(0x90, 1, { kind: "data", label: "Data" }), { written: 1 });
		const code = member(brief(0x80, 4, { kind: "code", label: "Code", permissions: "r-xp" }));
		const read = groups(
			[
				group("modules", [data, code], "chain"),
				group("heap", [heap]),
				group("anonymous", [arena]),
				group("stacks", [stack, guard]),
			],
			[brief(0xa00, 3)],
		);
		deepEqual(lines(debuggeeTree([stopped], () => read)), [
			"chain | 13111, stop 2, 28 mappings, 2 new, 140 pages written",
			"  Stacks | 8 KiB resident, 2 new, 128 pages written",
			"    Guard | 4 KiB | [N]",
			"    walk · stack of thread 13196 | 512 KiB, all 128 pages written | [N]",
			"  Heap | 4 KiB resident, 1 page written",
			"    00600000 | rw-p 132 KiB, 1 page written | [W]",
			"  Anonymous | 4 KiB resident, 1 reprotected",
			"    00800000 | rw-p → r--p 64 KiB, 2 pages unknown | [R]",
			"  Modules | 1 file, 1 page written",
			"    chain | 20 KiB, 1 page written | [W]",
			"      00080000 | r-xp 16 KiB",
			"      00090000 | rw-p 4 KiB, 1 page written | [W]",
			"  Gone | 1 mapping",
			"    00a00000 | rw-p 12 KiB Anonymous | [D]",
		]);
	});

	it("say to a screen reader what the letters say", () => {
		const arena = member(brief(0x800, 16, { permissions: "r--p" }), {
			changes: ["grown", "reprotected"],
			formerPermissions: "rw-p",
			written: 3,
		});
		const tree = debuggeeTree([stopped], () => groups([group("anonymous", [arena])]));
		equal(
			tree.rows.get("1/anonymous/00800000")?.spoken,
			"Anonymous, address 00800000, permissions r--p, size 64 KiB, grown, reprotected, was rw-p, 3 pages written",
		);
	});

	it("show sessions side by side, each with a sentence and an action where it has no mappings", () => {
		const tree = debuggeeTree(
			[
				debuggee({ id: 1, running: true }),
				debuggee({ id: 2, status: { kind: "off" } }),
				{ ...withoutProcess(2), id: 3, status: { kind: "unknown" } },
			],
			() => undefined,
		);
		deepEqual(lines(tree), [
			"chain | 13111",
			"  The program runs. Its memory is read when it stops.",
			"chain | 13111",
			"  Memory is not read at stops.",
			"  Turn On",
			"Launch chain | process not known",
			"  The debugger does not say which process it debugs.",
			"  Choose Process…",
		]);
		equal(tree.rows.get("3/action")?.command?.id, commands.chooseDebuggee);
		equal(tree.rows.get("2/action")?.command?.id, commands.toggleReadingAtStops);
		equal(tree.rows.get("3")?.context, viewItems.debuggeeUnknown);
	});

	it("show no more mappings than a tree can hold, and where the others are", () => {
		const many = Array.from({ length: 700 }, (_, index) => member(brief(0x1000 + index * 2, 1)));
		const tree = debuggeeTree([stopped], () => groups([group("anonymous", many)]));
		const rows = tree.children.get("1/anonymous") ?? [];
		equal(rows.length, 501);
		equal(tree.rows.get(rows.at(-1) ?? "")?.label, "200 more mappings in the Memory Map");
	});

	it("make control characters of names visible, and escape them in tooltips", () => {
		const evil = member(brief(0x800, 1, { label: "a\u202eb`*[x](command:y)", kind: "file", name: "/a\nb" }));
		const tree = debuggeeTree([stopped], () => groups([group("files", [evil])]));
		const row = tree.rows.get("1/files/00800000");
		ok(row);
		equal(row.label, "a\\u{202e}b`*[x](command:y)");
		const text = rowTooltip(row);
		ok(text.includes("Name: `/a\\nb`"), text);
		ok(text.startsWith("**``a\\u{202e}b`*[x](command:y)``**"), text);
	});
});

describe("the debuggee that a command means", () => {
	const first = debuggee({ id: 1, session: { id: "a", name: "a", type: "lldb" }, stops: [stop(1)] });
	const second = debuggee({ id: 2, session: { id: "b", name: "b", type: "lldb" } });
	const child = debuggee({ id: 3, session: { id: "c", name: "c", type: "pwa-node", parentId: "parent" } });

	it("is that of the active session, or of its child", () => {
		equal(currentDebuggee([first, second], "b")?.id, 2);
		equal(currentDebuggee([first, child], "parent")?.id, 3);
	});

	it("is else one that has stopped, and never one without a process", () => {
		equal(currentDebuggee([first, second], undefined)?.id, 1);
		equal(currentDebuggee([second], "other")?.id, 2);
		equal(currentDebuggee([withoutProcess(4)], "session"), undefined);
	});
});

function withoutProcess(id: number) {
	const { process: _, ...rest } = debuggee({ id });
	return rest;
}
