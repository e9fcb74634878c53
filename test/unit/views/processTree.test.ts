import { deepEqual, equal, match, ok } from "node:assert/strict";
import { viewItems } from "../../../src/extension/contributions";
import { buildTree, type TreeInput } from "../../../src/extension/views/processes/treeBuilder";
import { treeChange } from "../../../src/extension/views/processes/treeDiff";
import { emptyTree, type Tree } from "../../../src/extension/views/processes/treeNode";
import { group, groups, mapping, process } from "./samples";

const base: TreeInput = {
	processes: [],
	contents: new Map(),
	filter: "",
	folded: false,
	limits: new Map(),
	ownUid: 1000,
	previous: emptyTree,
};

function labels(tree: Tree, ids: readonly string[] | undefined): string[] {
	return (ids ?? []).map((id) => {
		const node = tree.nodes.get(id);
		return `${node?.label} | ${node?.description}`;
	});
}

describe("tree of processes", () => {
	it("lists one's own processes first, each part by resident size", () => {
		const tree = buildTree({
			...base,
			processes: [process(1, { uid: 0, user: "root", rss: 9e9 }), process(20), process(30)],
		});
		deepEqual(labels(tree, tree.roots), [
			"program30 | 30 · 30 MiB",
			"program20 | 20 · 20 MiB",
			"program1 | 1 · 8.38 GiB · root",
		]);
	});

	it("shows a lock and a sentence for what may not be read", () => {
		const hidden = process(7, { uid: 0, user: "root", readable: false, reason: "EACCES" });
		const tree = buildTree({ ...base, processes: [hidden] });
		equal(tree.nodes.get("7:70")?.icon, "lock");
		equal(tree.nodes.get("7:70")?.context, viewItems.processUnreadable);
		const [notice] = labels(tree, tree.children.get("7:70"));
		match(notice ?? "", /^Mapscope may not read process 7 \(program7\)\. It belongs to root\. Run VS Code as root/);
	});

	it("says why zombies and kernel threads have no mappings", () => {
		const zombie = process(8, { state: "Z", readable: false, parentPid: 3 });
		const thread = process(9, { kernelThread: true, readable: false });
		const tree = buildTree({ ...base, processes: [zombie, thread] });
		match(labels(tree, tree.children.get("8:80"))[0] ?? "", /waits for its parent \(3\)/);
		match(labels(tree, tree.children.get("9:90"))[0] ?? "", /kernel thread/);
	});

	it("makes hostile names visible and does not lose those without a name", () => {
		const tree = buildTree({ ...base, processes: [process(5, { name: "a\nb\u202e" }), process(6, { name: " " })] });
		equal(tree.nodes.get("5:50")?.label, "a\\nb\\u{202e}");
		equal(tree.nodes.get("6:60")?.label, "(unnamed 6)");
	});

	it("shows the largest of thousands, and one row for the rest", () => {
		const processes = Array.from({ length: 2000 }, (_, index) => process(index + 10));
		const tree = buildTree({ ...base, processes });
		equal(tree.roots.length, 301);
		equal(labels(tree, tree.roots).at(-1), "1,700 more | each 1.67 GiB or less");
		// What is not shown keeps its place, too: nothing wavers about the edge.
		const wavering = processes.map((one) => ({ ...one, rss: (one.rss ?? 0) * (one.pid % 2 ? 1 : 1.05) }));
		const later = buildTree({ ...base, processes: wavering, previous: tree });
		deepEqual(later.roots, tree.roots);
		const all = buildTree({ ...base, processes, limits: new Map([["", 1300]]) });
		equal(all.roots.length, 1301);
	});

	it("keeps the rows of processes that did nothing", () => {
		const before = buildTree({ ...base, processes: [process(20), process(30)] });
		const after = buildTree({ ...base, processes: [process(20), process(30, { state: "T" })], previous: before });
		equal(after.nodes.get("20:200"), before.nodes.get("20:200"));
		match(after.nodes.get("30:300")?.description ?? "", /stopped/);
	});

	it("counts the children it folds", () => {
		const tree = buildTree({ ...base, folded: true, processes: [process(10), process(11, { parentPid: 10 })] });
		deepEqual(labels(tree, tree.roots), ["program10 | 10 · 10 MiB · 1 child"]);
		// They are listed once the process itself was read: until then VS Code has to ask.
		equal(tree.children.get("10:100"), undefined);
	});
});

