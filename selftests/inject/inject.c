// SPDX-License-Identifier: GPL-2.0
/*
 * Inject failures into each call.
 *
 * The first allocation or copy to or from user space in the call fails, then the second,
 * and so on, until the call completes before the failure is due. A call that fails must
 * return an errno that it may return, and leave nothing behind: the same call must
 * succeed afterwards, and kmemleak, which debug-test.sh reads at the end, must report
 * nothing. Source: Documentation/fault-injection/fault-injection.rst.
 *
 *	inject MODULE
 *
 * MODULE is the file of the module, which must be loaded. Once all calls were tried, the
 * output ends with "injected N". The exit status is 1 if a call behaved otherwise or the
 * injection itself failed, and 2 if it could not begin.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include "lib/device.h"
#include "lib/watch_client.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define NTH_MAX		4000
#define ERRORS_MAX	4
#define DEBUG		"/sys/kernel/debug/"
/* Pages of 4 KiB: the first has the structure of the call, the others arrays and names */
#define BUFFER_PAGES	34
#define RECORDS		(16 * 4096)

/*
 * Resources of a call. prepare() or the call itself makes them, and undo() releases them;
 * only @page, of BUFFER_PAGES, is main()'s.
 */
struct state {
	int device;
	int pagemap;
	char *page;
	struct watch watch;
};

/*
 * If @prepare returns false, errno is printed as the cause: it is not set for an error of
 * watch_open(). @call returns 0 or a negative errno. @undo releases what both left in
 * struct state; a loaded module stays. @errors are the positive errnos that the call may
 * give after a failure; if there are none, it may give any. After each @again failures
 * the call is repeated without one.
 */
struct scenario {
	const char *name;
	bool (*prepare)(struct state *state);
	int (*call)(struct state *state);
	void (*undo)(struct state *state);
	int errors[ERRORS_MAX];
	unsigned int again;
};

static void *module;
static size_t module_size;
static unsigned long injected;
static unsigned long wrong;

static bool nothing_prepare(struct state *state)
{
	(void)state;
	return true;
}

static bool device_prepare(struct state *state)
{
	state->device = device_open();
	return state->device >= 0;
}

static bool attach_prepare(struct state *state)
{
	state->pagemap = pagemap_open(getpid());
	return state->pagemap >= 0 && device_prepare(state);
}

static bool walk_prepare(struct state *state)
{
	state->device = device_of(getpid());
	return state->device >= 0;
}

static void all_undo(struct state *state)
{
	if (state->device >= 0)
		close(state->device);
	if (state->pagemap >= 0)
		close(state->pagemap);
	state->device = -1;
	state->pagemap = -1;
	watch_close(&state->watch);
}

static int open_call(struct state *state)
{
	state->device = device_open();
	return state->device < 0 ? state->device : 0;
}

static int caps_call(struct state *state)
{
	return device_caps(state->device, (void *)state->page);
}

static int attach_call(struct state *state)
{
	return device_attach_fd(state->device, state->pagemap, getpid(), (void *)state->page);
}

static int walk_call(struct state *state)
{
	return device_walk(state->device, (uintptr_t)state->page, (void *)state->page);
}

static int name_call(struct state *state)
{
	return device_walk_name(state->device, (uintptr_t)walk_call, state->page + 4096, 4096,
				(void *)state->page);
}

static int stack_name_call(struct state *state)
{
	return device_walk_name(state->device, (uintptr_t)&state, state->page + 4096, 4096,
				(void *)state->page);
}

static int hole_call(struct state *state)
{
	return device_walk(state->device, 0, (void *)state->page);
}

static int kernel_call(struct state *state)
{
	int ret = device_walk(state->device, ~0ULL, (void *)state->page);

	return ret == -ERANGE ? 0 : ret ?: -ENOTRECOVERABLE;
}

/* Scan each page, so that the module fills its buffer and copies it several times. */
static int scan_call(struct state *state)
{
	struct vmwalk_scan *scan = (void *)state->page;

	*scan = (struct vmwalk_scan) { .end = ~0ULL, .flags = VMWALK_SCAN_EACH };
	return device_scan(state->device, scan, (void *)(state->page + 4096),
			   RECORDS / sizeof(struct vmwalk_run));
}

static int scan_page_call(struct state *state)
{
	struct vmwalk_scan *scan = (void *)state->page;

	*scan = (struct vmwalk_scan) { .end = ~0ULL, .flags = VMWALK_SCAN_PAGE,
				       .require = VMWALK_SEL_ANON };
	return device_scan(state->device, scan, (void *)(state->page + 4096), 1);
}

