import { MapscopeError } from "../../shared/errors";
import { addressToPage } from "../../shared/units";
import { PageRunList, pageCategory } from "../base/pageCategories";
import { libc } from "../native/libc";
import { clearSoftDirty } from "../proc/clearRefs";
import { closePagemap, openPagemap, readPagemap } from "../proc/pagemap";

let known: boolean | undefined;

/**
 * Whether the kernel keeps note of written pages (CONFIG_MEM_SOFT_DIRTY), found out by writing a page of our own: asking
 * for it succeeds everywhere, and only a page that is known to be written tells whether the answer means anything.
 */
export function kernelNotesWrites(pageSize: number): boolean {
	known ??= testWrites(pageSize);
	return known;
}

function testWrites(pageSize: number): boolean {
	try {
		const memory = Buffer.alloc(3 * pageSize, 1);
		const page = addressToPage(libc().address(memory), pageSize) + 1;
		const descriptor = openPagemap("self");
		try {
			const runs = new PageRunList();
			readPagemap(descriptor, "/proc/self/pagemap", page, page + 1, 0, runs);
			// The buffer is used once more, so that it lives until its page was looked at.
			return memory.length > 0 && (runs.categoriesAt(page) & pageCategory.softDirty) !== 0;
		} finally {
			closePagemap(descriptor);
		}
	} catch (error) {
		if (error instanceof MapscopeError && error.code !== "bug") return false;
		throw error;
	}
}

/** Begins noting writes anew; whether that was allowed. Errors: `processGone`, `io`. */
export function noteWritesFromNow(owner: number): boolean {
	try {
		clearSoftDirty(owner);
		return true;
	} catch (error) {
		if (error instanceof MapscopeError && error.code === "permissionDenied") return false;
		throw error;
	}
}
