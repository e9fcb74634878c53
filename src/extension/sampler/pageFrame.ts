import { MapscopeError } from "../../shared/errors";
import type { PageFrame } from "../../shared/pageFrame";
import { readMapCount } from "../proc/kpagecount";
import { readFrameFlags } from "../proc/kpageflags";
import { closePagemap, openPagemap, readFrame } from "../proc/pagemap";

/**
 * The physical memory behind a page now. What this user may not know is absent, with the reason.
 *
 * @param owner see `memoryOwner`.
 * Errors: `processGone`, `io`.
 */
export function readPageFrame(owner: number, page: number): PageFrame {
	const known: { frame?: number } = {};
	try {
		const frame = frameOf(owner, page);
		if (frame === undefined) return { flags: [], reason: "notPresent" };
		if (frame === 0) return { flags: [], reason: "notPermitted" };
		known.frame = frame;
		const flags = readFrameFlags(frame);
		const mapCount = readMapCount(frame);
		return { frame, flags, ...(mapCount === undefined ? {} : { mapCount }) };
	} catch (error) {
		const reason = refusal(error);
		if (reason === undefined) throw error;
		return { ...known, flags: [], reason };
	}
}

function frameOf(owner: number, page: number): number | undefined {
	const descriptor = openPagemap(owner);
	try {
		return readFrame(descriptor, `/proc/${owner}/pagemap`, page);
	} finally {
		closePagemap(descriptor);
	}
}

function refusal(error: unknown): PageFrame["reason"] {
	if (!(error instanceof MapscopeError)) return undefined;
	if (error.code === "permissionDenied") return "notPermitted";
	// Kernels without CONFIG_PROC_PAGE_MONITOR have no such file.
	return error.code === "io" && error.errno === "ENOENT" ? "unsupported" : undefined;
}