static int vmas_call(struct state *state)
{
	struct vmwalk_vmas *vmas = (void *)state->page;

	*vmas = (struct vmwalk_vmas) {
		.end = ~0ULL,
		.names = (uintptr_t)state->page + 4096 + RECORDS,
		.names_size = RECORDS,
	};
	return device_vmas(state->device, vmas, (void *)(state->page + 4096),
			   RECORDS / sizeof(struct vmwalk_vma));
}

static int tables_call(struct state *state)
{
	struct vmwalk_tables *tables = (void *)state->page;

	*tables = (struct vmwalk_tables) { .end = ~0ULL };
	return device_tables(state->device, tables, (void *)(state->page + 4096),
			     RECORDS / sizeof(struct vmwalk_table));
}

static int mm_call(struct state *state)
{
	return device_mm(state->device, (void *)state->page);
}

static int half_call(struct state *state)
{
	return device_walk_flags(state->device, ~0ULL, VMWALK_WALK_KERNEL, (void *)state->page);
}

/* SCAN has taken its buffer when it fails with ERANGE: it must not lose it. */
static int range_call(struct state *state)
{
	struct vmwalk_scan *scan = (void *)state->page;
	int ret;

	*scan = (struct vmwalk_scan) { .start = ~0ULL - 1, .end = ~0ULL };
	ret = device_scan(state->device, scan, (void *)(state->page + 4096), 8);
	return ret == -ERANGE ? 0 : ret ?: -ENOTRECOVERABLE;
}

static const struct wanted all = {
	.flags = VMWALK_WATCH_THREADS | VMWALK_WATCH_FORKS,
	.records = 16,
	.events = VMWALK_BIT(VMWALK_EVENT_EXIT),
};

/*
 * This subscription keeps the probes attached. Otherwise each subscription of a scenario
 * would attach them, and the kernel WARNs if it cannot allocate memory for a probe.
 */
static struct watch other = { .fd = -1 };

static bool socket_prepare(struct state *state)
{
	if (other.fd < 0 && watch_process(&other, getpid(), &all))
		return false;
	return walk_prepare(state) && !watch_open(&state->watch);
}

static bool subscribed_prepare(struct state *state)
{
	return socket_prepare(state) && !watch_subscribe(&state->watch, state->device, &all);
}

/* ADD process 1: SUBSCRIBE watches this process already. */
static bool add_prepare(struct state *state)
{
	if (!subscribed_prepare(state))
		return false;
	close(state->device);
	state->device = device_of(1);
	return state->device >= 0;
}

static int subscribe_call(struct state *state)
{
	return watch_subscribe(&state->watch, state->device, &all);
}

static int add_call(struct state *state)
{
	return watch_add_device(&state->watch, state->device, 0);
}

static int stop_call(struct state *state)
{
	struct vmwalk_stop_watch call = { .size = sizeof(call), .socket_fd = state->watch.fd };

	return device_ioctl(state->device, VMWALK_IOC_STOP, &call);
}

static int close_call(struct state *state)
{
	int ret = close(state->device) ? -errno : 0;

	state->device = -1;
	return ret;
}

static bool text_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok;
}

/* /proc/kallsyms is sorted by address: the next other address ends the function. */
static bool function_find(const char *name, char start[static 32], char end[static 32])
{
	FILE *file = fopen("/proc/kallsyms", "re");
	char at[32] = "0x", symbol[256];

	start[0] = '\0';
	end[0] = '\0';
	while (file && !end[0] && fscanf(file, "%29s %*c %255s%*[^\n]", at + 2, symbol) == 2) {
		if (!start[0] && !strcmp(symbol, name))
			memcpy(start, at, sizeof(at));
		else if (start[0] && strcmp(start, at))
			memcpy(end, at, sizeof(at));
	}
	if (file)
		fclose(file);
	return end[0];
}

/*
 * Inject only if a return address on the stack, at most @depth frames up, is in this
 * range. With "0" for all three inject nowhere.
 */
static bool injection_within(const char *start, const char *end, const char *depth)
{
	static const char * const faults[] = { "failslab", "fail_page_alloc", "fail_usercopy" };
	const char * const settings[][2] = {
		{ "require-start", start },
		{ "require-end", end },
		{ "stacktrace-depth", depth },
	};
	char path[80];
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(faults); i++)
		for (k = 0; k < ARRAY_SIZE(settings); k++) {
			snprintf(path, sizeof(path), DEBUG "%s/%s", faults[i], settings[k][0]);
			if (!text_write(path, settings[k][1])) {
				fprintf(stderr, "inject: %s: %s\n", path, strerror(errno));
				return false;
			}
		}
	return true;
}

