/* A list in memory of its own, and a thread that walks it deeper than its stack is: what a debugger's user may meet. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct node {
	struct node *next;
	char name[24];
};

static struct node *arena;
static size_t used;

static struct node *add(struct node *head, int number)
{
	struct node *node = &arena[used++];
	snprintf(node->name, sizeof node->name, "node %d", number);
	node->next = head;
	return node;
}

static int depth(const struct node *node)
{
	char scratch[4096];
	memset(scratch, 0, sizeof scratch);
	if (node == NULL)
		return 0;
	return 1 + depth(node->next) + scratch[0];
}

static void *walk(void *list)
{
	printf("depth %d\n", depth(list));
	return NULL;
}

int main(void)
{
	struct node *list = NULL;
	arena = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("arena %p\n", (void *)arena);
	for (int number = 0; number < 1000; number++)
		list = add(list, number);
	mprotect(arena, 16 << 10, PROT_READ);
	char *report = malloc(256 << 10);
	memset(report, ' ', 40 << 10);
	printf("report %p\n", (void *)report);

	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 512 << 10);
	pthread_t thread;
	pthread_create(&thread, &attributes, walk, list);
	pthread_join(thread, NULL);
	free(report);
	return 0;
}
