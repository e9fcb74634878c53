import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The root folder of this checkout, wherever below it the calling bundle lies. */
export const checkout = findUpwards(__dirname, "esbuild.mjs");

function findUpwards(folder: string, name: string): string {
	if (existsSync(join(folder, name))) return folder;
	if (dirname(folder) === folder) throw new Error(`no ${name} above ${__dirname}`);
	return findUpwards(dirname(folder), name);
}
