/*
 * Does what disturbs anyone who looks at processes, as fast as it can: maps and unmaps, calls exec, forks, ends, starts and
 * ends threads, truncates a file that it maps. On standard output:
 *
 *     stable PID START END   16 pages that stay, of which the pages 0, 5 and 9 are written to
 *     file PATH              the file that grows and shrinks
 *     execs PID              a process that calls exec again and again
 *     threads PID            one whose threads come and go, and whose main thread has ended
 *     born PID START NAME    a process that lives for less than a second at first; START is its start time in ticks
 *
 * Processes are born with the pid of the one before where that can be asked for (/proc/sys/kernel/ns_last_pid). Each byte on
 * standard input makes the lives of those to come longer, for who comes too late to look at any. Its end ends everything.
 *
 * usage: churn FOLDER
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long page;
static char file[4096];

/* By what lives are longer than at first; all processes see it. */
static volatile unsigned int *longer;

static unsigned int seed;
static unsigned int any(unsigned int below) { return (unsigned int)rand_r(&seed) % below; }

static void *map(size_t pages, int protection, int descriptor) {
	int flags = descriptor < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : any(2) ? MAP_SHARED : MAP_PRIVATE;
	return mmap(NULL, pages * page, protection, flags, descriptor, 0);
}

static void nap(long microseconds) {
	struct timespec time = { microseconds / 1000000, microseconds % 1000000 * 1000 };
	nanosleep(&time, NULL);
}

/* A line in one piece, whoever else writes. */
static void say(const char *line) {
	if (write(1, line, strlen(line)) < 0) _exit(1);
}

/* Changes of all kinds; `rounds` of them, or without end. */
static void change_mappings(long rounds) {
	enum { slots = 256 };
	char *starts[slots] = { 0 };
	size_t sizes[slots] = { 0 };
	int descriptor = open(file, O_RDWR);
	for (long round = 0; rounds < 0 || round < rounds; round++) {
		unsigned int slot = any(slots);
		char *start = starts[slot];
		size_t pages = sizes[slot];
		if (start == NULL) {
			sizes[slot] = 1 + any(64);
			starts[slot] = map(sizes[slot], any(8) ? PROT_READ | PROT_WRITE : PROT_NONE, any(4) ? -1 : descriptor);
			if (starts[slot] == MAP_FAILED) starts[slot] = NULL;
			continue;
		}
		size_t part = any(pages);
		switch (any(7)) {
		case 0: mprotect(start + part * page, page, PROT_READ); break;
		case 1: mprotect(start, pages * page, PROT_READ | PROT_WRITE); break;
		case 2: madvise(start, pages * page, any(2) ? MADV_POPULATE_WRITE : MADV_POPULATE_READ); break;
		case 3: madvise(start + part * page, page, MADV_DONTNEED); break;
		case 4: munmap(start + part * page, page); break;
		case 5: if (ftruncate(descriptor, any(128) * page) < 0) return; break;
		case 6: munmap(start, pages * page); starts[slot] = NULL; break;
		}
	}
	close(descriptor);
}

static void *short_thread(void *argument) {
	(void)argument;
	nap(any(2000));
	return NULL;
}

static void *start_threads(void *argument) {
	(void)argument;
	for (;;) {
		pthread_t threads[8];
		int count = 0;
		while (count < 8 && pthread_create(&threads[count], NULL, short_thread, NULL) == 0) count++;
		while (count > 0) pthread_join(threads[--count], NULL);
	}
	return NULL;
}

/* Field 22 of stat, after a name without spaces. */
static long start_time(void) {
	char text[1024];
	FILE *stat = fopen("/proc/self/stat", "r");
	if (stat == NULL || fgets(text, sizeof text, stat) == NULL) _exit(1);
	fclose(stat);
	char *at = strrchr(text, ')');
	for (int field = 2; field < 22; field++) at = strchr(at + 1, ' ');
	return atol(at);
}

static void live_briefly(int number) {
	char name[16], line[128];
	seed = (unsigned int)number;
	prctl(PR_GET_NAME, name);
	snprintf(line, sizeof line, "born %d %ld %s\n", getpid(), start_time(), name);
	say(line);
	change_mappings(200);
	/* More than a tick, in which start times are told; some long enough to be looked at more than once. */
	nap((long)*longer * (20000 + any(any(2) ? 30000 : 400000)));
	_exit(0);
}

static void bear_children(void) {
	int last = open("/proc/sys/kernel/ns_last_pid", O_WRONLY);
	for (int number = 0;; number++) {
		/* Its name from its first moment on. */
		char name[16];
		snprintf(name, sizeof name, "child-%d", number & 0xffffff);
		prctl(PR_SET_NAME, name);
		pid_t child = fork();
		if (child == 0) live_briefly(number);
		pid_t other = fork();
		if (other == 0) _exit(0);
		waitpid(child, NULL, 0);
		waitpid(other, NULL, 0);
		if (last < 0) continue;
		char text[16];
		int length = snprintf(text, sizeof text, "%d", child - 1);
		if (pwrite(last, text, length, 0) < 0) continue;
	}
}

static pid_t start(void (*work)(void)) {
	pid_t child = fork();
	if (child != 0) return child;
	close(0);
	work();
	_exit(0);
}

static void change_forever(void) { change_mappings(-1); }

static void become_another(void) {
	seed = (unsigned int)getpid() ^ (unsigned int)time(NULL);
	change_mappings(any(300));
	execl("/proc/self/exe", "churn", "exec", file, NULL);
	_exit(1);
}

static void end_main_thread(void) {
	pthread_t thread;
	pthread_create(&thread, NULL, start_threads, NULL);
	pthread_exit(NULL);
}

int main(int count, char **arguments) {
	page = sysconf(_SC_PAGESIZE);
	if (count == 3) {
		snprintf(file, sizeof file, "%s", arguments[2]);
		become_another();
	}
	if (count != 2) return 2;
	setpgid(0, 0);
	longer = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (longer == MAP_FAILED) return 1;
	*longer = 1;
	char line[4200];
	snprintf(file, sizeof file, "%s/file", arguments[1]);
	int descriptor = open(file, O_RDWR | O_CREAT, 0644);
	if (descriptor < 0 || ftruncate(descriptor, 64 * page) < 0) return 1;
	snprintf(line, sizeof line, "file %s\n", file);
	say(line);

	/* The pages that stay, in a process that changes everything around them. */
	char *reserved = mmap(NULL, 18 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *stable = mmap(reserved + page, 16 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	madvise(stable, 16 * page, MADV_NOHUGEPAGE);
	stable[0] = stable[5 * page] = stable[9 * page] = 1;
	pid_t changing = start(change_forever);
	snprintf(line, sizeof line, "stable %d %lx %lx\n", changing, (unsigned long)stable, (unsigned long)(stable + 16 * page));
	say(line);
	snprintf(line, sizeof line, "execs %d\n", start(become_another));
	say(line);
	snprintf(line, sizeof line, "threads %d\n", start(end_main_thread));
	say(line);
	start(bear_children);

	char byte;
	while (read(0, &byte, 1) > 0) ++*longer;
	kill(0, SIGKILL);
	return 0;
}
