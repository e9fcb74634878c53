/*
 * Maps memory of particular kinds and says where, as target.c does: `arena` is what malloc gave to a second thread,
 * `compiled` may be executed, `ring` and `aio` belong to asynchronous input and output, `perf` to performance events,
 * `heapBuffer` and `userBuffer` are dma-bufs, one with a name, `picture` is a GPU's, and `registers` are those of a PCI
 * device, which nobody touches. What the kernel refuses is left out.
 *
 * usage: kinds FOLDER
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <glob.h>
#include <linux/aio_abi.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <linux/udmabuf.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As in drm/drm_mode.h, which comes with libdrm only. */
struct gpu_picture { uint32_t height, width, bits, flags, handle, pitch; uint64_t size; };
struct gpu_place { uint32_t handle, padding; uint64_t offset; };
#define CREATE_PICTURE _IOWR('d', 0xb2, struct gpu_picture)
#define PLACE_PICTURE _IOWR('d', 0xb3, struct gpu_place)

static long page;

static void say(const char *name, void *at, size_t bytes) {
	uintptr_t start = (uintptr_t)at & ~(uintptr_t)(page - 1);
	uintptr_t end = ((uintptr_t)at + bytes + page - 1) & ~(uintptr_t)(page - 1);
	printf("%s %lx %lx\n", name, (unsigned long)start, (unsigned long)end);
}

static void *use_malloc(void *argument) {
	(void)argument;
	void *block = malloc(1000);
	memset(block, 1, 1000);
	say("arena", block, 1000);
	return block;
}

/* Maps a buffer of four pages and writes to all of them. */
static void use_buffer(const char *name, int descriptor, off_t offset) {
	if (descriptor < 0) return;
	char *buffer = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, offset);
	if (buffer == MAP_FAILED) return;
	memset(buffer, 1, 4 * page);
	say(name, buffer, 4 * page);
}

/* A buffer that the kernel's heap for devices gives. */
static int heap_buffer(void) {
	struct dma_heap_allocation_data wanted = { .len = 4 * page, .fd_flags = O_RDWR | O_CLOEXEC };
	int heap = open("/dev/dma_heap/system", O_RDWR);
	if (heap < 0 || ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &wanted) < 0) return -1;
	ioctl(wanted.fd, DMA_BUF_SET_NAME, "frame");
	return wanted.fd;
}

/* A buffer for devices made of a memfd's pages. */
static int user_buffer(void) {
	int memory = memfd_create("pages", MFD_ALLOW_SEALING);
	if (memory < 0 || ftruncate(memory, 4 * page) < 0 || fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK) < 0) return -1;
	struct udmabuf_create all = { .memfd = memory, .offset = 0, .size = 4 * page };
	int maker = open("/dev/udmabuf", O_RDWR);
	return maker < 0 ? -1 : ioctl(maker, UDMABUF_CREATE, &all);
}

/* A picture of the first GPU, which tells by the offset what of its memory is meant. */
static int picture(off_t *offset) {
	struct gpu_picture wanted = { .width = page / 4, .height = 4, .bits = 32 };
	int gpu = open("/dev/dri/card0", O_RDWR);
	if (gpu < 0 || ioctl(gpu, CREATE_PICTURE, &wanted) < 0) return -1;
	struct gpu_place place = { .handle = wanted.handle };
	if (ioctl(gpu, PLACE_PICTURE, &place) < 0) return -1;
	*offset = place.offset;
	return gpu;
}

/* The first registers of a device that may be mapped. To read some of them would change what the device does. */
static void map_registers(void) {
	glob_t found;
	if (glob("/sys/bus/pci/devices/*/resource[0-5]", 0, NULL, &found) != 0) return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		int file = open(found.gl_pathv[i], O_RDWR);
		void *registers = file < 0 ? MAP_FAILED : mmap(NULL, page, PROT_READ, MAP_SHARED, file, 0);
		if (file >= 0) close(file);
		if (registers == MAP_FAILED) continue;
		say("registers", registers, page);
		break;
	}
	globfree(&found);
}

int main(void) {
	page = sysconf(_SC_PAGESIZE);
	pthread_t thread;
	if (pthread_create(&thread, NULL, use_malloc, NULL) != 0) return 1;
	pthread_join(thread, NULL);

	void *compiled = mmap(NULL, page, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (compiled != MAP_FAILED) say("compiled", compiled, page);

	struct io_uring_params parameters;
	memset(&parameters, 0, sizeof parameters);
	int ring = syscall(SYS_io_uring_setup, 4, &parameters);
	void *rings = ring < 0 ? MAP_FAILED : mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	if (rings != MAP_FAILED) say("ring", rings, page);

	/* The context's number is the address of its ring. */
	aio_context_t context = 0;
	if (syscall(SYS_io_setup, 1, &context) == 0) say("aio", (void *)(uintptr_t)context, page);

	struct perf_event_attr event;
	memset(&event, 0, sizeof event);
	event.type = PERF_TYPE_SOFTWARE;
	event.size = sizeof event;
	event.config = PERF_COUNT_SW_DUMMY;
	event.exclude_kernel = 1;
	int counter = syscall(SYS_perf_event_open, &event, 0, -1, -1, 0);
	void *events = counter < 0 ? MAP_FAILED : mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, counter, 0);
	if (events != MAP_FAILED) say("perf", events, 2 * page);

	use_buffer("heapBuffer", heap_buffer(), 0);
	use_buffer("userBuffer", user_buffer(), 0);
	off_t offset = 0;
	int gpu = picture(&offset);
	use_buffer("picture", gpu, offset);
	map_registers();

	puts("ready");
	fflush(stdout);
	char line[64];
	while (fgets(line, sizeof line, stdin)) {
	}
	return 0;
}
