// Runs the tests of folders beside this one in the virtual machine of `npm run test:kernel`: `node main.js unit/proc …`.
import { join } from "node:path";
import { findTests } from "../support/findTests";
import { runMocha } from "../support/runMocha";

/** An emulated processor is some twenty times as slow as a real one. */
const timeoutMs = 180_000;

async function main(folders: readonly string[]): Promise<void> {
	const files = await Promise.all(folders.map((folder) => findTests(join(__dirname, "..", folder))));
	const afterFailure = async (_title: string, error: unknown) => {
		// At once, since the end of it all is far.
		console.error(error instanceof Error ? error.stack : error);
	};
	const { failed } = await runMocha(files.flat(), { timeoutMs, afterFailure });
	process.exit(failed.length > 0 ? 1 : 0);
}

void main(process.argv.slice(2));
