// A program to be debugged that lets nobody look at it between its first stop and its last: only root may then.
#include <signal.h>
#include <sys/prctl.h>

static volatile int written = 7;

int main(void)
{
	raise(SIGSTOP);
	prctl(PR_SET_DUMPABLE, 0);
	raise(SIGSTOP);
	prctl(PR_SET_DUMPABLE, 1);
	written = 8;
	raise(SIGSTOP);
	return 0;
}
