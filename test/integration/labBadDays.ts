import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { DemoReport, MapscopeApi } from "../../src/extension/api";
import { findDemo } from "../../src/extension/lab/demos";
import type { LabPrograms } from "../support/labPrograms";

/** How a run ended too early: the step (from 1) whose call failed, and its errno. */
interface Ending {
	readonly step: number;
	readonly errno: string;
}

/** A choice of the reader's, and what the kernel says of it in the demos of private and shared mappings; none: it goes well. */
interface BadDay {
	readonly what: string;
	/** Makes the file in a folder, and returns its path. */
	make(folder: string): Promise<string>;
	readonly private?: Ending;
	readonly shared?: Ending;
}

const mkfifo = (path: string) => promisify(execFile)("mkfifo", [path]);
const isRoot = process.getuid?.() === 0;

const badDays: readonly BadDay[] = [
	{
		what: "a directory",
		make: async (folder) => {
			await mkdir(join(folder, "directory"));
			return join(folder, "directory");
		},
		private: { step: 3, errno: "ENODEV" },
		shared: { step: 1, errno: "EISDIR" },
	},
	{
		what: "a FIFO without a writer",
		make: async (folder) => {
			await mkfifo(join(folder, "fifo"));
			return join(folder, "fifo");
		},
		private: { step: 3, errno: "EINVAL" },
		shared: { step: 3, errno: "EINVAL" },
	},
	{
		what: "/proc/self/mem",
		make: async () => "/proc/self/mem",
		private: { step: 3, errno: "EINVAL" },
		shared: { step: 3, errno: "EINVAL" },
	},
	{
		what: "an empty file",
		make: (folder) => written(folder, "empty", ""),
		private: { step: 3, errno: "EINVAL" },
		shared: { step: 3, errno: "EINVAL" },
	},
	{
		what: "a file that has disappeared",
		make: async (folder) => join(folder, "gone"),
		private: { step: 1, errno: "ENOENT" },
		shared: { step: 1, errno: "ENOENT" },
	},
	{
		what: "a file that nobody may read",
		make: async (folder) => {
			const path = await written(folder, "closed", "closed to all but root");
			await chmod(path, 0);
			return path;
		},
		...(isRoot ? {} : { private: { step: 1, errno: "EACCES" }, shared: { step: 1, errno: "EACCES" } }),
	},
	{ what: "a file of three bytes", make: (folder) => written(folder, "short", "abc") },
	{ what: "a large file", make: (folder) => written(folder, "large", "a line of text\n".repeat(20_000)) },
];

async function written(folder: string, name: string, text: string): Promise<string> {
	await writeFile(join(folder, name), text);
	return join(folder, name);
}

/** What a reader may choose wrongly for the demos of files, each run against its C program for the same choice. */
export function testBadDays(getApi: () => MapscopeApi, getPrograms: () => LabPrograms): void {
	describe("when the reader chooses", () => {
		let base: string;
		/** Tests remove it and make it again: in a folder of its own, where no other user can take the name in between. */
		let folder: string;

		beforeEach(async () => {
			base = await mkdtemp(join(tmpdir(), "lab-files-"));
			folder = join(base, "files");
			await mkdir(folder);
		});
		afterEach(() => rm(base, { recursive: true, force: true }));

		for (const day of badDays) {
			it(`${day.what}, to map privately`, async () => {
				expectEnding(await compare("private-file", {}, day.make), day.private);
			});
			it(`${day.what}, to map shared`, async () => {
				expectEnding(await compare("shared-file", {}, day.make), day.shared);
			});
		}

		const hundred = () => written(folder, "file", "-".repeat(100));

		it("a text that is as long as the region", async () => {
			expectEnding(await compare("shared-file", { text: "x".repeat(64) }, hundred), undefined);
			equal(await readFile(join(folder, "file"), "utf8"), "x".repeat(64) + "-".repeat(36));
		});

		it("a text that is too long: it is refused, and nothing is written", async () => {
			const report = await compare("shared-file", { text: "x".repeat(65) }, hundred);
			expectEnding(report, undefined);
			ok(report.steps.some(({ result }) => result.split("\n").includes("string too long")));
			equal(await readFile(join(folder, "file"), "utf8"), "-".repeat(100));
		});

		it("fewer bytes than the text has", async () => {
			const report = await compare("shared-file", { text: "123456", most: 5 }, hundred);
			expectEnding(report, undefined);
			equal(await readFile(join(folder, "file"), "utf8"), "-".repeat(100));
			await rejects(getApi().runDemo("shared-file", { most: 0 }), { code: "bug" });
		});

		/** Runs a demo and its C program on the same file, made anew for each; both have to show the same. */
		async function compare(
			id: string,
			values: Readonly<Record<string, string | number>>,
			make: BadDay["make"],
		): Promise<DemoReport> {
			const demo = findDemo(id);
			ok(demo);
			const file = await make(folder);
			const report = await getApi().runDemo(id, { ...values, file });
			await rm(folder, { recursive: true });
			await mkdir(folder);
			await make(folder);
			await getPrograms().add(demo, { ...values, file }, `${id}-chosen`);
			const lines = report.steps.flatMap((step) => step.lines);
			deepEqual(lines, await getPrograms().lines(`${id}-chosen`));
			return report;
		}
	});
}

/** The run ended at a call that failed, with a reason for people; or else everything was as expected. */
function expectEnding({ steps }: DemoReport, ending: Ending | undefined): void {
	const unmet = steps.flatMap(({ checks }) => checks.filter(({ met }) => !met));
	deepEqual(unmet, []);
	const failed = steps.findIndex(({ errno }) => errno !== undefined);
	deepEqual(failed === -1 ? undefined : { step: failed + 1, errno: steps[failed]?.errno }, ending);
	if (ending === undefined) return;
	ok(steps[failed]?.excused, "nobody says why");
	for (const { result, checks } of steps.slice(failed + 1)) deepEqual([result, checks], ["", []]);
}
