// SPDX-License-Identifier: GPL-2.0
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/fork_bound.h"
#include "lib/machine.h"
#include "lib/proc.h"
#include "lib/watch_client.h"

#define SECONDS	300
#define WAIT	60000	/* ms to wait for an event */
#define FAULTS	100000
#define UNREAD	12000	/* faults; more events than the socket buffer holds */
#define BURST	256	/* faults between two calls of madvise() */
#define THREADS	4
#define ROUNDS	20
#define MANY	512	/* subscriptions; more than any module accepts */

/* Reduce a count on debug kernels, which are about ten times as slow. */
static size_t number(size_t faults)
{
	return machine_debugs() ? faults / 10 : faults;
}

static void fault(char *at, size_t faults)
{
	size_t page = getpagesize(), i;

	for (i = 0; i < faults; i++) {
		if (i % BURST == 0)
			madvise(at, BURST * page, MADV_DONTNEED);
		*(volatile char *)(at + i % BURST * page) = 1;
	}
}

static char *burst_memory(void)
{
	size_t size = BURST * getpagesize();
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED || madvise(at, size, MADV_NOHUGEPAGE))
		_exit(1);
	return at;
}

/*
 * Fork a child that stops, takes @faults faults when it is continued, and stops again.
 * Return its pid while it is stopped, or -1.
 */
static pid_t faulter_start(size_t faults)
{
	pid_t child = fork_bound();
	char *at;

	if (!child) {
		at = burst_memory();
		raise(SIGSTOP);
		fault(at, faults);
		raise(SIGSTOP);
		_exit(0);
	}
	if (waitpid(child, NULL, WUNTRACED) != child)
		return -1;
	return child;
}

static bool faults_counted(pid_t pid, uint64_t *count)
{
	uint64_t minor, major;

	if (!proc_faults(pid, pid, &minor, &major))
		return false;
	*count = minor + major;
	return true;
}

/*
 * @told counts faults that ended as minor or major, @lost events that a full ring lost,
 * @missed other losses. @event is the last event read, @seq the last number; @disorder
 * counts the numbers that do not follow the one before.
 */
struct tally {
	uint64_t told, lost, missed, seq, disorder;
	struct event event;
};

FIXTURE(load)
{
	struct watch watch;
	struct tally tally;
	uint64_t before, after;
	pid_t child;
};

FIXTURE_SETUP(load)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->watch.fd = -1;
}

FIXTURE_TEARDOWN(load)
{
	watch_close(&self->watch);
	if (self->child <= 0)
		return;
	kill(self->child, SIGKILL);
	waitpid(self->child, NULL, 0);
}

static bool counts(const struct event *event)
{
	return event->kind == VMWALK_EVENT_FAULT && (event->outcome == VMWALK_ENDED_MINOR ||
						     event->outcome == VMWALK_ENDED_MAJOR);
}

static void tally_add(struct tally *tally)
{
	const struct event *e = &tally->event;

	if (e->seq) {
		tally->disorder += e->seq != tally->seq + 1;
		tally->seq = e->seq;
	}
	tally->told += counts(e);
	if (e->kind == VMWALK_EVENT_LOST && e->reason == VMWALK_LOST_RING)
		tally->lost += e->count;
	else if (e->kind == VMWALK_EVENT_LOST)
		tally->missed += e->count;
}

/* Read up to the END event. Return false if no event comes for WAIT ms. */
static bool read_all(struct watch *watch, struct tally *tally)
{
	while (!watch_next(watch, &tally->event, WAIT)) {
		tally_add(tally);
		if (tally->event.kind == VMWALK_EVENT_END)
			return true;
	}
	return false;
}

TEST_F_TIMEOUT(load, is_told_fault_for_fault_as_the_kernel_counts_them, SECONDS)
{
	const struct wanted wanted = {
		.records = 1 << 16,
		.events = VMWALK_BIT(VMWALK_EVENT_FAULT),
	};
	int status;

	self->child = faulter_start(number(FAULTS));
	ASSERT_LT(0, self->child);
	ASSERT_TRUE(faults_counted(self->child, &self->before));
	ASSERT_EQ(0, watch_process(&self->watch, self->child, &wanted));
	kill(self->child, SIGCONT);
	/* Read while the child runs, so that the ring seldom fills up. */
	while (!waitpid(self->child, &status, WUNTRACED | WNOHANG))
		if (!watch_next(&self->watch, &self->tally.event, 10))
			tally_add(&self->tally);
	ASSERT_TRUE(WIFSTOPPED(status));
	ASSERT_TRUE(faults_counted(self->child, &self->after));
	ASSERT_EQ(0, watch_stop(&self->watch));
	ASSERT_TRUE(read_all(&self->watch, &self->tally));
	EXPECT_EQ(0, self->tally.missed);
	EXPECT_EQ(0, self->tally.disorder);
	EXPECT_LE(number(FAULTS), self->tally.told + self->tally.lost);
	EXPECT_LT(self->tally.lost, self->tally.told);
	EXPECT_EQ(self->after - self->before, self->tally.told + self->tally.lost);
	EXPECT_EQ(self->tally.told, self->tally.event.delivered);
	EXPECT_EQ(self->tally.lost, self->tally.event.lost);
}

