/*
 * Maps memory of particular kinds and says where, as target.c does: `arena` is what malloc gave to a second thread,
 * `compiled` may be executed, `ring` and `aio` belong to asynchronous input and output, `perf` to performance events. What
 * the kernel refuses is left out.
 *
 * usage: kinds FOLDER
 */
#define _GNU_SOURCE
#include <linux/aio_abi.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static long page;

static void say(const char *name, void *at, size_t bytes) {
	uintptr_t start = (uintptr_t)at & ~(uintptr_t)(page - 1);
	uintptr_t end = ((uintptr_t)at + bytes + page - 1) & ~(uintptr_t)(page - 1);
	printf("%s %lx %lx\n", name, (unsigned long)start, (unsigned long)end);
}

static void *use_malloc(void *argument) {
	(void)argument;
	void *block = malloc(1000);
	memset(block, 1, 1000);
	say("arena", block, 1000);
	return block;
}

int main(void) {
	page = sysconf(_SC_PAGESIZE);
	pthread_t thread;
	if (pthread_create(&thread, NULL, use_malloc, NULL) != 0) return 1;
	pthread_join(thread, NULL);

	void *compiled = mmap(NULL, page, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (compiled != MAP_FAILED) say("compiled", compiled, page);

	struct io_uring_params parameters;
	memset(&parameters, 0, sizeof parameters);
	int ring = syscall(SYS_io_uring_setup, 4, &parameters);
	void *rings = ring < 0 ? MAP_FAILED : mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	if (rings != MAP_FAILED) say("ring", rings, page);

	/* The context's number is the address of its ring. */
	aio_context_t context = 0;
	if (syscall(SYS_io_setup, 1, &context) == 0) say("aio", (void *)(uintptr_t)context, page);

	struct perf_event_attr event;
	memset(&event, 0, sizeof event);
	event.type = PERF_TYPE_SOFTWARE;
	event.size = sizeof event;
	event.config = PERF_COUNT_SW_DUMMY;
	event.exclude_kernel = 1;
	int counter = syscall(SYS_perf_event_open, &event, 0, -1, -1, 0);
	void *events = counter < 0 ? MAP_FAILED : mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, counter, 0);
	if (events != MAP_FAILED) say("perf", events, 2 * page);

	puts("ready");
	fflush(stdout);
	char line[64];
	while (fgets(line, sizeof line, stdin)) {
	}
	return 0;
}
