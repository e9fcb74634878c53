/*
 * Memory on chosen nodes of a machine that has several. Talks like target.c; move_pages(2) has confirmed each page's node.
 *
 * - `first`: 8 pages, of which 6 are written, all on node 0 (MPOL_BIND).
 * - `second`: 8 pages, of which 5 are written, all on node 1.
 * - `both`: 8 pages, all written, 4 on each node (MPOL_INTERLEAVE).
 * - `shared`: the same of shared memory, with node 1 preferred (MPOL_PREFERRED).
 *
 * usage: nodes FOLDER   (which it does not use)
 */
#define _GNU_SOURCE
#include <linux/mempolicy.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static long page;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void map(const char *name, int flags, int policy, unsigned long nodes, long written, const long expected[2])
{
	enum { pages = 8 };
	char *reserved = mmap(NULL, (pages + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (reserved == MAP_FAILED) fail("mmap");
	char *start = mmap(reserved + page, pages * page, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	if (start == MAP_FAILED) fail("mmap");
	madvise(start, pages * page, MADV_NOHUGEPAGE);
	if (syscall(SYS_mbind, start, pages * page, policy, &nodes, 8 * sizeof nodes, 0) != 0) fail("mbind");
	void *addresses[pages];
	int places[pages];
	for (long i = 0; i < written; i++) start[i * page] = 1;
	for (long i = 0; i < written; i++) addresses[i] = start + i * page;
	if (syscall(SYS_move_pages, 0, written, addresses, NULL, places, 0) != 0) fail("move_pages");
	long found[2] = {0, 0};
	for (long i = 0; i < written; i++) found[places[i] == 1]++;
	if (found[0] != expected[0] || found[1] != expected[1]) {
		fprintf(stderr, "%s is on other nodes: %ld and %ld pages\n", name, found[0], found[1]);
		exit(1);
	}
	printf("%s %lx %lx\n", name, (unsigned long)start, (unsigned long)(start + pages * page));
}

int main(void)
{
	page = sysconf(_SC_PAGESIZE);
	map("first", MAP_PRIVATE, MPOL_BIND, 1, 6, (long[]){6, 0});
	map("second", MAP_PRIVATE, MPOL_BIND, 2, 5, (long[]){0, 5});
	map("both", MAP_PRIVATE, MPOL_INTERLEAVE, 3, 8, (long[]){4, 4});
	map("shared", MAP_SHARED, MPOL_PREFERRED, 2, 8, (long[]){0, 8});
	puts("ready");
	fflush(stdout);
	while (getchar() != EOF) continue;
	return 0;
}
