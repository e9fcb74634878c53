import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { toErrorData } from "../../../shared/errors";
import type { Demo, ParameterValues } from "../../../shared/labDemo";
import { sameSide } from "../../../shared/labFiles";
import { type FileResult, type FileSide, fileHeadBytes } from "../../../shared/labResult";
import type { Log } from "../../base/log";
import { demos } from "../demos";
import { evaluateConstant } from "../language/evaluate";
import { errnoOf } from "./openFolder";
import { ScratchFolder, type ScratchFolderOptions } from "./scratchFolder";

/** The files of a demo at one time, by the parameter that names each. */
export type FileSight = ReadonlyMap<string, { readonly path: string; readonly side: FileSide }>;

/** What scratch files need: places, locks, and a log for what could not be removed. */
export interface ScratchOptions extends Pick<ScratchFolderOptions, "places" | "tryLock"> {
	readonly log: Log;
}

/** The scratch files of one opened demo, in a folder of their own. */
export class ScratchFiles {
	#folder: ScratchFolder | undefined;

	constructor(
		private readonly demo: Demo,
		private readonly options: ScratchOptions,
	) {}

	/**
	 * Makes the scratch files anew, each for a parameter that has no value. Resolves with the values of all parameters, those
	 * of files being paths. Rejects with `unsupported` (feature `labScratch`) or `io`.
	 */
	async make(chosen: ParameterValues, pageSize: number): Promise<ParameterValues> {
		await this.remove();
		const values: Record<string, string | number> = {};
		const files = new Map<string, Uint8Array>();
		const page = (name: string) => (name === "page" ? BigInt(pageSize) : undefined);
		for (const parameter of this.demo.parameters ?? []) {
			const { name } = parameter;
			const value = chosen[name];
			if (value !== undefined) values[name] = value;
			else if (parameter.kind === "text") values[name] = parameter.initial;
			else if (parameter.kind === "number") values[name] = Number(evaluateConstant(parameter.initial, page));
			else {
				const text = Buffer.from(parameter.scratch.text);
				const size = Number(evaluateConstant(parameter.scratch.size ?? text.length, page));
				files.set(name, Buffer.concat([text, Buffer.alloc(Math.max(0, size - text.length))]));
			}
		}
		if (files.size === 0) return values;
		const folder = await this.#makeFolder(files);
		for (const name of files.keys()) values[name] = join(folder.path, scratchName(name));
		return values;
	}

	/** Size and first bytes of each file of the demo, as any other program sees them. */
	async look(values: ParameterValues): Promise<FileSight> {
		const seen = new Map<string, { readonly path: string; readonly side: FileSide }>();
		for (const { kind, name } of this.demo.parameters ?? []) {
			const path = values[name];
			if (kind === "file" && typeof path === "string") seen.set(name, { path, side: await readSide(path) });
		}
		return seen;
	}

	/** Removes the files and their folder. One that cannot be removed stays: the log says so, and nothing else fails. */
	async remove(): Promise<void> {
		const folder = this.#folder;
		this.#folder = undefined;
		try {
			await folder?.remove();
		} catch (error) {
			if (errnoOf(error) === undefined) throw error;
			this.options.log.warn(`scratch files in ${folder?.path}: ${error}`);
		}
	}

	/** @param files by the parameter that names each. */
	async #makeFolder(files: ReadonlyMap<string, Uint8Array>): Promise<ScratchFolder> {
		const { places, tryLock } = this.options;
		const names = new Set([...demos, this.demo].flatMap(scratchNames));
		const named = new Map([...files].map(([name, bytes]) => [scratchName(name), bytes]));
		this.#folder = await ScratchFolder.make({ places, tryLock, names }, named);
		return this.#folder;
	}
}

/** The name of the file that a parameter names. */
const scratchName = (parameter: string): string => `${parameter}.txt`;

function scratchNames({ parameters = [] }: Demo): string[] {
	return parameters.flatMap(({ kind, name }) => (kind === "file" ? [scratchName(name)] : []));
}

/**
 * Each file before and after a step.
 *
 * @param former what the step before has shown of the files: whoever has changed one since was not the lab.
 */
export function compareFiles(before: FileSight, after: FileSight, former: readonly FileResult[]): FileResult[] {
	return [...after].map(([name, { path, side }]) => {
		const own = before.get(name)?.side ?? side;
		const left = former.find((file) => file.name === name && file.path === path)?.after;
		const meanwhile = left !== undefined && !sameSide(left, own);
		return { name, path, ...(meanwhile ? { earlier: left } : {}), before: own, after: side };
	});
}

async function readSide(path: string): Promise<FileSide> {
	try {
		const status = await stat(path);
		// Never opened: opening a FIFO waits for its writer, and opening a device may do anything.
		if (!status.isFile()) return { error: { code: "io", path, errno: status.isDirectory() ? "EISDIR" : "ESPIPE" } };
		const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
		try {
			const { size } = await file.stat();
			const head = Buffer.alloc(Math.min(fileHeadBytes, size));
			const { bytesRead } = await file.read(head, 0, head.length, 0);
			return { size, head: Uint8Array.from(head.subarray(0, bytesRead)) };
		} finally {
			await file.close();
		}
	} catch (error) {
		const errno = errnoOf(error);
		if (errno === undefined) return { error: toErrorData(error) };
		return { error: { code: errno === "EACCES" ? "permissionDenied" : "io", path, errno } };
	}
}
