import { deepEqual, equal, match, ok } from "node:assert/strict";
import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { privateFile } from "../../../src/extension/lab/demos/privateFile";
import { sharedFile } from "../../../src/extension/lab/demos/sharedFile";
import type { LabSession } from "../../../src/extension/lab/session";
import type { Demo } from "../../../src/shared/labDemo";
import type { FileSide, StepResult } from "../../../src/shared/labResult";
import { earlierWords } from "../../../src/webview/lab/words/files";
import { resultSentence } from "../../../src/webview/lab/words/view";
import { demoOf, openSession } from "../../support/labSessions";

/** What somebody else does to the reader's own file between two steps, and what the lab makes of it. */
describe("a file of the reader's own, between two steps", () => {
	let folder: string;
	let file: string;
	let session: LabSession;

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), "lab-changed-"));
		file = join(folder, "file");
		await writeFile(file, "the first line\nthe second line\n");
	});
	afterEach(async () => {
		session.dispose();
		await rm(folder, { recursive: true, force: true });
	});

	const begin = async (demo: Demo, steps: number) => {
		session = await openSession(demo, { file });
		for (let step = 0; step < steps; step++) await session.step();
	};
	const next = async (): Promise<StepResult> => {
		await session.step();
		const result = session.result(session.state.done - 1);
		ok(result);
		return result;
	};
	const told = (result: StepResult) => result.files.map(earlierWords);
	const statuses = () => session.state.steps.map(({ status }) => status);
	const rest = async () => {
		await session.runAll();
		return session.state.steps.map(({ refusal }) => refusal?.why);
	};

	it("deleted: the mapping still has it, and the lab says that it is gone", async () => {
		await begin(privateFile, 3);
		await rm(file);
		const result = await next();
		equal(result.calls.find(({ printed }) => printed)?.printed, "the first line\nthe second line\n");
		deepEqual(told(result), ["Since the step before, somebody else has deleted or renamed this file."]);
		match(resultSentence(session.state, result), /somebody else has deleted or renamed this file\./);
		match(String(result.regions[0]?.diff[0]?.text), /\/file \(deleted\)$/);
		deepEqual(told(await next()), [undefined], "it is told once");
	});

	it("deleted, and then back to a step that needs it: the step that cannot be run again says why", async () => {
		await begin(privateFile, 5);
		await rename(file, `${file}.old`);
		await session.backTo(3);
		equal(session.state.done, 1);
		equal(session.result(0)?.calls[0]?.errno, "ENOENT");
		match(String(session.result(0)?.excused), /deleted or renamed since it was picked/);
		deepEqual(
			(await rest()).slice(1),
			privateFile.steps.slice(1).map(() => "endedBefore"),
		);
		// And as if nothing had been, once it is there again.
		await rename(`${file}.old`, file);
		await session.backTo(-1);
		await session.runAll();
		deepEqual(new Set(statuses()), new Set(["met"]));
	});

	it("cut off: a SIGBUS, and no step that builds on the mapping runs any more", async () => {
		await begin(privateFile, 3);
		await truncate(file, 0);
		const result = await next();
		deepEqual([result.signal?.name, result.signal?.detail?.code], ["SIGBUS", "BUS_ADRERR"]);
		equal(session.state.steps[3]?.met, false, "nobody expected it");
		deepEqual(told(result), [
			"Since the step before, somebody else has cut this file off: 31 bytes before, 0 bytes now.",
		]);
		// Opened again it has no bytes, so there is nothing to map.
		deepEqual(
			[result.replay?.steps, result.replay?.differing],
			[
				[0, 1, 2],
				[1, 2],
			],
		);
		deepEqual(
			(await rest()).slice(4),
			privateFile.steps.slice(4).map(() => "endedBefore"),
		);
	});

	it("cut off so that a step that was survived is not any more: it is run once more, and explained", async () => {
		const demo = demoOf(
			["fd = open(file, O_RDONLY); p = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 0);", "c = p[0];", "d = 1;"],
			{ parameters: privateFile.parameters ?? [] },
		);
		await begin(demo, 3);
		await truncate(file, 0);
		await session.backTo(1);
		deepEqual(statuses(), ["met", "killed", "toCome"]);
		equal(session.result(1)?.signal?.detail?.code, "BUS_ADRERR");
		equal((await next()).calls[0]?.errno, undefined);
		deepEqual(statuses(), ["met", "killed", "met"]);
	});

	it("written to: a shared mapping shows it at once", async () => {
		await begin(sharedFile, 4);
		await writeFile(file, "THE FIRST LINE\nthe second line\n");
		const result = await next();
		match(String(result.calls.at(-1)?.printed), /^THE FIRST LINE/);
		deepEqual(told(result), ["Since the step before, somebody else has written to this file."]);
		await appendFile(file, "more");
		deepEqual(told(await next()), [
			"Since the step before, somebody else has made this file longer: 31 bytes before, 35 bytes now.",
		]);
	});
});

describe("what somebody else did to a file", () => {
	it("is told in words that fit", () => {
		const size = (bytes: number): FileSide => ({ size: bytes, head: new Uint8Array(bytes) });
		const error = (errno: string): FileSide => ({ error: { code: "io", errno } });
		const say = (earlier: FileSide, before: FileSide) =>
			earlierWords({ earlier, before })?.replace(/^.* else has /, "");
		equal(earlierWords({ before: size(1) }), undefined);
		equal(say(size(1), error("EACCES")), "made this file unreadable.");
		equal(say(error("ENOENT"), size(1)), "made this file.");
		equal(say(size(2), size(1)), "cut this file off: 2 bytes before, 1 byte now.");
	});
});
