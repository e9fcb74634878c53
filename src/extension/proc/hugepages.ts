import { readProcText } from "./procFile";

/**
 * Huge pages of a size that the pool has and nobody uses, from `/sys/kernel/mm/hugepages` (the kernel's
 * Documentation/admin-guide/mm/hugetlbpage.rst); undefined where there is no such pool.
 */
export function readFreeHugePages(bytes: number): number | undefined {
	try {
		const text = readProcText(`/sys/kernel/mm/hugepages/hugepages-${bytes / 1024}kB/free_hugepages`);
		return Number(text.trim());
	} catch {
		return undefined;
	}
}
