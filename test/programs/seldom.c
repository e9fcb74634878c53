/*
 * Maps memory in states that few programs have, and says where, as target.c does: written to and then closed to access,
 * locked, freed lazily, of equal pages, transparent huge, protected or poisoned by userfaultfd, sealed, droppable. What the
 * kernel refuses is left out. On `pageout` the pages of `swappable` are sent to swap, where there is some.
 *
 * usage: seldom FOLDER
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than some headers. */
#ifndef MAP_DROPPABLE
#define MAP_DROPPABLE 0x08
#endif
#ifndef SYS_mseal
#define SYS_mseal 462
#endif
#define FEATURE_POISON (1 << 14)
#define FEATURE_WP_ASYNC (1 << 15)
#define FEATURE_WP_UNPOPULATED (1 << 13)
struct poison { struct uffdio_range range; uint64_t mode; int64_t updated; };
#define IOCTL_POISON _IOWR(UFFDIO, 0x08, struct poison)

static long page;

static void say(const char *name, char *start, size_t pages) {
	printf("%s %lx %lx\n", name, (unsigned long)start, (unsigned long)(start + pages * page));
}

/* As in target.c: neighbours would merge. */
static char *island(size_t pages) {
	char *reserved = mmap(NULL, (pages + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *inner = mmap(reserved + page, pages * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	madvise(inner, pages * page, MADV_NOHUGEPAGE);
	return inner;
}

static char *written(size_t pages) {
	char *start = island(pages);
	for (size_t i = 0; i < pages; i++) memset(start + i * page, (int)i + 1, page);
	return start;
}

static int open_userfaultfd(uint64_t features) {
	/* For faults of user space alone no privilege is needed. */
	int descriptor = syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	if (descriptor < 0 || ioctl(descriptor, UFFDIO_API, &api) < 0) return -1;
	return descriptor;
}

static int watch(int descriptor, char *start, size_t pages, uint64_t mode) {
	struct uffdio_register all = { .range = { (uintptr_t)start, pages * page }, .mode = mode };
	return descriptor < 0 ? -1 : ioctl(descriptor, UFFDIO_REGISTER, &all);
}

int main(void) {
	page = sysconf(_SC_PAGESIZE);

	char *taken = written(4);
	mprotect(taken, 4 * page, PROT_NONE);
	say("taken", taken, 4);

	char *locked = island(4);
	if (mlock(locked, 4 * page) == 0) say("locked", locked, 4);
	char *onFault = island(4);
	if (mlock2(onFault, 4 * page, 1) == 0) {
		onFault[page] = 1;
		say("lockedOnFault", onFault, 4);
	}

	/* The kernel counts in batches of each processor: these and many after them. */
	char *lazy = written(256);
	written(256);
	if (madvise(lazy, 256 * page, MADV_FREE) == 0) say("lazy", lazy, 256);

	char *equal = island(8);
	memset(equal, 0x5a, 8 * page);
	if (madvise(equal, 8 * page, MADV_MERGEABLE) == 0) say("equal", equal, 8);

	size_t hugeSize = 2 << 20;
	char *wide = mmap(NULL, 3 * hugeSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *huge = (char *)(((uintptr_t)wide + hugeSize - 1) & ~(hugeSize - 1));
	if (madvise(huge, hugeSize, MADV_HUGEPAGE) == 0) {
		huge[0] = 1;
		say("huge", huge, hugeSize / page);
	}

	/* Page 0 is there and protected, 1 to 3 are protected though absent, 4 to 7 are plain. */
	char *protected = island(8);
	protected[0] = protected[7 * page] = 1;
	int tracker = open_userfaultfd(FEATURE_WP_ASYNC | FEATURE_WP_UNPOPULATED);
	struct uffdio_writeprotect protect = { .range = { (uintptr_t)protected, 4 * page }, .mode = UFFDIO_WRITEPROTECT_MODE_WP };
	if (watch(tracker, protected, 8, UFFDIO_REGISTER_MODE_WP) == 0 && ioctl(tracker, UFFDIO_WRITEPROTECT, &protect) == 0)
		say("protected", protected, 8);

	char *poisoned = island(4);
	poisoned[0] = 1;
	int handler = open_userfaultfd(FEATURE_POISON);
	struct poison poison = { .range = { (uintptr_t)(poisoned + page), page } };
	if (watch(handler, poisoned, 4, UFFDIO_REGISTER_MODE_MISSING) == 0 && ioctl(handler, IOCTL_POISON, &poison) == 0)
		say("poisoned", poisoned, 4);

	char *swappable = written(4);
	say("swappable", swappable, 4);

	char *droppable = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_DROPPABLE | MAP_ANONYMOUS, -1, 0);
	if (droppable != MAP_FAILED) say("droppable", droppable, 4);

	char *sealed = island(4);
	if (syscall(SYS_mseal, sealed, 4 * page, 0) == 0) say("sealed", sealed, 4);

	char *advised = written(4);
	madvise(advised, 4 * page, MADV_DONTFORK);
	madvise(advised, 4 * page, MADV_DONTDUMP);
	madvise(advised, 4 * page, MADV_WIPEONFORK);
	madvise(advised, 4 * page, MADV_SEQUENTIAL);
	say("advised", advised, 4);

	puts("ready");
	fflush(stdout);
	char line[64];
	while (fgets(line, sizeof line, stdin)) {
		if (strcmp(line, "pageout\n") == 0) madvise(swappable, 3 * page, MADV_PAGEOUT);
		puts("done");
		fflush(stdout);
	}
	return 0;
}
