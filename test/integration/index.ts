import { findTests } from "../support/findTests";
import { runMocha } from "../support/runMocha";

/**
 * What VS Code calls in its extension host when it is started for a test run. Tests named `*.nobody.test.ts` are about
 * a user without privileges: as root they are left out, and run once more in a host of their own, as such a user.
 */
export async function run(): Promise<void> {
	const { MAPSCOPE_SERVER_USER } = process.env;
	const isRoot = process.getuid?.() === 0;
	const files = (await findTests(__dirname)).filter((path) => {
		const aboutNobody = path.endsWith(".nobody.test.js");
		return isRoot ? !aboutNobody : aboutNobody || MAPSCOPE_SERVER_USER === undefined;
	});
	const { failed } = await runMocha(files, { timeoutMs: 150_000 });
	if (failed.length > 0) throw new Error(`${failed.length} failed`);
}
