/*
 * Maps known things, says where they are, and waits. One line per thing on standard output, `name start end` in
 * hexadecimal, then `ready`. Then obeys lines on standard input: `touch` writes one more page of `anonymous`, `map` adds a
 * mapping, `exec` becomes sleep(1); end of input ends it.
 *
 * usage: target FOLDER [NAME]   (a folder for its files, and a name for the process)
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

static long page;

static void fail(const char *what) {
	fprintf(stderr, "target: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Private anonymous mappings merge with their neighbours: reserve the pages around with PROT_NONE. */
static char *island(size_t pages, int protection) {
	char *reserved = mmap(NULL, (pages + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (reserved == MAP_FAILED) fail("reserve");
	char *inner = mmap(reserved + page, pages * page, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	if (inner == MAP_FAILED) fail("mmap");
	return inner;
}

static void say(const char *name, char *start, size_t pages) {
	printf("%s %lx %lx\n", name, (unsigned long)start, (unsigned long)(start + pages * page));
}

static int file_of(const char *folder, const char *name, size_t pages) {
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	int descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
	if (descriptor < 0) fail(path);
	char *bytes = malloc(page);
	memset(bytes, 'A', page);
	for (size_t i = 0; i < pages; i++)
		if (write(descriptor, bytes, page) != page) fail("write");
	free(bytes);
	if (fsync(descriptor) < 0) fail("fsync");
	return descriptor;
}

static char *map_file(int descriptor, size_t pages, int protection, int flags) {
	char *start = mmap(NULL, pages * page, protection, flags, descriptor, 0);
	if (start == MAP_FAILED) fail("mmap file");
	return start;
}

int main(int count, char **arguments) {
	if (count < 2) return 2;
	const char *folder = arguments[1];
	page = sysconf(_SC_PAGESIZE);
	prctl(PR_SET_NAME, count > 2 ? arguments[2] : "target<b>\n)");
	volatile char sink = 0;

	char *anonymous = island(16, PROT_READ | PROT_WRITE);
	madvise(anonymous, 16 * page, MADV_NOHUGEPAGE);
	anonymous[0] = anonymous[5 * page] = anonymous[9 * page] = 1;
	say("anonymous", anonymous, 16);

	char *zero = island(8, PROT_READ | PROT_WRITE);
	sink += zero[2 * page] + zero[3 * page];
	say("zero", zero, 8);

	char *none = island(64, PROT_NONE);
	say("none", none, 64);

	char *guarded = island(8, PROT_READ | PROT_WRITE);
	guarded[0] = 1;
	if (madvise(guarded + 4 * page, 2 * page, MADV_GUARD_INSTALL) == 0) say("guarded", guarded, 8);

	/* Half in the page cache: all evicted, then the first 16 pages read without read-ahead. */
	int half = file_of(folder, "half.bin", 32);
	posix_fadvise(half, 0, 0, POSIX_FADV_DONTNEED);
	posix_fadvise(half, 0, 0, POSIX_FADV_RANDOM);
	char *bytes = malloc(page);
	for (int i = 0; i < 16; i++)
		if (pread(half, bytes, page, (off_t)i * page) != page) fail("pread");
	say("half", map_file(half, 32, PROT_READ, MAP_SHARED), 32);

	/* A private copy of page 1 over a file whose original stays cached; page 0 is mapped, not copied. */
	int copied = file_of(folder, "copied.bin", 4);
	char *private = map_file(copied, 4, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	madvise(private, 4 * page, MADV_RANDOM);
	sink += private[0];
	private[page] = 'B';
	say("copied", private, 4);

	int memfd = memfd_create("cache pages", 0);
	if (memfd < 0 || ftruncate(memfd, 8 * page) < 0) fail("memfd");
	char *shared = map_file(memfd, 8, PROT_READ | PROT_WRITE, MAP_SHARED);
	shared[0] = shared[page] = 1;
	say("memfd", shared, 8);

	char *sharedAnonymous = mmap(NULL, 8 * page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (sharedAnonymous == MAP_FAILED) fail("shared");
	sharedAnonymous[0] = sharedAnonymous[3 * page] = sharedAnonymous[7 * page] = 1;
	say("shared", sharedAnonymous, 8);

	/* Names that would break a careless reader: newline, spaces, a suffix, HTML, right-to-left marks, no UTF-8,
	 * a terminal's escape. */
	const char *names[] = { "new\nline", "two  spaces ", "not really (deleted)", "<img src=x onerror=alert(1)>",
		"\xe2\x80\xaegnp.exe", "latin\xff", "\033[31mred" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char label[16];
		snprintf(label, sizeof label, "name%zu", i);
		say(label, map_file(file_of(folder, names[i], 1), 1, PROT_READ, MAP_PRIVATE), 1);
	}

	char gone[4096];
	int deleted = file_of(folder, "gone.bin", 2);
	snprintf(gone, sizeof gone, "%s/gone.bin", folder);
	say("deleted", map_file(deleted, 2, PROT_READ, MAP_SHARED), 2);
	unlink(gone);

	puts("ready");
	fflush(stdout);
	char line[64];
	int touched = 10;
	while (fgets(line, sizeof line, stdin)) {
		if (strcmp(line, "touch\n") == 0 && touched < 16) anonymous[touched++ * page] = 1;
		if (strcmp(line, "map\n") == 0) say("added", island(4, PROT_READ | PROT_WRITE), 4);
		if (strcmp(line, "exec\n") == 0) {
			puts("done");
			fflush(stdout);
			execlp("sleep", "sleep", "1000", NULL);
		}
		puts("done");
		fflush(stdout);
	}
	return sink & 0;
}
