/*
 * Maps pages of the hugetlb pool, says where they are, and waits. As target.c, it prints `name start end` lines and then
 * `ready`; `touch` touches one more huge page of `private`. It needs five free huge pages of the default size.
 *
 * usage: hugePages FOLDER
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void fail(const char *what) {
	perror(what);
	exit(1);
}

static size_t huge_page(void) {
	char line[256];
	unsigned long size = 0;
	FILE *file = fopen("/proc/meminfo", "r");
	while (file && fgets(line, sizeof line, file))
		if (sscanf(line, "Hugepagesize: %lu kB", &size) == 1) break;
	if (file) fclose(file);
	return size * 1024;
}

static void say(const char *name, char *start, size_t bytes) {
	printf("%s %lx %lx\n", name, (unsigned long)start, (unsigned long)(start + bytes));
}

int main(void) {
	size_t page = huge_page();
	char *private = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	if (private == MAP_FAILED) fail("mmap");
	private[0] = private[2 * page] = 1;
	say("private", private, 3 * page);

	int descriptor = memfd_create("huge", MFD_HUGETLB);
	if (descriptor < 0 || ftruncate(descriptor, 2 * page) < 0) fail("memfd");
	char *shared = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
	if (shared == MAP_FAILED) fail("mmap memfd");
	shared[page] = 1;
	say("shared", shared, 2 * page);

	puts("ready");
	fflush(stdout);
	char line[64];
	while (fgets(line, sizeof line, stdin)) {
		if (strcmp(line, "touch\n") == 0) private[page] = 1;
		puts("done");
		fflush(stdout);
	}
	return 0;
}