/* @other keeps the module in use, so close it before the module is unloaded. */
static bool unload_prepare(struct state *state)
{
	(void)state;
	watch_close(&other);
	return access(DEVICE_PATH, F_OK) || !syscall(SYS_delete_module, "vmwalk", O_NONBLOCK);
}

/* Not finit_module(): it WARNs if it cannot allocate memory to read the file. */
static int load_call(struct state *state)
{
	(void)state;
	return syscall(SYS_init_module, module, module_size, "") ? -errno : 0;
}

/*
 * load_module() allocates a varying number of times before it calls the module's init
 * function, so a count of all allocations can skip some in the module. Count only those
 * that do_one_initcall() leads to.
 */
static bool init_prepare(struct state *state)
{
	static char start[32], end[32];

	return unload_prepare(state) &&
	       (end[0] || function_find("do_one_initcall", start, end)) &&
	       injection_within(start, end, "32");
}

static void init_undo(struct state *state)
{
	if (!injection_within("0", "0", "0"))
		exit(1);
	all_undo(state);
}

static bool module_read(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat stat;

	if (fd < 0 || fstat(fd, &stat)) {
		fprintf(stderr, "inject: %s: %s\n", path, strerror(errno));
		return false;
	}
	module_size = stat.st_size;
	module = mmap(NULL, module_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	close(fd);
	return module != MAP_FAILED;
}

static const struct scenario scenarios[] = {
	{ "open", nothing_prepare, open_call, all_undo, { ENOMEM, EFAULT }, 1 },
	{ "close", device_prepare, close_call, all_undo, { 0 }, 1 },
	{ "CAPS", device_prepare, caps_call, all_undo, { ENOMEM, EFAULT }, 1 },
	{ "ATTACH", attach_prepare, attach_call, all_undo, { ENOMEM, EFAULT }, 1 },
	{ "WALK", walk_prepare, walk_call, all_undo, { ENOMEM, EFAULT }, 1 },
	{ "WALK in a hole", walk_prepare, hole_call, all_undo, { ENOMEM, EFAULT }, 1 },
	{ "WALK with a file's name", walk_prepare, name_call, all_undo, { ENOMEM, EFAULT }, 1 },
	{ "WALK with a name", walk_prepare, stack_name_call, all_undo, { ENOMEM, EFAULT }, 1 },
	{ "WALK that must fail", walk_prepare, kernel_call, all_undo, { ENOMEM, EFAULT }, 1 },
	{ "WALK of the kernel", walk_prepare, half_call, all_undo, { ENOMEM, EFAULT }, 1 },
	{ "SCAN", walk_prepare, scan_call, all_undo, { ENOMEM, EFAULT }, 1 },
	{ "SCAN of pages", walk_prepare, scan_page_call, all_undo, { ENOMEM, EFAULT }, 1 },
	{ "SCAN that must fail", walk_prepare, range_call, all_undo, { ENOMEM, EFAULT }, 1 },
	{ "VMAS", walk_prepare, vmas_call, all_undo, { ENOMEM, EFAULT }, 1 },
	{ "TABLES", walk_prepare, tables_call, all_undo, { ENOMEM, EFAULT }, 1 },
	{ "MM", walk_prepare, mm_call, all_undo, { ENOMEM, EFAULT }, 1 },
	{ "SUBSCRIBE", socket_prepare, subscribe_call, all_undo, { ENOMEM, EFAULT }, 4 },
	{ "ADD", add_prepare, add_call, all_undo, { ENOMEM, EFAULT }, 4 },
	{ "STOP", subscribed_prepare, stop_call, all_undo, { ENOMEM, EFAULT }, 4 },
	{ "loading the module", unload_prepare, load_call, all_undo, { 0 }, 16 },
	{ "loading, by the module alone", init_prepare, load_call, init_undo, { 0 }, 16 },
};

/*
 * By default the kernel spares allocations that may sleep, from highmem and of order 0,
 * and logs each failure.
 */
static bool injection_prepare(void)
{
	static const char * const settings[][2] = {
		{ DEBUG "failslab/ignore-gfp-wait", "N" },
		{ DEBUG "failslab/verbose", "0" },
		{ DEBUG "fail_page_alloc/ignore-gfp-wait", "N" },
		{ DEBUG "fail_page_alloc/ignore-gfp-highmem", "N" },
		{ DEBUG "fail_page_alloc/min-order", "0" },
		{ DEBUG "fail_page_alloc/verbose", "0" },
		{ DEBUG "fail_usercopy/verbose", "0" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		if (text_write(settings[i][0], settings[i][1]))
			continue;
		fprintf(stderr, "inject: %s: %s\n", settings[i][0], strerror(errno));
		return false;
	}
	return true;
}

static int nth_open(void)
{
	return open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
}

/*
 * write() of fail-nth copies from user space, which can be the failure that is due. Then
 * it fails with EFAULT, and the second attempt succeeds.
 */
static void nth_write(int fd, unsigned int nth)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", nth);
	if (pwrite(fd, text, strlen(text), 0) < 0 &&
	    (errno != EFAULT || pwrite(fd, text, strlen(text), 0) < 0)) {
		perror("inject: fail-nth");
		exit(1);
	}
}

/*
 * Return true if the failure is still due after the call. It can then hit the copy to
 * user space in this read(), which fails with EFAULT.
 */
static bool nth_left(int fd)
{
	char text[16] = "";

	if (pread(fd, text, sizeof(text) - 1, 0) >= 0)
		return atoi(text);
	if (errno == EFAULT)
		return true;
	perror("inject: fail-nth");
	exit(1);
}

static bool error_allowed(const struct scenario *scenario, int error)
{
	int i;

	if (!scenario->errors[0])
		return error < 0;
	for (i = 0; i < ERRORS_MAX; i++)
		if (scenario->errors[i] == -error)
			return true;
	return false;
}

static void complain(const struct scenario *scenario, unsigned int nth, const char *what,
		     int error)
{
	wrong++;
	printf("inject: FINDING: %s, failure %u: %s (%s)\n", scenario->name, nth, what,
	       strerror(-error));
}

/*
 * Return false if the call cannot be prepared, or did not reach failure @nth. @hidden
 * counts calls that succeed despite the failure.
 */
static bool scenario_once(const struct scenario *scenario, struct state *state,
			  unsigned int nth, unsigned int *hidden)
{
	const int fd = nth_open();
	bool left;
	int ret;

	if (!scenario->prepare(state)) {
		complain(scenario, nth, "cannot be prepared", -errno);
		close(fd);
		return false;
	}
	nth_write(fd, nth);
	ret = scenario->call(state);
	left = nth_left(fd);
	nth_write(fd, 0);
	close(fd);
	if (left && ret)
		complain(scenario, nth, "fails although no failure was injected", ret);
	else if (!left && ret && !error_allowed(scenario, ret))
		complain(scenario, nth, "gives an errno that it may not give", ret);
	if (!left && !ret)
		(*hidden)++;
	if (!left)
		injected++;
	scenario->undo(state);
	return !left;
}

/* Make the call without a failure. If it fails, an earlier failure has left something. */
static void scenario_again(const struct scenario *scenario, struct state *state,
			   unsigned int nth)
{
	int ret;

	if (!scenario->prepare(state)) {
		complain(scenario, nth, "cannot be prepared again", -errno);
		return;
	}
	ret = scenario->call(state);
	if (ret)
		complain(scenario, nth, "does not succeed afterwards", ret);
	scenario->undo(state);
}

static void scenario_run(const struct scenario *scenario, char *page)
{
	struct state state = { -1, -1, page, { .fd = -1 } };
	unsigned long before = injected;
	unsigned int nth, hidden = 0;

	/* Later calls find the caches filled, and allocate less than this first one. */
	scenario_again(scenario, &state, 0);
	for (nth = 1; nth < NTH_MAX; nth++) {
		if (!scenario_once(scenario, &state, nth, &hidden))
			break;
		if (nth % scenario->again == 0)
			scenario_again(scenario, &state, nth);
	}
	scenario_again(scenario, &state, nth);
	if (nth == NTH_MAX)
		complain(scenario, nth, "still fails at the last one tried", 0);
	printf("inject: %s: %lu failures, of which the kernel hides %u\n", scenario->name,
	       injected - before, hidden);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	char *page;
	size_t i;

	if (argc != 2) {
		fprintf(stderr, "usage: inject MODULE\n");
		return 2;
	}
	if (!module_read(argv[1]))
		return 2;
	page = mmap(NULL, BUFFER_PAGES * 4096, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | MAP_LOCKED, -1, 0);
	if (page == MAP_FAILED || !injection_prepare())
		return 2;
	for (i = 0; i < ARRAY_SIZE(scenarios); i++)
		scenario_run(&scenarios[i], page);
	printf("injected %lu\n", injected);
	return wrong ? 1 : 0;
}
