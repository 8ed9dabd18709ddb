// SPDX-License-Identifier: GPL-2.0
/*
 * Test that a user cannot make others lose events, and that losses are told at their place
 * in the stream.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/userfaultfd.h>
#include "kselftest_harness.h"
#include "lib/fork_bound.h"
#include "lib/device.h"
#include "lib/watch_client.h"

#define SECONDS		300
#define WAIT		20000	/* ms to wait for an event */
#define SLEEPERS	700	/* threads; more than the module can keep pending faults of */
#define VICTIMS		64	/* threads, enough to meet any lack of room */
#define EACH		16	/* faults of a victim */
#define STACK		(64 << 10)
#define ROOM		512	/* records of a ring */
#define MANY		2000	/* faults; more than a ring holds */
#define FEW		300	/* faults; less than a ring holds */
/* Events of two batches, none of which is shorter than the head of an event */
#define TWO_BATCHES	(2 * VMWALK_BATCH_SIZE / 256)

static bool thread_start(void *(*run)(void *), void *arg)
{
	pthread_attr_t attr;
	pthread_t thread;
	bool started;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	started = !pthread_create(&thread, &attr, run, arg);
	pthread_attr_destroy(&attr);
	return started;
}

static char *map(size_t size)
{
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED || madvise(at, size, MADV_NOHUGEPAGE))
		_exit(1);
	return at;
}

static int pager_open(char *at, size_t size)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = {
		.range = { .start = (uintptr_t)at, .len = size },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) || ioctl(fd, UFFDIO_REGISTER, &reg))
		return -1;
	return fd;
}

static void *touch(void *at)
{
	*(volatile char *)at = 1;
	return NULL;
}

/*
 * Stop; then let SLEEPERS threads fault, each in a page of its own that nobody provides, and
 * write to @ready once all of them wait.
 */
static void sleepers_run(int ready)
{
	size_t page = getpagesize(), i;
	char *at = map(SLEEPERS * page);
	int pager = pager_open(at, SLEEPERS * page);
	struct uffd_msg msg;

	if (pager < 0)
		_exit(KSFT_SKIP);
	raise(SIGSTOP);
	for (i = 0; i < SLEEPERS; i++)
		if (!thread_start(touch, at + i * page))
			_exit(1);
	for (i = 0; i < SLEEPERS; i++)
		if (read(pager, &msg, sizeof(msg)) != sizeof(msg))
			_exit(1);
	if (write(ready, "", 1) != 1)
		_exit(1);
	pause();
}

/* In the process of the victims: they fault once nobody can write to @go any more. */
static int go, done;

static void *victim(void *arg)
{
	size_t page = getpagesize(), i;
	char *at = arg, byte;

	if (read(go, &byte, 1))
		_exit(1);
	for (i = 0; i < EACH; i++)
		touch(at + i * page);
	__atomic_add_fetch(&done, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

/*
 * Start the threads and stop; stop again when they are done. They exist before the others
 * exit: else the kernel gives them the memory of these, and with it their slots.
 */
static void victims_run(const int *pipe)
{
	size_t size = EACH * getpagesize();
	int i;

	close(pipe[1]);
	go = pipe[0];
	for (i = 0; i < VICTIMS; i++)
		if (!thread_start(victim, map(size)))
			_exit(1);
	raise(SIGSTOP);
	while (__atomic_load_n(&done, __ATOMIC_SEQ_CST) < VICTIMS)
		usleep(1000);
	raise(SIGSTOP);
	_exit(0);
}

FIXTURE(lost)
{
	struct watch watch;
	struct watch first;
	pid_t sleepers, victims;
	int ready[2], go[2];
};

FIXTURE_SETUP(lost)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->watch.fd = -1;
	self->first.fd = -1;
	ASSERT_EQ(0, pipe2(self->ready, O_CLOEXEC));
	ASSERT_EQ(0, pipe2(self->go, O_CLOEXEC));
}

FIXTURE_TEARDOWN(lost)
{
	watch_close(&self->first);
	watch_close(&self->watch);
	if (self->sleepers > 0)
		kill(self->sleepers, SIGKILL);
	if (self->victims > 0)
		kill(self->victims, SIGKILL);
	while (wait(NULL) > 0)
		;
}

/*
 * 64 threads fault for a second watcher after the slots for pending faults were taken by
 * a first one, who has left together with the process that it watched.
 */
TEST_F_TIMEOUT(lost, slots_do_not_stay_with_threads_that_were_killed_in_a_fault, SECONDS)
{
	const struct wanted wanted = {
		.flags = VMWALK_WATCH_THREADS,
		.records = 1 << 12,
		.events = VMWALK_BIT(VMWALK_EVENT_FAULT),
	};
	int status, faults = 0, known = 0;
	struct event e;
	char byte;

	self->sleepers = fork_bound();
	if (!self->sleepers)
		sleepers_run(self->ready[1]);
	ASSERT_EQ(self->sleepers, waitpid(self->sleepers, &status, WUNTRACED));
	if (WIFEXITED(status) && WEXITSTATUS(status) == KSFT_SKIP)
		SKIP(return, "userfaultfd is not available");
	ASSERT_TRUE(WIFSTOPPED(status));
	self->victims = fork_bound();
	if (!self->victims)
		victims_run(self->go);
	ASSERT_EQ(self->victims, waitpid(self->victims, NULL, WUNTRACED));

	ASSERT_EQ(0, watch_process(&self->first, self->sleepers, &wanted));
	kill(self->sleepers, SIGCONT);
	close(self->ready[1]);
	ASSERT_EQ(1, read(self->ready[0], &byte, 1));
	ASSERT_EQ(0, watch_process(&self->watch, self->victims, &wanted));
	watch_close(&self->first);
	/* A worker ends the subscription; only then does nobody watch the threads. */
	sleep(1);
	kill(self->sleepers, SIGKILL);
	ASSERT_EQ(self->sleepers, waitpid(self->sleepers, NULL, 0));
	self->sleepers = 0;

	kill(self->victims, SIGCONT);
	close(self->go[1]);
	ASSERT_EQ(self->victims, waitpid(self->victims, &status, WUNTRACED));
	ASSERT_TRUE(WIFSTOPPED(status));
	ASSERT_EQ(0, watch_stop(&self->watch));
	do {
		ASSERT_EQ(0, watch_next(&self->watch, &e, WAIT));
		EXPECT_FALSE(e.kind == VMWALK_EVENT_LOST && e.reason == VMWALK_LOST_SLOT);
		if (e.kind != VMWALK_EVENT_FAULT || e.flags & VMWALK_FAULT_CALLED)
			continue;
		faults++;
		known += !!(e.flags & VMWALK_FAULT_EXCEPTION);
	} while (e.kind != VMWALK_EVENT_END);
	EXPECT_LT(VICTIMS, faults);
	if (self->watch.sources & VMWALK_SOURCE_EXCEPTION)
		EXPECT_EQ(faults, known);
}

/* Return the number of a CPU that the caller may use, after @next others; -1 if there is none. */
static int cpu_allowed(int next)
{
	cpu_set_t set;
	int cpu;

	sched_getaffinity(0, sizeof(set), &set);
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set) && !next--)
			return cpu;
	return -1;
}

