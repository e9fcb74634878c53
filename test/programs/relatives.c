/*
 * Two processes that share memory since a fork. Talks like target.c; besides the ranges, which are at the same addresses
 * in both, it prints `child PID PID` with the child's pid in hexadecimal.
 *
 * - `forked`: pages 0 to 3 were written before the fork; `write` makes the child write to page 1.
 * - `mixed`: pages 0 to 3 were written, pages 8 and 9 only read before the fork.
 * - `zero`: both have read pages 2 and 3, nobody has written.
 * - `own`: the child has written pages 0 and 1 after the fork.
 * - `copied`: a file of 4 pages mapped privately; page 0 was written before the fork, page 1 only read.
 * - `file`, `anonymous`: a file mapped shared and shared memory without a file, 4 pages each; both have touched page 0.
 *
 * usage: relatives FOLDER   (a folder for its files)
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

static long page;

static void fail(const char *what) {
	perror(what);
	exit(1);
}

/* Between two PROT_NONE pages, since private anonymous mappings merge with their neighbours. */
static char *island(const char *name, size_t pages) {
	char *reserved = mmap(NULL, (pages + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (reserved == MAP_FAILED) fail("mmap");
	char *inner = reserved + page;
	if (mprotect(inner, pages * page, PROT_READ | PROT_WRITE) < 0) fail("mprotect");
	madvise(inner, pages * page, MADV_NOHUGEPAGE);
	printf("%s %lx %lx\n", name, (unsigned long)inner, (unsigned long)(inner + pages * page));
	return inner;
}

static char *map_file(const char *folder, const char *name, int flags) {
	char path[4096];
	snprintf(path, sizeof path, "%s/%s.bin", folder, name);
	int descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
	if (descriptor < 0 || ftruncate(descriptor, 4 * page) < 0) fail(path);
	char *start = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, flags, descriptor, 0);
	if (start == MAP_FAILED) fail(path);
	madvise(start, 4 * page, MADV_RANDOM);
	close(descriptor);
	printf("%s %lx %lx\n", name, (unsigned long)start, (unsigned long)(start + 4 * page));
	return start;
}

int main(int count, char **arguments) {
	if (count < 2) return 2;
	page = sysconf(_SC_PAGESIZE);
	volatile char sink = 0;

	char *forked = island("forked", 16);
	for (int i = 0; i < 4; i++) forked[i * page] = 1;
	char *mixed = island("mixed", 16);
	for (int i = 0; i < 4; i++) mixed[i * page] = 1;
	sink += mixed[8 * page] + mixed[9 * page];
	char *zero = island("zero", 8);
	char *own = island("own", 8);
	char *copied = map_file(arguments[1], "copied", MAP_PRIVATE);
	copied[0] = 1;
	sink += copied[page];
	char *file = map_file(arguments[1], "file", MAP_SHARED);
	char *anonymous = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (anonymous == MAP_FAILED) fail("mmap");
	printf("anonymous %lx %lx\n", (unsigned long)anonymous, (unsigned long)(anonymous + 4 * page));
	fflush(stdout);

	int to_child[2], to_parent[2];
	if (pipe(to_child) < 0 || pipe(to_parent) < 0) fail("pipe");
	pid_t child = fork();
	if (child < 0) fail("fork");
	sink += zero[2 * page] + zero[3 * page];
	file[0] = anonymous[0] = 1;
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(to_child[1]);
		own[0] = own[page] = 1;
		char byte = 0;
		do {
			if (byte == 'w') forked[page] = 2;
			if (write(to_parent[1], "a", 1) != 1) _exit(1);
		} while (read(to_child[0], &byte, 1) == 1);
		_exit(sink & 0);
	}
	close(to_child[0]);
	char answer;
	if (read(to_parent[0], &answer, 1) != 1) fail("child");
	printf("child %lx %lx\nready\n", (unsigned long)child, (unsigned long)child);
	fflush(stdout);
	char line[64];
	while (fgets(line, sizeof line, stdin)) {
		if (strcmp(line, "write\n") == 0 && write(to_child[1], "w", 1) == 1)
			if (read(to_parent[0], &answer, 1) != 1) fail("child");
		puts("done");
		fflush(stdout);
	}
	return sink & 0;
}