TEST_F_TIMEOUT(load, is_counted_when_nobody_reads, SECONDS)
{
	const struct wanted wanted = {
		.records = 16,
		.events = VMWALK_BIT(VMWALK_EVENT_FAULT),
	};
	int status;

	self->child = faulter_start(UNREAD);
	ASSERT_LT(0, self->child);
	ASSERT_TRUE(faults_counted(self->child, &self->before));
	ASSERT_EQ(0, watch_process(&self->watch, self->child, &wanted));
	kill(self->child, SIGCONT);
	ASSERT_EQ(self->child, waitpid(self->child, &status, WUNTRACED));
	ASSERT_TRUE(faults_counted(self->child, &self->after));
	ASSERT_EQ(0, watch_stop(&self->watch));
	ASSERT_TRUE(read_all(&self->watch, &self->tally));
	EXPECT_LT(0, self->tally.lost);
	EXPECT_LT(0, self->tally.told);
	EXPECT_EQ(self->after - self->before, self->tally.told + self->tally.lost);
	EXPECT_EQ(self->tally.lost, self->tally.event.lost);
	EXPECT_EQ(self->tally.missed, self->tally.event.missed);
}

/* Count the interrupts of irq_work on all CPUs; return false if none are listed. */
static bool wakes_counted(uint64_t *count)
{
	FILE *file = fopen("/proc/interrupts", "r");
	char line[4096], *at, *end;
	bool found = false;

	*count = 0;
	while (file && fgets(line, sizeof(line), file)) {
		if (!strstr(line, "IRQ work interrupts"))
			continue;
		found = true;
		for (at = strchr(line, ':') + 1;; at = end) {
			*count += strtoull(at, &end, 10);
			if (end == at)
				break;
		}
	}
	if (file)
		fclose(file);
	return found;
}

/* Leave room for one batch only, so that the rings fill up next. */
static void shrink(const struct watch *watch)
{
	int bytes = 0;

	setsockopt(watch->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
}

TEST_F_TIMEOUT(load, costs_no_interrupt_an_event_when_nobody_reads, SECONDS)
{
	const struct wanted wanted = {
		.records = 1 << 10,
		.events = VMWALK_BIT(VMWALK_EVENT_FAULT),
	};
	uint64_t before, after;
	int status;

	if (!wakes_counted(&before))
		SKIP(return, "/proc/interrupts does not list those of irq_work");
	self->child = faulter_start(UNREAD);
	ASSERT_LT(0, self->child);
	ASSERT_EQ(0, watch_process(&self->watch, self->child, &wanted));
	shrink(&self->watch);
	ASSERT_TRUE(wakes_counted(&before));
	kill(self->child, SIGCONT);
	ASSERT_EQ(self->child, waitpid(self->child, &status, WUNTRACED));
	ASSERT_TRUE(wakes_counted(&after));
	TH_LOG("%llu interrupts for %d events", (unsigned long long)(after - before), UNREAD);
	EXPECT_GT(UNREAD / 20, after - before);
	ASSERT_EQ(0, watch_stop(&self->watch));
	ASSERT_TRUE(read_all(&self->watch, &self->tally));
	EXPECT_LT(0, self->tally.lost);
	EXPECT_LE(UNREAD, self->tally.told + self->tally.lost);
}

static bool memory_left(uint64_t *kib)
{
	return file_number("/proc/meminfo", "MemAvailable:", kib);
}

/*
 * An unprivileged user may open the maximum number of subscriptions with the largest
 * rings. The module must limit their size, so that most of memory stays free.
 */
TEST_F_TIMEOUT(load, of_all_rings_together_leaves_most_of_memory, SECONDS)
{
	const struct wanted wanted = {
		.records = 1U << 31,
		.events = VMWALK_BIT(VMWALK_EVENT_EXIT),
	};
	static struct watch watches[MANY];
	uint64_t total, before, left;
	int nr, err = 0;

	ASSERT_TRUE(file_number("/proc/meminfo", "MemTotal:", &total));
	ASSERT_TRUE(memory_left(&before));
	for (nr = 0; nr < MANY && !err; nr++) {
		err = watch_process(&watches[nr], getpid(), &wanted);
		ASSERT_TRUE(memory_left(&left));
		/* Fail before memory is exhausted. */
		ASSERT_LT(before - total / 4, left);
	}
	EXPECT_LE(32, nr);
	EXPECT_TRUE(err == -ENOSPC || err == -ENOMEM);
	for (nr--; nr >= 0; nr--)
		watch_close(&watches[nr]);
}

static void *fault_for_ever(void *at)
{
	for (;;)
		fault(at, FAULTS);
	return NULL;
}

static pid_t storm_start(void)
{
	pthread_t thread;
	pid_t child = fork_bound();
	int i;

	if (child)
		return child;
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&thread, NULL, fault_for_ever, burst_memory()))
			_exit(1);
	pause();
	_exit(0);
}

/*
 * Subscribe, read up to 80 events and end the process: each way to leave must end the
 * subscription. Depending on @round, leave through SIGKILL, _exit() or close(), with or
 * without a STOP before.
 */
