// Runs the tests of one folder beside this file in plain Node: `node out/test/run.js unit`.
import { join } from "node:path";
import { findTests } from "./support/findTests";
import { runMocha } from "./support/runMocha";
import { keepEvidence } from "./workbench/harness/evidence";

const timeoutMs = 150_000;

/**
 * A workbench is VS Code, a browser and a server, which do many things at once: focus that moves late or a list that is drawn
 * anew between two clicks may spoil a test once. What is broken fails twice.
 */
const retriesInWorkbench = 1;

async function main(folder: string): Promise<void> {
	const retries = folder.startsWith("workbench") ? retriesInWorkbench : 0;
	const files = await findTests(join(__dirname, folder));
	const { failed } = await runMocha(files, { timeoutMs, retries, afterFailure: keepEvidence });
	process.exit(failed.length > 0 ? 1 : 0); // not whenever the last open handle of a failed test lets go
}

void main(process.argv[2] ?? "unit");
