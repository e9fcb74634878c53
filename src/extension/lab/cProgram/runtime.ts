/**
 * What every exported program brings along: C that prints what a step has shown, in the form of `reportLines`. Parts that
 * a program does not use are left out, since gcc warns of functions that nobody calls.
 */

/** Names of errnos that a demo may meet, in the program. */
const errnoNames = [
	..."EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT EBUSY EEXIST ENODEV ENOTDIR".split(
		" ",
	),
	..."EISDIR EINVAL ENFILE EMFILE ETXTBSY EFBIG ENOSPC ESPIPE EROFS ELOOP ENAMETOOLONG ENOSYS EOVERFLOW EOPNOTSUPP".split(
		" ",
	),
];

/** Before the demo's own variables and steps. */
export const prologue = String.raw`
/* ---- What the program sees of itself --------------------------------------------------------------------------------- */

/* A range of addresses that a variable was assigned from mmap or mremap. */
static struct region {
	const char *name;
	char *start;
	size_t length;
} regions[32];
static int region_count;

/* The process that this is: "main", or the variable that fork returned to. */
static const char *self = "main";

/* Bytes of a page. */
static long page;

/* The last call has failed. */
static int failed;

/* Numbers in this step depend on chance, or on the system, and are not printed. */
static int numbers_vary;

static sigjmp_buf trap;
static siginfo_t fault;

static const char *errno_name(int number)
{
	static char digits[12];

	switch (number) {
${errnoNames.map((name) => `\tcase ${name}:\n\t\treturn "${name}";`).join("\n")}
	}
	snprintf(digits, sizeof digits, "%d", number);
	return digits;
}

/* Prints permissions along a region, how many lines of maps it has, and how many of its pages are present. */
static void print_region(const char *process, const char *folder, const struct region *region, int present)
{
	unsigned long start = (unsigned long)region->start, end = start + region->length, at = start;
	char path[64], line[8192], last[8] = "", text[4096] = "";
	long pages = 0, count = 0, exclusive = 0;
	int mappings = 0, runs = 0;
	size_t used = 0;
	FILE *maps;

	snprintf(path, sizeof path, "%s/maps", folder);
	maps = fopen(path, "r");
	while (maps != NULL) {
		unsigned long from = end, to = end;
		char permissions[8] = "none";
		int more = fgets(line, sizeof line, maps) != NULL;

		if (more && sscanf(line, "%lx-%lx %4s", &from, &to, permissions) != 3)
			continue;
		if (more && (to <= start || from >= end))
			continue;
		mappings += more;
		from = from < start ? start : from;
		to = to > end ? end : to;
		/* First what is not mapped before it, then the mapping itself. */
		for (int mapped = 0; mapped < 2; mapped++) {
			const char *name = mapped ? permissions : "none";
			long size = (long)((mapped ? to - from : from - at) / (unsigned long)page);

			if (size == 0)
				continue;
			if (runs > 0 && strcmp(last, name) != 0) {
				used += (size_t)snprintf(text + used, sizeof text - used, "%s*%ld ", last, pages);
				pages = 0;
			}
			runs += strcmp(last, name) != 0;
			strcpy(last, name);
			pages += size;
		}
		at = to;
		if (!more)
			break;
	}
	if (maps != NULL)
		fclose(maps);
	snprintf(text + used, sizeof text - used, runs > 1 ? "%s*%ld" : "%s", last, pages);
	printf("  %s%s%s: %s; %d mapping%s", process, process[0] ? " " : "", region->name, text, mappings,
	       mappings == 1 ? "" : "s");
	if (present) {
		static uint64_t entries[65536];
		unsigned long index = start / (unsigned long)page, left = region->length / (unsigned long)page;
		int pagemap;

		snprintf(path, sizeof path, "%s/pagemap", folder);
		pagemap = open(path, O_RDONLY);
		while (left > 0) {
			size_t wanted = left < 65536 ? left : 65536;
			ssize_t got = pread(pagemap, entries, wanted * 8, (off_t)(index * 8));

			if (got <= 0)
				break;
			for (ssize_t i = 0; i < got / 8; i++) {
				count += (long)(entries[i] >> 63); /* bit 63: present */
				exclusive += (long)(entries[i] >> 63 & entries[i] >> 56 & 1); /* bit 56: mapped by this process alone */
			}
			index += (unsigned long)got / 8;
			left -= (unsigned long)got / 8;
		}
		close(pagemap);
		printf("; %ld present, %ld exclusive", count, exclusive);
	}
	printf("\n");
}

static void print_own_regions(int present)
{
	for (int i = 0; i < region_count; i++)
		print_region(strcmp(self, "main") == 0 ? "" : self, "/proc/self", &regions[i], present);
	fflush(stdout);
}

static void on_fault(int number, siginfo_t *info, void *context)
{
	(void)context;
	fault = *info;
	siglongjmp(trap, number);
}

static void catch_faults(void)
{
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };

	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGILL, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static const char *fault_code(int number, int code)
{
	static const char *const segv[] = { "", "SEGV_MAPERR", "SEGV_ACCERR", "SEGV_BNDERR", "SEGV_PKUERR" };
	static const char *const bus[] = { "", "BUS_ADRALN", "BUS_ADRERR", "BUS_OBJERR", "BUS_MCEERR_AR", "BUS_MCEERR_AO" };
	static char digits[12];

	if (number == SIGSEGV && code > 0 && code < 5)
		return segv[code];
	if (number == SIGBUS && code > 0 && code < 6)
		return bus[code];
	snprintf(digits, sizeof digits, "%d", code);
	return code == SI_KERNEL ? "SI_KERNEL" : digits;
}

/* A signal would kill the program; here it ends the step. */
static void print_fault(int number)
{
	const char *name = number == SIGSEGV ? "SIGSEGV" : number == SIGBUS ? "SIGBUS" : "SIGILL";
	char *address = fault.si_addr;

	printf("  killed by %s, %s at ", name, fault_code(number, fault.si_code));
	for (int i = 0; i < region_count; i++) {
		if (address >= regions[i].start && address < regions[i].start + regions[i].length) {
			printf("%s + 0x%lx\n", regions[i].name, (unsigned long)(address - regions[i].start));
			return;
		}
	}
	printf("an address elsewhere\n");
}
`;

