// A program to be stepped through: each turn writes a page of the heap and one of the stack.
#include <stdlib.h>
#include <string.h>

int main(void)
{
	char stack[1 << 16];
	char *heap = malloc(16 << 20);
	memset(heap, -1, 16 << 20); // no turn writes what is there already
	for (unsigned turn = 0;; turn++) {
		heap[(turn * 4096u) % (16u << 20)] = (char)turn; // stop
		stack[(turn * 4096u) % sizeof stack] = (char)turn;
	}
}
