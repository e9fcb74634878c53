import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { checkout } from "./checkout";

/** The processes recorded under `test/fixtures`; see its README. */
export const recordedPrograms = ["shell", "python", "node", "java", "rust", "postgres", "chromium", "target"] as const;
export type RecordedProgram = (typeof recordedPrograms)[number];

/** Page size of the machine that the recordings come from. */
export const recordedPageSize = 4096;

/** The bytes of one recorded kernel file. */
export function recorded(program: RecordedProgram, file: string): Buffer {
	const path = join(checkout, "test/fixtures", program, file);
	return existsSync(path) ? readFileSync(path) : gunzipSync(readFileSync(`${path}.gz`));
}
