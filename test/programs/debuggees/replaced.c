// A program to be debugged that becomes another by exec, itself with a word more, and stops in both.
#include <stdio.h>
#include <unistd.h>

__attribute__((noinline)) void checkpoint(void)
{
	__asm__("");
}

int main(int argc, char **argv)
{
	checkpoint();
	if (argc == 1) execl(argv[0], argv[0], "again", (char *)NULL);
	return 0;
}