static void fault_on(int cpu, char *at, size_t faults)
{
	size_t page = getpagesize(), i;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		_exit(1);
	for (i = 0; i < faults; i++)
		touch(at + i * page);
}

FIXTURE(place)
{
	struct watch watch;
	pid_t child;
	char *flood, *later;
	size_t page;
};

/* The reader looks at the rings in the order of the CPUs: try both. */
FIXTURE_VARIANT(place)
{
	bool next;
};

FIXTURE_VARIANT_ADD(place, on_the_first_cpu) { .next = false };
FIXTURE_VARIANT_ADD(place, on_the_next_cpu) { .next = true };

FIXTURE_SETUP(place)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->watch.fd = -1;
	self->page = getpagesize();
	self->flood = map(MANY * self->page);
	self->later = map(FEW * self->page);
}

FIXTURE_TEARDOWN(place)
{
	watch_close(&self->watch);
	if (self->child > 0)
		kill(self->child, SIGKILL);
	while (wait(NULL) > 0)
		;
}

/*
 * Nobody reads while a thread faults on one CPU until its ring is full, and then on another
 * one, whose ring takes all. So the losses come before the faults of the second ring, which
 * then give the reader a long stream without a pause.
 */
TEST_F_TIMEOUT(place, of_losses_is_before_the_records_of_other_rings, SECONDS)
{
	const struct wanted wanted = {
		.records = ROOM,
		.events = VMWALK_BIT(VMWALK_EVENT_FAULT),
	};
	const int first = cpu_allowed(variant->next), second = cpu_allowed(!variant->next);
	const char *end = self->later + FEW * self->page;
	int status, later = 0, before = -1, bytes = 0;
	uint64_t lost = 0;
	struct event e;

	if (first < 0 || second < 0)
		SKIP(return, "needs two CPUs");
	self->child = fork_bound();
	if (!self->child) {
		raise(SIGSTOP);
		fault_on(first, self->flood, MANY);
		fault_on(second, self->later, FEW);
		raise(SIGSTOP);
		_exit(0);
	}
	ASSERT_EQ(self->child, waitpid(self->child, &status, WUNTRACED));
	ASSERT_EQ(0, watch_process(&self->watch, self->child, &wanted));
	/* Room for one batch */
	setsockopt(self->watch.fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	kill(self->child, SIGCONT);
	ASSERT_EQ(self->child, waitpid(self->child, &status, WUNTRACED));
	ASSERT_TRUE(WIFSTOPPED(status));
	ASSERT_EQ(0, watch_stop(&self->watch));
	do {
		ASSERT_EQ(0, watch_next(&self->watch, &e, WAIT));
		if (e.kind == VMWALK_EVENT_LOST && e.reason == VMWALK_LOST_RING) {
			lost += e.count;
			before = later;
		} else if (e.kind == VMWALK_EVENT_FAULT) {
			later += e.address >= (uintptr_t)self->later &&
				 e.address < (uintptr_t)end;
		}
	} while (e.kind != VMWALK_EVENT_END);
	EXPECT_EQ(FEW, later);
	EXPECT_LT(0, lost);
	EXPECT_EQ(lost, e.lost);
	EXPECT_LE(0, before);
	EXPECT_GE(TWO_BATCHES, before);
}

int main(int argc, char **argv)
{
	return watch_main(argc, argv, test_harness_run);
}
