// A program to be debugged: at each call of checkpoint() it has mapped, written, protected or unmapped known things since
// the call before, and has written what and where into the file that its first argument names:
//   checkpoint NUMBER
//   region NAME START END       all changes to memory of its own lie in such a range
//   new|gone|grown|shrunk START END
//   reprotected START END BEFORE AFTER
//   written START               a page that was written
//   fault ADDRESS               what it dies of, if it has a third argument
// Addresses are hexadecimal. Everything lies within reservations, since the kernel merges neighbours that agree.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static long page;
static int facts;

#define SAY(...) dprintf(facts, __VA_ARGS__)

static void range(const char *what, const char *start, long pages)
{
	SAY("%s %lx %lx\n", what, (unsigned long)start, (unsigned long)(start + pages * page));
}

static void write_page(char *start, long index, int value)
{
	memset(start + index * page + 16, value, 64);
	SAY("written %lx\n", (unsigned long)(start + index * page));
}

// Where breakpoints are set.
__attribute__((noinline)) void checkpoint(int number)
{
	SAY("checkpoint %d\n", number);
}

static char *reserve(long pages)
{
	char *memory = mmap(NULL, (pages + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return memory == MAP_FAILED ? NULL : memory + page;
}

int main(int argc, char **argv)
{
	if (argc < 3) return 2;
	page = sysconf(_SC_PAGESIZE);
	facts = open(argv[1], O_WRONLY | O_CREAT | O_APPEND, 0600);

	// Private memory, all of it written, between two guards.
	char *private = reserve(16);
	mmap(private, 16 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	memset(private, 1, 16 * page);
	SAY("region private %lx %lx\n", (unsigned long)private, (unsigned long)(private + 16 * page));
	// A file of eight pages, privately mapped.
	int file = open(argv[2], O_RDWR | O_CREAT | O_TRUNC, 0600);
	for (int i = 0; i < 8; i++) {
		char bytes[65536];
		memset(bytes, 'a' + i, page);
		if (write(file, bytes, page) != page) return 3;
	}
	char *copied = mmap(NULL, 8 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
	volatile char sum = 0;
	for (int i = 0; i < 8; i++) sum += copied[i * page];
	SAY("region file %lx %lx\n", (unsigned long)copied, (unsigned long)(copied + 8 * page));
	checkpoint(1);

	// Anonymous shared memory never merges.
	char *shared = mmap(NULL, 8 * page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	range("new", shared, 8);
	SAY("region shared %lx %lx\n", (unsigned long)shared, (unsigned long)(shared + 8 * page));
	write_page(shared, 0, 2);
	write_page(shared, 2, 2);
	write_page(shared, 5, 2);
	sum += shared[6 * page]; // read only: in memory, and not written
	write_page(private, 3, 2);
	memset(private + 7 * page, 1, page); // the same bytes as before
	checkpoint(2);

	mprotect(private, 4 * page, PROT_READ);
	SAY("reprotected %lx %lx rw-p r--p\n", (unsigned long)private, (unsigned long)(private + 4 * page));
	char *heap = sbrk(0);
	heap = (char *)(((unsigned long)heap + page - 1) / page * page);
	sbrk(heap + 4 * page - (char *)sbrk(0));
	range("grown", heap, 4);
	SAY("region heap %lx %lx\n", (unsigned long)heap, (unsigned long)(heap + 4 * page));
	write_page(heap, 1, 3);
	write_page(copied, 4, 3); // its first write makes a private copy
	write_page(shared, 2, 3);
	checkpoint(3);

	munmap(shared, 8 * page);
	range("gone", shared, 8);
	munmap(private + 14 * page, 2 * page);
	range("shrunk", private + 14 * page, 2);
	mprotect(private, 4 * page, PROT_READ | PROT_WRITE);
	SAY("reprotected %lx %lx r--p rw-p\n", (unsigned long)private, (unsigned long)(private + 4 * page));
	write_page(private, 0, 4);
	write_page(copied, 4, 4);
	write_page(copied, 7, 4);
	checkpoint(4);
	if (argc > 3) {
		SAY("fault %lx\n", (unsigned long)(private - 8));
		private[-8] = 5;
	}
	return sum == 127;
}
