/** Parts that are only there when something calls them, by the function that they define. */
export const helpers: Readonly<Record<string, string>> = {
	report_number: String.raw`
static void report_number(long number)
{
	int error = errno;

	failed = number == -1;
	if (failed)
		printf("  -1 %s\n", errno_name(error));
	else if (numbers_vary)
		printf("  a number\n");
	else
		printf("  %ld\n", number);
}
`,
	report_address: String.raw`
static void report_address(void *address)
{
	int error = errno;

	failed = address == MAP_FAILED;
	if (failed)
		printf("  MAP_FAILED %s\n", errno_name(error));
	else
		printf("  an address\n");
}
`,
	report_descriptor: String.raw`
static void report_descriptor(int descriptor)
{
	int error = errno;

	failed = descriptor == -1;
	if (failed)
		printf("  -1 %s\n", errno_name(error));
	else
		printf("  a descriptor\n");
}
`,
	report_pid: String.raw`
static void report_pid(pid_t pid)
{
	int error = errno;

	failed = pid == -1;
	if (failed)
		printf("  -1 %s\n", errno_name(error));
	else
		printf("  a pid\n");
}
`,
	report_value: String.raw`
static void report_value(const char *name, long value)
{
	if (numbers_vary)
		printf("  %s = a number\n", name);
	else
		printf("  %s = %ld\n", name, value);
}
`,
	report_in_core: String.raw`
static unsigned char vec[131072];

static void report_in_core(int result, size_t length)
{
	int error = errno;
	long pages = (long)((length + (size_t)page - 1) / (size_t)page), count = 0;

	if (result == -1) {
		printf("  -1 %s\n", errno_name(error));
		return;
	}
	for (long i = 0; i < pages; i++)
		count += vec[i] & 1;
	printf("  %d\n", result);
	if (!numbers_vary)
		printf("  %ld of %ld pages in memory\n", count, pages);
}
`,
	watch: `
static void watch(const char *name, void *start, size_t length)
{
	int i = 0;

	if (start == MAP_FAILED)
		return;
	while (i < region_count && strcmp(regions[i].name, name) != 0)
		i++;
	if (i == region_count)
		region_count++;
	regions[i].name = name;
	regions[i].start = start;
	regions[i].length = (length + (size_t)page - 1) / (size_t)page * (size_t)page;
}
`,
	make_scratch: `
static void make_scratch(char *path, const char *text, size_t length, size_t size)
{
	static const char zeros[65536];
	int scratch;

	strcpy(path, "/tmp/mapscope-XXXXXX");
	scratch = mkstemp(path);
	if (scratch == -1 || write(scratch, text, length) != (ssize_t)length) {
		perror(path);
		exit(1);
	}
	while (length < size) {
		size_t part = size - length < sizeof zeros ? size - length : sizeof zeros;

		if (write(scratch, zeros, part) != (ssize_t)part)
			exit(1);
		length += part;
	}
	close(scratch);
}
`,
	print_file: String.raw`
static void print_file(const char *name, const char *path)
{
	unsigned char head[32];
	struct stat status;
	int descriptor = open(path, O_RDONLY | O_NONBLOCK);
	ssize_t length = -1;

	if (descriptor != -1 && fstat(descriptor, &status) == 0) {
		size_t most = S_ISREG(status.st_mode) && status.st_size < 32 ? (size_t)status.st_size : sizeof head;

		length = pread(descriptor, head, most, 0);
	}
	if (length == -1) {
		printf("  %s: %s\n", name, errno_name(errno));
	} else {
		printf("  %s: %ld bytes, \"", name, (long)status.st_size);
		for (ssize_t i = 0; i < length; i++)
			printf(head[i] >= 32 && head[i] < 127 && head[i] != '"' && head[i] != '\\' ? "%c" : "\\x%02x", head[i]);
		printf("\"\n");
	}
	if (descriptor != -1)
		close(descriptor);
}
`,
};
