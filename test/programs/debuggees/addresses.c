// A program to be debugged that has something of each kind in memory, and writes where into the file that its first argument
// names: `NAME ADDRESS`, hexadecimal. Its second argument is a file to be mapped.
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

int counter = 7;
static int zeros[20000];
static const char table[] = "a table that nobody may write";
static FILE *facts;
static pthread_barrier_t barrier;

static void say(const char *name, const volatile void *address)
{
	fprintf(facts, "%s %lx\n", name, (unsigned long)address);
}

__attribute__((noinline)) void checkpoint(void)
{
	fflush(facts);
}

static void *work(void *unused)
{
	(void)unused;
	volatile int local = 3;
	pthread_setname_np(pthread_self(), "worker");
	fprintf(facts, "tid %lx\n", syscall(SYS_gettid));
	say("threadLocal", &local);
	pthread_barrier_wait(&barrier);
	for (;;) pause();
	return NULL;
}

int main(int argc, char **argv)
{
	if (argc < 3) return 2;
	long page = sysconf(_SC_PAGESIZE);
	facts = fopen(argv[1], "w");
	volatile int local = 1;
	char *pointer = malloc(100);
	strcpy(pointer, "text on the heap");
	zeros[10000] = 1;
	int file = open(argv[2], O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (ftruncate(file, 4 * page) != 0) return 3;
	char *mapped = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 2 * page);
	mapped[page + 1] = 'x';
	struct rlimit limit;
	getrlimit(RLIMIT_STACK, &limit);
	fprintf(facts, "stackLimit %lx\n", (unsigned long)limit.rlim_cur);

	pthread_barrier_init(&barrier, NULL, 2);
	pthread_t thread;
	pthread_create(&thread, NULL, work, NULL);
	pthread_barrier_wait(&barrier);

	say("counter", &counter);
	say("zeros", zeros + 10000);
	say("table", table + 2);
	say("checkpoint", (void *)checkpoint);
	say("heap", pointer);
	say("pointer", &pointer);
	say("local", &local);
	say("mapped", mapped + page + 1);
	say("nowhere", (void *)(page * 3));
	checkpoint();
	return local == 2;
}
