/*
 * Says in one line where its functions and data are, `name=address` in hexadecimal, and waits for the end of its input.
 * The names are those of its symbols, or say what else it is.
 *
 * usage: symbols [LIBRARY [FILE]]   (a library to load, a file to map for reading)
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

const char constant_table[64] = "constant";
int initialized_data[16] = { 1 };
char zero_data[5 * 65536];
static int hidden_data[16] __attribute__((used)) = { 2 };
static char hidden_zeros[4096] __attribute__((used));

__attribute__((noinline)) int shown_function(int value) {
	return value * value + initialized_data[0];
}
__attribute__((noinline, used)) static int hidden_function(int value) {
	return value + hidden_data[1];
}
extern __typeof__(shown_function) other_name __attribute__((weak, alias("shown_function")));

static void say(const char *name, const void *address) {
	printf("%s=%lx ", name, (unsigned long)address);
}

static char *map_file(const char *path) {
	int file = open(path, O_RDONLY);
	struct stat status;
	if (file < 0 || fstat(file, &status) < 0) exit(1);
	char *start = mmap(NULL, status.st_size, PROT_READ, MAP_SHARED, file, 0);
	if (start == MAP_FAILED) exit(1);
	close(file);
	return start;
}

static pthread_barrier_t barrier;

static void *work(void *place) {
	char local = 0;
	pthread_setname_np(pthread_self(), "worker");
	*(char **)place = &local;
	pthread_barrier_wait(&barrier);
	pause();
	return NULL;
}

int main(int count, char **arguments) {
	pthread_t thread;
	char *worker = NULL;
	pthread_barrier_init(&barrier, NULL, 2);
	if (pthread_create(&thread, NULL, work, &worker)) return 1;
	pthread_barrier_wait(&barrier);

	say("shown_function", shown_function);
	say("hidden_function", hidden_function);
	say("main", main);
	say("constant_table", constant_table);
	say("initialized_data", initialized_data);
	say("hidden_data", hidden_data);
	say("zero_data", zero_data);
	say("hidden_zeros", hidden_zeros);
	say("stack", &count);
	say("worker", worker);
	say("heap", malloc(100));
	if (count > 1) {
		void *library = dlopen(arguments[1], RTLD_NOW);
		if (library == NULL) return 1;
		say("library_function", dlsym(library, "library_function"));
		say("library_data", dlsym(library, "library_data"));
		say("library_zeros", dlsym(library, "library_zeros"));
	}
	if (count > 2) say("file", map_file(arguments[2]));
	/* Last, so that nothing else is mapped into the gap. */
	char *island = mmap(NULL, 3 * 65536, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (island == MAP_FAILED || munmap(island + 65536, 65536) < 0) return 1;
	say("gap", island + 65536 + 0x123);
	puts("");
	fflush(stdout);
	while (getchar() != EOF) continue;
	return 0;
}
