import { tmpdir } from "node:os";
import { findDemo } from "../../src/extension/lab/demos";
import { Lab } from "../../src/extension/lab/lab";
import { scratchPlaces } from "../../src/extension/lab/scratch/privateFolder";
import { createSamplerService } from "../../src/extension/sampler/service";
import { readSystemInfo } from "../../src/extension/sampler/system";
import { toErrorData } from "../../src/shared/errors";

/**
 * A host of the lab in a process of its own, for tests that kill it or take its memory: `labHost PROGRAM DEMO STEPS`
 * waits for a line, runs so many steps, prints `{ pids }` or `{ error }`, and stays.
 */
async function main([program = "", demoId = "", steps = "0"]: readonly string[]): Promise<void> {
	const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
	const lab = new Lab({
		program,
		log,
		sampler: createSamplerService(readSystemInfo()),
		scratchPlaces: scratchPlaces(process.env, tmpdir()),
	});
	const demo = findDemo(demoId);
	if (demo === undefined) throw new Error(`no demo ${demoId}`);
	const session = await lab.open(demo);
	try {
		for (let i = 0; i < Number(steps); i++) await session.step();
		say({ pids: session.state.processes.map(({ pid }) => pid) });
	} catch (error) {
		say({ error: toErrorData(error) });
	}
}

function say(message: object): void {
	process.stdout.write(`${JSON.stringify(message)}\n`);
}

// A test that fails leaves its hosts behind: they end with it.
process.stdin.on("end", () => process.exit());
process.stdout.write("ready\n");
process.stdin.once("data", () => void main(process.argv.slice(2)));
