/*
 * What the kernel's own interface costs a C program, for the benchmarks to compare with. Prints milliseconds and runs.
 *
 *   scan PID START END    present pages by PAGEMAP_SCAN, 512 regions a call
 *   mincore PATH          runs of cached pages by mincore
 *   run COMMAND...        a command from start to end, its output thrown away
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct region { unsigned long long start, end, categories; };
struct scan {
	unsigned long long size, flags, start, end, walk_end, vec, vec_len, max_pages;
	unsigned long long category_inverted, category_mask, category_anyof_mask, return_mask;
};

static void fail(const char *what) {
	fprintf(stderr, "benchPeer: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now(void) {
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e3 + time.tv_nsec * 1e-6;
}

/* Runs are collected, as a program that shows them would have to. */
static struct region *runs;
static size_t count, capacity;

static void add(unsigned long long start, unsigned long long end, unsigned long long categories) {
	if (count > 0 && runs[count - 1].end == start && runs[count - 1].categories == categories) {
		runs[count - 1].end = end;
		return;
	}
	if (count == capacity) {
		capacity = capacity ? 2 * capacity : 1024;
		runs = realloc(runs, capacity * sizeof *runs);
		if (!runs) fail("realloc");
	}
	runs[count++] = (struct region){ start, end, categories };
}

static void scan(const char *pid, unsigned long long start, unsigned long long end) {
	char path[64];
	snprintf(path, sizeof path, "/proc/%s/pagemap", pid);
	int descriptor = open(path, O_RDONLY);
	if (descriptor < 0) fail(path);
	static struct region regions[512];
	struct scan argument = { .size = sizeof argument, .end = end, .vec = (unsigned long)regions, .vec_len = 512,
		.category_anyof_mask = 0x118, .return_mask = 0x1fc };
	while (start < end) {
		argument.start = start;
		int found = ioctl(descriptor, 0xc0606610, &argument);
		if (found < 0) fail("PAGEMAP_SCAN");
		for (int i = 0; i < found; i++) add(regions[i].start, regions[i].end, regions[i].categories);
		start = argument.walk_end;
	}
	close(descriptor);
}

static void cached(const char *path) {
	long page = sysconf(_SC_PAGESIZE);
	struct stat stat;
	int descriptor = open(path, O_RDONLY);
	if (descriptor < 0 || fstat(descriptor, &stat) < 0) fail(path);
	const size_t window = 1 << 30;
	unsigned char *vector = malloc(window / page);
	for (size_t at = 0; at < (size_t)stat.st_size; at += window) {
		size_t size = (size_t)stat.st_size - at < window ? (size_t)stat.st_size - at : window;
		void *start = mmap(NULL, size, PROT_NONE, MAP_SHARED, descriptor, at);
		if (start == MAP_FAILED || mincore(start, size, vector) < 0) fail("mincore");
		for (size_t i = 0; i < (size + page - 1) / page; i++)
			if (vector[i] & 1) add(at + i * page, at + (i + 1) * page, 1);
		munmap(start, size);
	}
	free(vector);
	close(descriptor);
}

/* From this small process, since one as large as Node takes milliseconds to fork. */
static void run(char **words) {
	int status, nowhere = open("/dev/null", O_WRONLY);
	pid_t child = fork();
	if (child < 0 || nowhere < 0) fail("fork");
	if (child == 0) {
		dup2(nowhere, STDOUT_FILENO);
		execvp(words[0], words);
		fail(words[0]);
	}
	if (waitpid(child, &status, 0) < 0 || status != 0) fail(words[0]);
}

static void work(char **arguments) {
	count = 0;
	if (strcmp(arguments[1], "scan") == 0)
		scan(arguments[2], strtoull(arguments[3], NULL, 16), strtoull(arguments[4], NULL, 16));
	else
		cached(arguments[2]);
}

int main(int argc, char **argv) {
	if (argc < 3) return 2;
	double start = now();
	if (strcmp(argv[1], "run") == 0) {
		run(argv + 2);
	} else {
		/* Once for nothing: then there is memory for the runs, and what the kernel walks is in the processor's caches. */
		work(argv);
		start = now();
		work(argv);
	}
	printf("%.3f %zu\n", now() - start, count);
	return 0;
}
