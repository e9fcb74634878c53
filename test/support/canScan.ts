import { PageRunList } from "../../src/extension/base/pageCategories";
import { scanPagemap } from "../../src/extension/native/pagemapScan";
import { closePagemap, openPagemap } from "../../src/extension/proc/pagemap";
import { readPageSize } from "../../src/extension/proc/system";

/** Whether PAGEMAP_SCAN works on this kernel: not before Linux 6.7. */
export function canScan(): boolean {
	const descriptor = openPagemap("self");
	try {
		scanPagemap(descriptor, "/proc/self/pagemap", 16, 32, readPageSize(), new PageRunList());
		return true;
	} catch {
		return false;
	} finally {
		closePagemap(descriptor);
	}
}
