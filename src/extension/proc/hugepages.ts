import { readProcText } from "./procFile";

/**
 * Huge pages of a size that the pool has and nobody uses, from `/sys/kernel/mm/hugepages` (the kernel's
 * Documentation/admin-guide/mm/hugetlbpage.rst); undefined where there is no such pool.
 */
export function readFreeHugePages(bytes: number): number | undefined {
	try {
		return parsePageCount(readProcText(`/sys/kernel/mm/hugepages/hugepages-${bytes / 1024}kB/free_hugepages`));
	} catch {
		return undefined;
	}
}

/** A number that stands alone in a file of sysfs; undefined when it is none, or cut off. */
export function parsePageCount(text: string): number | undefined {
	const count = /^(\d{1,15})\n$/.exec(text)?.[1];
	return count === undefined ? undefined : Number(count);
}
