import { deepEqual, equal, match } from "node:assert/strict";
import {
	pickEntries,
	pickEntry,
	processByPid,
	toRecent,
	unknownPidSentence,
	withRecent,
} from "../../../src/extension/views/processPickEntries";
import { process } from "./samples";

const labels = (...parameters: Parameters<typeof pickEntries>) =>
	pickEntries(...parameters).map((entry) => (entry.kind === "separator" ? `— ${entry.label}` : entry.process.pid));

describe("process pick", () => {
	const mine = process(20);
	const big = process(30);
	const theirs = process(9, { uid: 0, user: "root" });
	const thread = process(2, { kernelThread: true, readable: false });

	it("lists recent picks, then one's own, then others, by size", () => {
		deepEqual(labels([theirs, mine, big, thread], [], 1000), ["— Yours", 30, 20, "— Others", 9]);
		const recent = withRecent([], mine);
		deepEqual(labels([theirs, mine, big], recent, 1000), ["— Recent", 20, "— Yours", 30, "— Others", 9]);
	});

	it("finds the newest run of a program that was picked before", () => {
		const recent = withRecent([], mine);
		const runs = [21, 22].map((pid) => process(pid, { name: mine.name, commandLine: mine.commandLine }));
		deepEqual(labels([...runs, big], recent, 1000), ["— Recent", 22, "— Yours", 30, 21]);
		const other = process(23, { name: mine.name, commandLine: ["/elsewhere"] });
		deepEqual(labels([other], recent, 1000), ["— Yours", 23]);
	});

	it("remembers the last five programs, each once", () => {
		let recent = toRecent("nonsense");
		for (const pid of [1, 2, 3, 4, 5, 6, 3]) recent = withRecent(recent, process(pid));
		deepEqual(
			recent.map(({ pid }) => pid),
			[3, 6, 5, 4, 2],
		);
		deepEqual(toRecent(JSON.parse(JSON.stringify(recent))), recent);
		deepEqual(toRecent([{ pid: "1" }, null, 7]), []);
	});

	it("shows name, pid, size, user and command line, and no icon but its own", () => {
		const entry = pickEntry(process(5, { name: "$(x)", uid: 0, user: "root", commandLine: ["$(x)", "b"] }), 1000);
		equal(entry.label, "$(server-process) \\$(x)");
		equal(entry.description, "5 · 5 MiB · root");
		equal(entry.detail, "\\$(x) b");
	});

	it("shows a lock and why for what may not be read", () => {
		const entry = pickEntry(process(5, { readable: false, uid: 0, user: "root" }), 1000);
		match(entry.label, /^\$\(lock\)/);
		match(entry.detail, /belongs to root/);
	});

	it("finds a process by its whole pid", () => {
		equal(processByPid(" 20 ", [big, mine]), mine);
		equal(processByPid("2", [big, mine, thread]), undefined);
	});

	it("has a sentence for a pid that is not listed", () => {
		const all = [mine, thread];
		equal(unknownPidSentence("2", all), undefined); // may become 20
		equal(unknownPidSentence("20", all), undefined);
		equal(unknownPidSentence("node", all), undefined);
		match(unknownPidSentence("21", all) ?? "", /^No process with PID 21/);
		match(unknownPidSentence("2", [thread]) ?? "", /kernel thread/);
	});
});
