import { writeFile } from "node:fs/promises";
import Mocha from "mocha";
import { checkout } from "./checkout";
import { hasReason } from "./skip";

/** What became of a set of tests; written as JSON for the test command, which adds the sets up. */
export interface TestReport {
	passed: number;
	/** Titles, each with the first line of its error. */
	failed: string[];
	/** Titles, each with its reason. */
	skipped: string[];
	/** Titles of those that failed and were tried again, each with the first line of its error. */
	again: string[];
}

/** How tests are run. */
export interface RunOptions {
	/** What a test or hook may take that says nothing else. */
	readonly timeoutMs: number;
	/** How often a test that fails is tried again. It is told, so that nobody overlooks it. */
	readonly retries?: number;
	/** Called after each attempt that failed, while what the test had opened is still open. */
	readonly afterFailure?: (title: string, error: unknown) => Promise<void>;
}

/**
 * Runs compiled test files in this process, prints them as they go, and resolves with what became of them.
 * Environment: `MAPSCOPE_TEST_GREP` picks tests by title, `MAPSCOPE_TEST_COLOR` colours the output,
 * `MAPSCOPE_TEST_REPORT` names the file that gets the report.
 */
export async function runMocha(files: readonly string[], options: RunOptions): Promise<TestReport> {
	const {
		MAPSCOPE_TEST_GREP: grep,
		MAPSCOPE_TEST_COLOR: color,
		MAPSCOPE_TEST_REPORT: reportFile,
		CI: strict,
	} = process.env;
	const mocha = new Mocha({
		ui: "bdd",
		timeout: options.timeoutMs,
		retries: options.retries ?? 0,
		slow: 4000, // says how long those took that take more than half of it
		forbidOnly: strict !== undefined,
		color: color !== undefined,
		...(grep ? { grep } : {}),
	});
	for (const file of files) mocha.addFile(file);
	mocha.rootHooks({
		async afterEach(this: Mocha.Context) {
			const test = this.currentTest;
			// One that will be tried again is neither failed nor passed.
			if (test && test.state !== "passed" && !test.isPending())
				await options.afterFailure?.(test.fullTitle(), test.err);
		},
	});

	const report: TestReport = { passed: 0, failed: [], skipped: [], again: [] };
	const rejections = new Set<string>(); // mocha passes on to us what it hears first
	const noteRejection = (reason: unknown) => void rejections.add(describe(reason));
	process.on("unhandledRejection", noteRejection);
	await new Promise<void>((resolve) => {
		mocha
			.run(() => resolve())
			.on("pass", () => report.passed++)
			.on("retry", (test, error: unknown) => report.again.push(`${test.fullTitle()}: ${firstLine(error)}`))
			.on("fail", (test, error: unknown) => report.failed.push(`${test.fullTitle()}: ${firstLine(error)}`))
			.on("pending", (test) => {
				if (hasReason(test)) report.skipped.push(test.fullTitle());
				else report.failed.push(`${test.fullTitle()} (skipped without a reason)`);
			});
	});
	process.removeListener("unhandledRejection", noteRejection);
	for (const text of [...rejections].filter(isOurs)) {
		report.failed.push(`a promise was rejected that nobody awaits: ${text}`);
		console.error(report.failed.at(-1));
	}
	if (reportFile) await writeFile(reportFile, JSON.stringify(report));
	return report;
}

function describe(reason: unknown): string {
	return reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
}

function firstLine(error: unknown): string {
	return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]?.slice(0, 300) ?? "";
}

/** The extension host also runs VS Code's own extensions, some of which would like to reach the network. */
function isOurs(stack: string): boolean {
	const lines = stack.split("\n");
	return lines.length === 1 || lines.some((line) => line.includes(checkout) && !line.includes("node_modules"));
}