/** After the steps of a program that forks: its processes take turns. */
export const forkRuntime = `
/* A forked process does its steps when it is told to, so that what is printed stays in order. */
static struct child {
	const char *name;
	pid_t pid;
	int orders, answers;
	int executed;
} children[8];
static int child_count;
static int inner_orders, inner_answers;

static void perform(int index);
static void observe(int index);

static void before_fork(void)
{
	int orders[2], answers[2];

	fflush(stdout);
	if (pipe2(orders, O_CLOEXEC) == -1 || pipe2(answers, O_CLOEXEC) == -1) {
		perror("pipe2");
		exit(1);
	}
	inner_orders = orders[0];
	inner_answers = answers[1];
	children[child_count].orders = orders[1];
	children[child_count].answers = answers[0];
}

/* The life of a forked process: an order is a step's number, or -1 - number to print its regions after that step. */
static void serve(const char *name)
{
	int order;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	self = name;
	close(children[child_count].orders);
	close(children[child_count].answers);
	while (read(inner_orders, &order, sizeof order) == sizeof order) {
		if (order >= 0)
			perform(order);
		else
			observe(-1 - order);
		fflush(stdout);
		if (write(inner_answers, &order, sizeof order) != sizeof order)
			break;
	}
	_exit(0);
}

static void adopt(const char *name, pid_t pid)
{
	close(inner_orders);
	close(inner_answers);
	children[child_count].name = name;
	children[child_count].pid = pid;
	children[child_count].executed = 0;
	child_count += pid > 0;
}

static void order(struct child *child, int number)
{
	if (child->pid == 0 || child->executed)
		return;
	if (write(child->orders, &number, sizeof number) == sizeof number &&
	    read(child->answers, &number, sizeof number) == sizeof number)
		return;
	/* It has ended, or has become another program: exec has closed its end of the pipe. */
	if (number >= 0 && steps[number].executes && waitpid(child->pid, NULL, WNOHANG) == 0)
		child->executed = 1;
	else
		child->pid = 0;
}

static void order_step(int index)
{
	for (int i = 0; i < child_count; i++) {
		if (strcmp(children[i].name, steps[index].process) == 0)
			order(&children[i], index);
	}
}

static void observe_children(int index)
{
	char folder[32];

	for (int i = 0; i < child_count; i++) {
		order(&children[i], -1 - index);
		if (children[i].executed && kill(children[i].pid, 0) == -1)
			children[i].executed = 0; /* the other program has ended, too */
		snprintf(folder, sizeof folder, "/proc/%d", (int)children[i].pid);
		for (int k = 0; k < region_count && children[i].executed; k++)
			print_region(children[i].name, folder, &regions[k], steps[index].present);
	}
}

static void end_children(void)
{
	for (int i = 0; i < child_count; i++) {
		if (children[i].pid > 0)
			kill(children[i].pid, SIGKILL);
	}
}
`;

/** The end of every program. `FORKS` marks lines of those that fork, `FILES` where the files are printed. */
export const epilogue = String.raw`
/* Prints what the step has left. */
static void observe(int index)
{
	print_own_regions(steps[index].present);
}

static void perform(int index)
{
	int number = sigsetjmp(trap, 1);

	numbers_vary = steps[index].numbers_vary;
	if (number == 0) {
		steps[index].run();
		return;
	}
	print_fault(number);
	fflush(stdout);
	if (strcmp(self, "main") != 0)
		_exit(1);
}

int main(void)
{
	page = sysconf(_SC_PAGESIZE);
	catch_faults();
/*START*/
	for (int i = 0; i < (int)(sizeof steps / sizeof steps[0]); i++) {
		printf("step %d: %s\n", i + 1, steps[i].title);
		fflush(stdout);
		if (strcmp(steps[i].process, "main") == 0)
			perform(i);
/*FORK
		else
			order_step(i);
FORK*/
		observe(i);
/*FORK
		observe_children(i);
FORK*/
/*FILES*/
		fflush(stdout);
		/* Nothing that follows would make sense. */
		if (steps[i].ends && failed)
			break;
	}
/*END*/
	return 0;
}
`;