describe("tree below a process", () => {
	const target = process(40);
	const id = "40:400";
	const modules = Array.from({ length: 9 }, (_, index) =>
		group(`m${index}`, 0x1000000n * BigInt(index + 1), index + 1),
	);
	const content = (list = modules) => new Map([[id, { kind: "groups", groups: groups(target, list) } as const]]);

	it("files groups by family, with size, resident bytes and counts", () => {
		const heap = group("heap", 0x9000n, 2, { family: "heap", name: "Heap" });
		const tree = buildTree({ ...base, processes: [target], contents: content([...modules, heap]) });
		deepEqual(labels(tree, tree.children.get(id)), [
			"Modules | 180 KiB of 180 KiB · 9 files · 45 mappings",
			"Heap | 8 KiB of 8 KiB · 2 mappings",
		]);
	});

	it("shows the four modules with most in memory and one row for the rest", () => {
		const tree = buildTree({ ...base, processes: [target], contents: content() });
		deepEqual(labels(tree, tree.children.get(`${id}/modules`)), [
			"libm8.so | 36 KiB of 36 KiB",
			"libm7.so | 32 KiB of 32 KiB",
			"libm6.so | 28 KiB of 28 KiB",
			"libm5.so | 24 KiB of 24 KiB",
			"5 more | 60 KiB",
		]);
		const limits = new Map([[`${id}/modules`, 1004]]);
		const all = buildTree({ ...base, processes: [target], contents: content(), limits });
		equal(all.children.get(`${id}/modules`)?.length, 9);
	});

	it("lists the mappings of a module by address", () => {
		const tree = buildTree({ ...base, processes: [target], contents: content() });
		deepEqual(labels(tree, tree.children.get(`${id}/modules/m8`)).slice(0, 2), [
			"09000000 | r-xp 4 KiB of 4 KiB",
			"09001000 | r-xp 4 KiB of 4 KiB",
		]);
	});

	it("names what has a name, and says nothing of what was not measured", () => {
		const stack = group("s", 0x7000n, 1, {
			family: "stacks",
			mappings: [{ mapping: mapping(0x7000n, { label: "Stack of 41", permissions: "rw-p" }), line: "" }],
		});
		const tree = buildTree({ ...base, processes: [target], contents: content([stack]) });
		deepEqual(labels(tree, tree.children.get(`${id}/stacks`)), ["Stack of 41 | 00007000 rw-p 4 KiB"]);
	});

	it("opens a family of 65,000 mappings with its first ones", () => {
		const huge = group("a", 0x10000n, 65_000, { family: "anonymous" });
		const tree = buildTree({ ...base, processes: [target], contents: content([huge]) });
		const rows = tree.children.get(`${id}/anonymous`);
		equal(rows?.length, 201);
		equal(tree.nodes.get(rows?.at(-1) ?? "")?.label, "64,800 more");
	});

	it("says why a process could not be read", () => {
		const error = { code: "processGone", path: "/proc/40/maps" } as const;
		const tree = buildTree({ ...base, processes: [target], contents: new Map([[id, { kind: "failed", error }]]) });
		deepEqual(labels(tree, tree.children.get(id)), ["Process 40 (program40) has ended. | "]);
	});

	it("gives every row an id of its own and the right parent", () => {
		const tree = buildTree({ ...base, processes: [target], contents: content() });
		for (const [parent, children] of tree.children) {
			for (const child of children) equal(tree.nodes.get(child)?.parent, parent);
		}
		const listed = [...tree.roots, ...[...tree.children.values()].flat()];
		equal(new Set(listed).size, listed.length);
		ok(listed.every((row) => tree.nodes.has(row)));
	});
});

describe("change between two trees", () => {
	const many = (count: number, rss: (pid: number) => number) =>
		Array.from({ length: count }, (_, index) => process(index + 10, { rss: rss(index + 10) }));
	const grown = (tree: Tree, processes: readonly ReturnType<typeof process>[], extra: Partial<TreeInput> = {}) =>
		buildTree({ ...base, ...extra, processes, previous: tree });

	it("is nothing when nothing looks different", () => {
		const before = buildTree({ ...base, processes: many(2000, (pid) => pid * 1e6) });
		deepEqual(
			treeChange(
				before,
				grown(
					before,
					many(2000, (pid) => pid * 1e6 + 1),
				),
			),
			{ kind: "none" },
		);
	});

	it("names the rows that look different", () => {
		const before = buildTree({ ...base, processes: many(2000, (pid) => pid * 1e6) });
		const after = grown(
			before,
			many(2000, (pid) => pid * (pid === 1977 ? 1.02e6 : 1e6)),
		);
		deepEqual(treeChange(before, after), { kind: "rows", ids: ["1977:19770"] });
	});

	it("is everything when the order changed, a process came or went, or hundreds of roots changed", () => {
		const before = buildTree({ ...base, processes: many(300, (pid) => pid * 1e6) });
		const moved = grown(
			before,
			many(300, (pid) => pid * (pid === 77 ? 9e6 : 1e6)),
		);
		deepEqual(treeChange(before, moved), { kind: "all" });
		deepEqual(
			treeChange(
				before,
				grown(
					before,
					many(299, (pid) => pid * 1e6),
				),
			),
			{ kind: "all" },
		);
		deepEqual(
			treeChange(
				before,
				grown(
					before,
					many(300, (pid) => pid * 1.05e6),
				),
			),
			{ kind: "all" },
		);
	});

	it("is the parent when its rows are other rows, or many of them look different", () => {
		const target = process(40);
		const withMappings = (count: number, resident: number) => {
			const part = group("a", 0x10000n, count, { family: "anonymous" });
			const mappings = part.mappings.map((grouped) => ({ ...grouped, resident }));
			const content = { kind: "groups", groups: groups(target, [{ ...part, resident: 4096, mappings }]) } as const;
			return buildTree({ ...base, processes: [target], contents: new Map([["40:400", content]]) });
		};
		const parent = "40:400/anonymous";
		deepEqual(treeChange(withMappings(3, 4096), withMappings(4, 4096)), { kind: "rows", ids: [parent] });
		deepEqual(treeChange(withMappings(100, 4096), withMappings(100, 0)), { kind: "rows", ids: [parent] });
		const few = treeChange(withMappings(2, 4096), withMappings(2, 0));
		deepEqual(few, { kind: "rows", ids: [`${parent}/00010000`, `${parent}/00011000`] });
	});

	it("is everything when a process moves under another parent", () => {
		const list = [process(10), process(11), process(12, { parentPid: 10 })];
		const contents = new Map(
			["10:100", "11:110"].map((id, index) => {
				const of = list[index] ?? process(1);
				return [id, { kind: "groups", groups: groups(of, [group("m", 0x1000n, 1)]) } as const] as const;
			}),
		);
		const before = buildTree({ ...base, folded: true, contents, processes: list });
		const moved = list.map((item) => (item.pid === 12 ? { ...item, parentPid: 11 } : item));
		deepEqual(treeChange(before, grown(before, moved, { folded: true, contents })), { kind: "all" });
	});
});
