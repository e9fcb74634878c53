// A program that dies of the memory fault that its second argument names. Before, it writes into the file that its first
// argument names: `fault ADDRESS` (as far as it knows it) and `range START END` of the memory concerned, hexadecimal.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static long page;
static int facts;
const char constant[] = "read-only data of the program";

static void fault(const volatile void *address)
{
	dprintf(facts, "fault %lx\n", (unsigned long)address);
}

static void range(const volatile void *start, long pages)
{
	dprintf(facts, "range %lx %lx\n", (unsigned long)start, (unsigned long)start + pages * page);
}

__attribute__((noinline)) void checkpoint(void)
{
	dprintf(facts, "checkpoint\n");
}

#pragma GCC diagnostic ignored "-Winfinite-recursion"
__attribute__((noinline)) int deep(int n)
{
	volatile char frame[1000];
	frame[0] = (char)n;
	return deep(n + 1) + frame[0];
}

static void *thread(void *unused)
{
	(void)unused;
	pthread_setname_np(pthread_self(), "deep-thread");
	dprintf(facts, "thread %ld\n", syscall(SYS_gettid));
	return (void *)(long)deep(0);
}

static void overflow_thread(void)
{
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 256 * 1024);
	pthread_t started;
	pthread_create(&started, &attributes, thread, NULL);
	pthread_join(started, NULL);
}

static void overflow_main(void)
{
	struct rlimit limit = {1 << 20, 1 << 20};
	setrlimit(RLIMIT_STACK, &limit);
	deep(0);
}

static volatile char *isolated(int protection)
{
	char *memory = mmap(NULL, 64 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	munmap(memory, 64 * page);
	memory = mmap(memory + 16 * page, 4 * page, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	range(memory, 4);
	return memory;
}

static volatile char *map_file(const char *path, long bytes, long pages)
{
	int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (ftruncate(file, bytes) != 0) exit(3);
	char *memory = mmap(NULL, pages * page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	range(memory, pages);
	return memory;
}

int main(int argc, char **argv)
{
	if (argc < 4) return 2;
	page = sysconf(_SC_PAGESIZE);
	facts = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0600);
	const char *kind = argv[2];
	volatile char *memory;
	if (strcmp(kind, "threadStackOverflow") == 0) overflow_thread();
	if (strcmp(kind, "mainStackOverflow") == 0) overflow_main();
	if (strcmp(kind, "nullPointer") == 0) {
		struct { char before[24]; int member; } *object = NULL;
		__asm__("" : "+r"(object)); // or the compiler knows better
		fault(&object->member);
		object->member = 1;
	}
	if (strcmp(kind, "readOnly") == 0) {
		fault(constant + 5);
		*(volatile char *)(constant + 5) = 'x';
	}
	if (strcmp(kind, "noAccess") == 0) {
		memory = isolated(PROT_NONE);
		fault(memory + 100);
		memory[100] = 1;
	}
	if (strcmp(kind, "guardPage") == 0) {
		memory = isolated(PROT_READ | PROT_WRITE);
		if (madvise((void *)(memory + page), page, 102 /* MADV_GUARD_INSTALL, Linux 6.13 */) != 0) return 4;
		fault(memory + page + 8);
		memory[page + 8] = 1;
	}
	if (strcmp(kind, "notExecutable") == 0) {
		memory = isolated(PROT_READ | PROT_WRITE);
		memory[0] = (char)0xc3;
		fault(memory);
		((void (*)(void))memory)();
	}
	if (strcmp(kind, "unmapped") == 0) {
		char *heap = malloc(100);
		heap = (char *)sbrk(0);
		heap = (char *)(((unsigned long)heap + page - 1) / page * page);
		fault(heap + 16);
		heap[16] = 1;
	}
	if (strcmp(kind, "nonCanonical") == 0) {
		memory = (volatile char *)0xdead000000000000;
		memory[0] = 1;
	}
	if (strcmp(kind, "beyondEndOfFile") == 0) {
		memory = map_file(argv[3], 5, 2);
		fault(memory + page + 3);
		memory[page + 3] = 1;
	}
	if (strcmp(kind, "truncated") == 0) {
		memory = map_file(argv[3], 4 * page, 4);
		memset((void *)memory, 1, 4 * page);
		checkpoint();
		if (truncate(argv[3], page + 10) != 0) return 3;
		fault(memory + 2 * page + 7);
		memory[2 * page + 7] = 1;
	}
	if (strcmp(kind, "noHugePage") == 0) {
		memory = mmap(NULL, 1 << 21, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_NORESERVE | (21 << 26), -1, 0);
		if (memory == MAP_FAILED) return 4;
		range(memory, (1 << 21) / page);
		fault(memory + 8);
		memory[8] = 1;
	}
	return 1;
}
