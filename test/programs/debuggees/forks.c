// A program to be debugged that forks: parent and child both stop in `checkpoint`, the child each time after it has written.
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int written = 7;

__attribute__((noinline)) void checkpoint(void)
{
	__asm__("");
}

int main(void)
{
	checkpoint();
	pid_t child = fork();
	if (child < 0) return 1;
	if (child == 0) {
		written = 1;
		checkpoint();
		written = 2;
		checkpoint();
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return 0;
}
