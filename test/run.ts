// Runs the tests of one folder beside this file in plain Node: `node out/test/run.js unit`.
import { join } from "node:path";
import { findTests } from "./support/findTests";
import { runMocha } from "./support/runMocha";
import { keepEvidence } from "./workbench/harness/evidence";

const timeoutMs = 120_000;

async function main(folder: string): Promise<void> {
	const { failed } = await runMocha(await findTests(join(__dirname, folder)), timeoutMs, keepEvidence);
	process.exit(failed.length > 0 ? 1 : 0); // not whenever the last open handle of a failed test lets go
}

void main(process.argv[2] ?? "unit");
