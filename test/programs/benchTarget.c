/*
 * Address spaces for the benchmarks. Maps what its arguments say, prints `ready`, and waits for the end of its input.
 *
 *   many N          N mappings of one page each, every other one present
 *   sparse GIB N    GIB reserved, N pages touched, evenly spread
 *   dense MIB       MIB mapped, every other page touched: a run per page
 *   file PATH MIB   a file of MIB, half of it in the page cache, mapped
 *   children N      N processes that sleep
 *   work N          N mappings; then maps, touches and unmaps without end, and prints how often, ten times a second
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static long page;

static void fail(const char *what) {
	fprintf(stderr, "benchTarget: %s: %s\n", what, strerror(errno));
	exit(1);
}

static char *map(size_t size, int flags) {
	char *start = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
	if (start == MAP_FAILED) fail("mmap");
	madvise(start, size, MADV_NOHUGEPAGE);
	return start;
}

static void many(long count) {
	char *start = map(count * page, 0);
	for (long i = 0; i < count; i += 2) {
		start[i * page] = 1;
		if (mprotect(start + i * page, page, PROT_READ) < 0) fail("mprotect");
	}
}

static void sparse(long gib, long count) {
	size_t size = (size_t)gib << 30;
	char *start = map(size, MAP_NORESERVE);
	for (long i = 0; i < count; i++) start[size / count / page * page * i] = 1;
	printf("range %lx %lx\n", (unsigned long)start, (unsigned long)(start + size));
}

static void dense(long mib) {
	size_t size = (size_t)mib << 20;
	char *start = map(size, MAP_NORESERVE);
	for (size_t at = 0; at < size; at += 2 * page) start[at] = 1;
	printf("range %lx %lx\n", (unsigned long)start, (unsigned long)(start + size));
}

static void file(const char *path, long mib) {
	size_t size = (size_t)mib << 20;
	int descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (descriptor < 0 || ftruncate(descriptor, size) < 0) fail(path);
	/* Holes are cached like data, and cost no disk. Every other MiB is read, so that there are runs to find. */
	posix_fadvise(descriptor, 0, 0, POSIX_FADV_RANDOM);
	char *bytes = malloc(1 << 20);
	for (size_t at = 0; at < size; at += 2 << 20)
		if (pread(descriptor, bytes, 1 << 20, at) < 0) fail("pread");
	free(bytes);
	if (mmap(NULL, size, PROT_READ, MAP_SHARED, descriptor, 0) == MAP_FAILED) fail("mmap file");
}

static void children(long count) {
	for (long i = 0; i < count; i++) {
		pid_t child = fork();
		if (child < 0) fail("fork");
		if (child == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (;;) pause();
		}
	}
}

static double now(void) {
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec * 1e-9;
}

static void work(void) {
	double next = now() + 0.1;
	for (long rounds = 0;; rounds++) {
		char *start = map(16 * page, 0);
		for (int i = 0; i < 16; i++) start[i * page] = 1;
		munmap(start, 16 * page);
		if (rounds % 64 == 0 && now() >= next) {
			printf("%ld\n", rounds);
			fflush(stdout);
			rounds = 0;
			next = now() + 0.1;
		}
	}
}

int main(int count, char **arguments) {
	if (count < 3) return 2;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	page = sysconf(_SC_PAGESIZE);
	const char *mode = arguments[1];
	if (strcmp(mode, "many") == 0 || strcmp(mode, "work") == 0) many(atol(arguments[2]));
	if (strcmp(mode, "sparse") == 0) sparse(atol(arguments[2]), atol(arguments[3]));
	if (strcmp(mode, "dense") == 0) dense(atol(arguments[2]));
	if (strcmp(mode, "file") == 0) file(arguments[2], atol(arguments[3]));
	if (strcmp(mode, "children") == 0) children(atol(arguments[2]));
	puts("ready");
	fflush(stdout);
	if (strcmp(mode, "work") == 0) work();
	while (getchar() != EOF) continue;
	kill(0, SIGTERM);
	return 0;
}