static void subscribe_and_go(pid_t pid, int round)
{
	const struct wanted wanted = {
		.flags = VMWALK_WATCH_THREADS | VMWALK_WATCH_FORKS,
		.records = round % 3 ? 64 : 0,
	};
	struct watch watch;
	struct event event;
	int i;

	if (watch_process(&watch, pid, &wanted))
		_exit(1);
	for (i = 0; i < round % 5 * 20; i++)
		watch_next(&watch, &event, 10);
	if (round % 2)
		watch_stop(&watch);
	if (round % 4 == 1)
		raise(SIGKILL);
	if (round % 4 == 2)
		_exit(0);
	watch_close(&watch);
	_exit(0);
}

/*
 * A socket that takes over the portid of a closing one. If @waits, it polls for events
 * that are not its own before it subscribes.
 */
struct heir {
	struct watch watch;
	struct sockaddr_nl number;
	bool waits;
	bool heard;
	int device;
	int err;
};

static void *heir_run(void *arg)
{
	struct heir *heir = arg;
	struct pollfd poller = { .fd = heir->watch.fd, .events = POLLIN };
	const struct wanted wanted = {
		.flags = VMWALK_WATCH_THREADS,
		.events = VMWALK_BIT(VMWALK_EVENT_FAULT),
	};

	while (bind(heir->watch.fd, (struct sockaddr *)&heir->number, sizeof(heir->number)))
		;
	heir->heard = heir->waits && poll(&poller, 1, 30);
	heir->err = watch_subscribe(&heir->watch, heir->device, &wanted);
	return NULL;
}

static void room_set(const struct watch *watch, int option, int bytes)
{
	setsockopt(watch->fd, SOL_SOCKET, option, &bytes, sizeof(bytes));
}

/*
 * Block delivery with a tiny receive buffer until many events are queued, then make room:
 * the caller closes the socket while the module sends them.
 */
static void flood_await(struct watch *watch)
{
	room_set(watch, SO_RCVBUF, 0);
	usleep(200000);
	while (recv(watch->fd, watch->buf, sizeof(watch->buf), MSG_DONTWAIT) >= 0)
		;
	room_set(watch, SO_RCVBUFFORCE, 64 << 20);
	recv(watch->fd, watch->buf, sizeof(watch->buf), 0);
}

/*
 * Reuse the portid of a subscribed socket: the new socket must get no event of the old
 * subscription.
 */
static void number_inherit(struct __test_metadata *_metadata, int device, bool waits)
{
	const struct wanted wanted = {
		.flags = VMWALK_WATCH_THREADS,
		.records = 1 << 16,
		.events = VMWALK_BIT(VMWALK_EVENT_FAULT),
	};
	struct heir heir = { .device = device, .waits = waits };
	socklen_t size = sizeof(heir.number);
	struct watch first;
	struct event event;
	pthread_t thread;

	ASSERT_EQ(0, watch_subscribe_new(&first, device, &wanted));
	ASSERT_EQ(0, getsockname(first.fd, (struct sockaddr *)&heir.number, &size));
	heir.watch = (struct watch){ .family = first.family };
	heir.watch.fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	ASSERT_EQ(0, pthread_create(&thread, NULL, heir_run, &heir));
	flood_await(&first);
	watch_close(&first);
	pthread_join(thread, NULL);
	EXPECT_FALSE(heir.heard);
	ASSERT_EQ(0, heir.err);
	ASSERT_EQ(0, watch_next_of(&heir.watch, VMWALK_EVENT_FAULT, &event, WAIT));
	EXPECT_EQ(1, event.seq);
	watch_close(&heir.watch);
}

/*
 * netlink_release() frees the portid before the module's notifier ends the subscription,
 * so another socket can take it in between.
 */
TEST_F_TIMEOUT(load, of_a_socket_that_closes_is_not_told_to_the_next_with_its_number, SECONDS)
{
	int device, round;

	self->child = storm_start();
	device = device_of(self->child);
	ASSERT_LE(0, device);
	for (round = 0; round < 6; round++)
		number_inherit(_metadata, device, round % 2);
	close(device);
}

TEST_F_TIMEOUT(load, of_four_threads_bears_subscribers_that_come_and_go, SECONDS)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS };
	pid_t storm, child;
	int round, status;

	if (geteuid())
		SKIP(return, "needs root");
	storm = storm_start();
	/* A subscription that is not read stays, and keeps the module in use. */
	ASSERT_EQ(0, watch_process(&self->watch, storm, &wanted));
	for (round = 0; round < ROUNDS; round++) {
		child = fork();
		if (!child)
			subscribe_and_go(storm, round);
		EXPECT_EQ(-EWOULDBLOCK, module_unload());
		ASSERT_EQ(child, waitpid(child, &status, 0));
		EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
	}
	EXPECT_EQ(0, waitpid(storm, NULL, WNOHANG));
	kill(storm, SIGKILL);
	waitpid(storm, NULL, 0);
}

int main(int argc, char **argv)
{
	return watch_main(argc, argv, test_harness_run);
}
