/*
 * Writes to pages when it is told to. Talks like target.c. Each range lies between two PROT_NONE pages, and all of its
 * pages have been written, but those of `copied`, which have been read:
 *
 * - `private`: 16 pages of private memory, of which the last is missing until `grow` maps it.
 * - `shared`: 8 pages of shared memory without a file.
 * - `file`: a file of 4 pages, mapped shared.
 * - `copied`: the same file, mapped privately.
 *
 * Commands: `write RANGE PAGE`, `same RANGE PAGE` (writes what is there), `read RANGE PAGE`, `grow`. Each is answered by `done`.
 *
 * usage: writes FOLDER   (a folder for its file)
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static long page;
static struct {
	const char *name;
	long pages;
	volatile char *start;
} ranges[] = {{"private", 16, NULL}, {"shared", 8, NULL}, {"file", 4, NULL}, {"copied", 4, NULL}};

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void map(int index, long pages, int flags, int file)
{
	char *reserved = mmap(NULL, (ranges[index].pages + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (reserved == MAP_FAILED) fail("mmap");
	char *start = mmap(reserved + page, pages * page, PROT_READ | PROT_WRITE, flags | MAP_FIXED, file, 0);
	if (start == MAP_FAILED) fail("mmap");
	madvise(start, pages * page, MADV_NOHUGEPAGE);
	ranges[index].start = start;
	volatile char sum = 0;
	for (long i = 0; i < pages; i++) {
		if (index == 3) sum += start[i * page];
		else start[i * page] = 1;
	}
	printf("%s %lx %lx\n", ranges[index].name, (unsigned long)start, (unsigned long)(start + ranges[index].pages * page));
}

int main(int argc, char **argv)
{
	if (argc < 2) return 2;
	page = sysconf(_SC_PAGESIZE);
	char path[4096];
	snprintf(path, sizeof path, "%s/file", argv[1]);
	int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (file < 0 || ftruncate(file, 4 * page) != 0) fail(path);
	map(0, 15, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	map(1, 8, MAP_SHARED | MAP_ANONYMOUS, -1);
	map(2, 4, MAP_SHARED, file);
	map(3, 4, MAP_PRIVATE, file);
	puts("ready");
	fflush(stdout);

	char line[64], command[16], name[16];
	long at;
	while (fgets(line, sizeof line, stdin)) {
		if (strcmp(line, "grow\n") == 0) {
			char *end = (char *)ranges[0].start + 15 * page;
			char *grown = mmap(end, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
			if (grown != end) fail("mmap");
			madvise(grown, page, MADV_NOHUGEPAGE); // like its neighbour, with which it becomes one mapping
		} else if (sscanf(line, "%15s %15s %ld", command, name, &at) == 3) {
			for (int i = 0; i < 4; i++) {
				if (strcmp(ranges[i].name, name) != 0) continue;
				volatile char *byte = ranges[i].start + at * page;
				char value = *byte;
				if (strcmp(command, "write") == 0) *byte = value + 1;
				if (strcmp(command, "same") == 0) *byte = value;
			}
		}
		puts("done");
		fflush(stdout);
	}
	return 0;
}
