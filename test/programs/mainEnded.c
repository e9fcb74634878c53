/*
 * A process that lives on without its main thread. Says `ready`, then obeys lines on standard input, each in the thread
 * that was started last: `leave` ends the main thread, `next` starts another thread and ends this one, `touch` writes one
 * more page of `anonymous`. End of input ends it.
 *
 * usage: mainEnded FOLDER   (a folder for its file)
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static long page;
static char *anonymous;
static int touched;
static pthread_t main_thread, former;
static int former_known;
static sem_t leave;

static void fail(const char *what) {
	perror(what);
	exit(1);
}

static void done(void) {
	puts("done");
	fflush(stdout);
}

static void *obey(void *argument) {
	char line[64];
	(void)argument;
	/* The thread before this one is gone for good before anybody hears of it. */
	if (former_known) {
		pthread_join(former, NULL);
		done();
	}
	while (fgets(line, sizeof line, stdin)) {
		if (strcmp(line, "leave\n") == 0) {
			sem_post(&leave);
			pthread_join(main_thread, NULL);
		} else if (strcmp(line, "next\n") == 0) {
			pthread_t thread;
			former = pthread_self();
			former_known = 1;
			if (pthread_create(&thread, NULL, obey, NULL) != 0) fail("pthread_create");
			return NULL;
		} else if (strcmp(line, "touch\n") == 0) {
			anonymous[touched++ * page] = 1;
		}
		done();
	}
	exit(0);
}

int main(int count, char **arguments) {
	if (count < 2) return 2;
	page = sysconf(_SC_PAGESIZE);
	main_thread = pthread_self();

	/* Between two PROT_NONE pages, since private anonymous mappings merge with their neighbours. */
	char *reserved = mmap(NULL, 18 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (reserved == MAP_FAILED) fail("mmap");
	anonymous = reserved + page;
	if (mprotect(anonymous, 16 * page, PROT_READ | PROT_WRITE) < 0) fail("mprotect");
	madvise(anonymous, 16 * page, MADV_NOHUGEPAGE);
	for (; touched < 3; touched++) anonymous[touched * page] = 1;
	printf("anonymous %lx %lx\n", (unsigned long)anonymous, (unsigned long)(anonymous + 16 * page));

	/* Only its mapping holds this file: no path, no descriptor. */
	char path[4096];
	snprintf(path, sizeof path, "%s/gone.bin", arguments[1]);
	int descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
	if (descriptor < 0 || ftruncate(descriptor, 4 * page) < 0) fail(path);
	char *file = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
	if (file == MAP_FAILED) fail("mmap file");
	close(descriptor);
	unlink(path);
	madvise(file, 4 * page, MADV_RANDOM);
	file[0] = 1;
	printf("file %lx %lx\n", (unsigned long)file, (unsigned long)(file + 4 * page));

	pthread_t thread;
	sem_init(&leave, 0, 0);
	if (pthread_create(&thread, NULL, obey, NULL) != 0) fail("pthread_create");
	puts("ready");
	fflush(stdout);
	while (sem_wait(&leave) < 0) {
	}
	pthread_exit(NULL);
}
