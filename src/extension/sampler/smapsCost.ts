/**
 * The kernel holds a process's memory lock while it makes `smaps`: what would take longer than this is read on request
 * only, since the process waits meanwhile.
 */
export const cheapSmapsMilliseconds = 100;

/** Measured on Linux 6.18: 195 ms for 65,024 mappings, 48 ms for 2^20 resident pages. */
const millisecondsPerMapping = 0.003;
const millisecondsPerPage = 5e-5;

/** What `smaps` of a process usually costs, ms. */
export function usualSmapsCost(mappings: number, residentBytes: number, pageSize: number): number {
	return mappings * millisecondsPerMapping + (residentBytes / pageSize) * millisecondsPerPage;
}
