import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Absolute paths of the compiled test files anywhere below a folder, sorted. */
export async function findTests(folder: string): Promise<string[]> {
	const paths = await readdir(folder, { recursive: true });
	return paths
		.filter((path) => path.endsWith(".test.js"))
		.sort()
		.map((path) => join(folder, path));
}
