// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include "bench.h"
#include "lib/device.h"
#include "lib/fork_bound.h"
#include "lib/watch_client.h"

#define BURST	256
#define FAULTS	(20 * BURST)
#define MANY	100000
#define WAIT	10	/* ms to wait for an event */
#define PROBES	"/sys/kernel/debug/kprobes/list"

/*
 * A child that takes @faults page faults after each SIGCONT; @cpu is the CPU time in ns
 * that the last ones took.
 */
struct faulter {
	pid_t pid;
	volatile struct {
		size_t faults;
		uint64_t cpu;
	} *shared;
};

static void fault(char *at, size_t faults)
{
	size_t page = getpagesize(), i;

	for (i = 0; i < faults; i++) {
		if (i % BURST == 0)
			madvise(at, BURST * page, MADV_DONTNEED);
		*(volatile char *)(at + i % BURST * page) = 1;
	}
}

static void run(struct faulter *faulter)
{
	char *at = map_base(BURST * (size_t)getpagesize());
	uint64_t began;

	if (!at)
		_exit(1);
	for (;;) {
		raise(SIGSTOP);
		began = bench_cpu();
		fault(at, faulter->shared->faults);
		faulter->shared->cpu = bench_cpu() - began;
	}
}

static bool faulter_start(struct faulter *faulter)
{
	faulter->shared = mmap(NULL, getpagesize(), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (faulter->shared == MAP_FAILED)
		return false;
	faulter->shared->faults = FAULTS;
	faulter->pid = fork_bound();
	if (!faulter->pid)
		run(faulter);
	return faulter->pid > 0 && waitpid(faulter->pid, NULL, WUNTRACED) == faulter->pid;
}

static void faulter_end(struct faulter *faulter)
{
	if (faulter->pid > 0) {
		kill(faulter->pid, SIGKILL);
		waitpid(faulter->pid, NULL, 0);
	}
	munmap((void *)faulter->shared, getpagesize());
}

/* Return the CPU time of all kworker threads in ns, the first number in schedstat. */
static uint64_t workers(void)
{
	DIR *proc = opendir("/proc");
	unsigned long long sum = 0, one;
	struct dirent *entry;
	char path[300], name[32];
	FILE *file;

	while (proc && (entry = readdir(proc))) {
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		file = fopen(path, "r");
		if (!file)
			continue;
		if (!fgets(name, sizeof(name), file))
			*name = '\0';
		fclose(file);
		if (strncmp(name, "kworker", 7))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/schedstat", entry->d_name);
		file = fopen(path, "r");
		if (file && fscanf(file, "%llu", &one) == 1)
			sum += one;
		if (file)
			fclose(file);
	}
	if (proc)
		closedir(proc);
	return sum;
}

/* Receive events without parsing them, so that mostly the kernel's cost is measured. */
static void drain(int fd)
{
	static char buf[1 << 16];
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	if (poll(&pollfd, 1, WAIT) != 1)
		return;
	while (recv(fd, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
}

/* One measurement: @faulter takes faults while @whom, if not 0, is watched. */
struct turn {
	struct faulter *faulter;
	pid_t whom;
	const struct wanted *wanted;
	bool stopped;			/* the reader reads nothing */
	uint64_t reader, workers;	/* CPU time of the last measurement, ns */
};

/*
 * The module detaches its probes in a work item, after the socket is closed. Until then
 * they would slow down the next measurement.
 */
static void wait_for_probes_to_go(void)
{
	char line[256];
	FILE *file;
	bool there = true;

	while (there) {
		file = fopen(PROBES, "r");
		if (!file)
			return;
		there = fgets(line, sizeof(line), file);
		fclose(file);
		if (there)
			usleep(10000);
	}
}

static bool go_on(struct turn *turn, struct watch *watch)
{
	int status;

	kill(turn->faulter->pid, SIGCONT);
	if (watch->fd < 0 || turn->stopped)
		return waitpid(turn->faulter->pid, &status, WUNTRACED) > 0 && WIFSTOPPED(status);
	while (!waitpid(turn->faulter->pid, &status, WUNTRACED | WNOHANG))
		drain(watch->fd);
	drain(watch->fd);
	return WIFSTOPPED(status);
}

/*
 * Let the program fault until the socket and the rings of a reader that reads nothing are
 * full.
 */
static bool fill_up(struct turn *turn, struct watch *watch)
{
	int bytes = 0;

	setsockopt(watch->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	return go_on(turn, watch);
}

static double cost_faults(void *arg)
{
	struct turn *turn = arg;
	struct watch watch = { .fd = -1 };
	bool done;

	if (turn->whom && watch_process(&watch, turn->whom, turn->wanted))
		return -1;
	if (turn->whom && turn->stopped && !fill_up(turn, &watch))
		return -1;
	turn->workers = workers();
	turn->reader = bench_cpu();
	done = go_on(turn, &watch);
	turn->reader = bench_cpu() - turn->reader;
	turn->workers = workers() - turn->workers;
	watch_close(&watch);
	wait_for_probes_to_go();
	return done ? (double)turn->faulter->shared->cpu : -1;
}

/* Compare the faults of a program that nobody watches with those when it is @watched. */
static double compare(struct turn watched, bool bystander, char *beside)
{
	struct faulter faulter, other = {};
	struct turn alone = { .faulter = &faulter };
	const struct side one = { cost_faults, &alone }, two = { cost_faults, &watched };
	double first, second;

	if (!faulter_start(&faulter) || (bystander && !faulter_start(&other)))
		return bench_cannot("no program that faults");
	watched.whom = bystander ? other.pid : faulter.pid;
	watched.faulter = &faulter;
	if (bench_medians(&one, &two, &first, &second))
		snprintf(beside, BESIDE,
			 "%.0f ns / %.0f ns a fault, and of the reader %.0f, of workers %.0f",
			 second / FAULTS, first / FAULTS, (double)watched.reader / FAULTS,
			 (double)watched.workers / FAULTS);
	else
		bench_cannot("it could not be watched: %s", strerror(errno));
	faulter_end(&faulter);
	if (bystander)
		faulter_end(&other);
	return first / second;
}

static const struct wanted full = { .flags = VMWALK_WATCH_THREADS };
static const struct wanted plain = {
	.flags = VMWALK_WATCH_THREADS,
	.events = VMWALK_BIT(VMWALK_EVENT_EXCEPTION) | VMWALK_BIT(VMWALK_EVENT_EXEC) |
		  VMWALK_BIT(VMWALK_EVENT_EXIT),
};

static double watch_full(char *beside)
{
	return compare((struct turn) { .wanted = &full }, false, beside);
}

static double watch_plain(char *beside)
{
	return compare((struct turn) { .wanted = &plain }, false, beside);
}

static double stopped(char *beside)
{
	return compare((struct turn) { .wanted = &full, .stopped = true }, false, beside);
}

static double bystander(char *beside)
{
	return compare((struct turn) { .wanted = &plain }, true, beside);
}

static double bystander_full(char *beside)
{
	return compare((struct turn) { .wanted = &full }, true, beside);
}

/* Return the CPU time of the reader and of the workers for one event, ns. */
static double deliver_cost(const struct wanted *wanted, char *beside)
{
	struct faulter faulter;
	struct turn turn = { .faulter = &faulter, .wanted = wanted };
	double least = NAN;
	int i;

	if (!faulter_start(&faulter))
		return bench_cannot("no program that faults");
	turn.whom = faulter.pid;
	for (i = 0; i < ROUNDS; i++) {
		if (cost_faults(&turn) < 0)
			return bench_cannot("it could not be watched: %s", strerror(errno));
		least = fmin(least, (double)(turn.reader + turn.workers) / FAULTS);
	}
	snprintf(beside, BESIDE, "in the last round reader %.0f, workers %.0f",
		 (double)turn.reader / FAULTS, (double)turn.workers / FAULTS);
	faulter_end(&faulter);
	return least;
}

static double deliver(char *beside)
{
	return deliver_cost(&full, beside);
}

static double deliver_plain(char *beside)
{
	return deliver_cost(&plain, beside);
}

struct tally {
	uint64_t told, lost;
};

static void tally_add(struct tally *tally, const struct event *event)
{
	tally->told += event->kind == VMWALK_EVENT_FAULT;
	if (event->kind == VMWALK_EVENT_LOST)
		tally->lost += event->count;
}

static bool tally_take(struct watch *watch, struct tally *tally, pid_t pid)
{
	struct event event;
	int status;

	while (!waitpid(pid, &status, WUNTRACED | WNOHANG))
		if (!watch_next(watch, &event, WAIT))
			tally_add(tally, &event);
	if (!WIFSTOPPED(status) || watch_stop(watch))
		return false;
	do {
		if (watch_next(watch, &event, 1000 * WAIT))
			return false;
		tally_add(tally, &event);
	} while (event.kind != VMWALK_EVENT_END);
	return true;
}

static double loss(char *beside)
{
	struct watch watch = { .fd = -1 };
	struct tally tally = {};
	struct faulter faulter;
	double lost = NAN;

	if (!faulter_start(&faulter))
		return bench_cannot("no program that faults");
	faulter.shared->faults = MANY;
	if (!watch_process(&watch, faulter.pid, &full)) {
		kill(faulter.pid, SIGCONT);
		if (tally_take(&watch, &tally, faulter.pid) && tally.told + tally.lost >= MANY)
			lost = tally.lost;
	}
	snprintf(beside, BESIDE, "%llu told", (unsigned long long)tally.told);
	watch_close(&watch);
	faulter_end(&faulter);
	wait_for_probes_to_go();
	return lost;
}

const struct row watch_rows[] = {
	{ "watch-full", "instructions",
	  "faults of a program for its CPU time, watched with entries", "unwatched",
	  watch_full },
	{ "watch-plain", "instructions",
	  "faults of a program for its CPU time, its exceptions watched", "unwatched",
	  watch_plain },
	{ "watch-deliver", "instructions",
	  "reader and workers for one fault with entries", "not parsed", deliver },
	{ "watch-deliver-plain", "instructions",
	  "reader and workers for one exception", "not parsed", deliver_plain },
	{ "watch-stopped", "instructions",
	  "faults of a program for its CPU time, its watcher has stopped", "unwatched", stopped },
	{ "watch-bystander", "instructions",
	  "faults of a program for its CPU time, exceptions of another are watched", "nobody's",
	  bystander },
	{ "watch-bystander-full", "instructions",
	  "faults of a program for its CPU time, another is watched with entries",
	  "nobody is", bystander_full },
	{ "watch-loss", "instructions",
	  "events lost of 100000 faults at full speed", "read meanwhile", loss },
	{ }
};
