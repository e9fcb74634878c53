/**
 * The two-letter codes of `VmFlags` in `/proc/PID/smaps`, as proc_pid_smaps(5) and the kernel's
 * `fs/proc/task_mmu.c` have them. The list is open: kernels add codes.
 */
const meanings: Readonly<Record<string, string>> = {
	rd: "may be read",
	wr: "may be written",
	ex: "may be executed",
	sh: "shared",
	mr: "mprotect may allow reading",
	mw: "mprotect may allow writing",
	me: "mprotect may allow executing",
	ms: "may be shared",
	gd: "grows downwards",
	pf: "page frames without bookkeeping (a device or the kernel)",
	dw: "writing to the file was denied while mapped",
	lo: "locked in memory",
	lf: "locked page by page as they are touched",
	io: "memory of a device",
	sr: "will be read in sequence",
	rr: "will be read at random",
	dc: "not copied on fork",
	de: "may not grow by mremap",
	ac: "counts towards the commit limit",
	nr: "does not reserve swap",
	ht: "huge pages from the hugetlb pool",
	sf: "writes reach persistent memory at once (MAP_SYNC)",
	nl: "non-linear",
	ar: "flag of this processor architecture",
	wf: "wiped on fork",
	dd: "left out of core dumps",
	bt: "branch targets are guarded (arm64 BTI)",
	sd: "written since the last reset of the soft-dirty bits",
	mm: "mixes pages with and without bookkeeping",
	hg: "huge pages are wanted",
	nh: "huge pages are not wanted",
	mg: "equal pages may be merged (KSM)",
	um: "userfaultfd handles missing pages",
	uw: "userfaultfd tracks writes",
	ui: "userfaultfd handles minor faults",
	mt: "memory tags (arm64 MTE)",
	ss: "shadow stack",
	dp: "may be dropped under memory pressure",
	sl: "sealed: cannot be changed or unmapped",
	gu: "holds, or has held, guard pages",
	mp: "bounds tables (Intel MPX)",
	"??": "a flag without a name",
};

/** What a code means, in words; unknown codes say so. */
export function vmFlagMeaning(code: string): string {
	return meanings[code] ?? "a flag that this version does not know";
}
