// SPDX-License-Identifier: GPL-2.0
/*
 * Test faults that are still in progress when one subscriber leaves and another one
 * subscribes.
 *
 * A thread of the watched process faults while the main thread holds the mmap lock for
 * writing nearly all the time. The fault waits for the lock, and the first subscriber has
 * often gone before it continues.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/fork_bound.h"
#include "lib/watch_client.h"

#define SECONDS	180
#define ROUNDS	6
#define PLACES	(2 * ROUNDS)
#define LOCKED	(64UL << 20)	/* bytes that mprotect() changes with the lock held */
#define PATIENCE 60000		/* ms until a wait is given up */

/*
 * Shared by the watched process and the watcher. @told, @tried and @done are numbers of
 * touches, from 1.
 */
struct turns {
	int told;		/* set by the watcher: the thread shall do this touch */
	int tried;		/* set by the thread before the touch */
	int done;		/* set by the thread after the touch */
	int ready;
};

FIXTURE(late)
{
	struct turns *turns;
	struct watch watch;
	pid_t pid;
	char *places;
	size_t page;
};

FIXTURE_VARIANT(late)
{
	bool same;
};

FIXTURE_VARIANT_ADD(late, at_another_page) { .same = false };
FIXTURE_VARIANT_ADD(late, at_the_same_page) { .same = true };

struct hand {
	struct turns *turns;
	char *places;
	size_t stride;
	bool same;		/* fault twice at every other place, not once at each */
};

static void say(int *turn, int value)
{
	__atomic_store_n(turn, value, __ATOMIC_SEQ_CST);
}

static bool is_said(const int *turn, int value)
{
	return __atomic_load_n(turn, __ATOMIC_SEQ_CST) >= value;
}

static bool wait_for(const int *turn, int value)
{
	int ms;

	for (ms = 0; ms < PATIENCE && !is_said(turn, value); ms++)
		usleep(1000);
	return is_said(turn, value);
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

static void *hand_run(void *arg)
{
	const struct hand *hand = arg;
	char *place;
	int i;

	for (i = 1; i <= PLACES; i++) {
		while (!is_said(&hand->turns->told, i))
			sched_yield();
		place = hand->places + (hand->same ? (i - 1) & ~1 : i - 1) * hand->stride;
		madvise(place, hand->stride / 2, MADV_DONTNEED);
		say(&hand->turns->tried, i);
		*(volatile char *)place = 1;
		say(&hand->turns->done, i);
	}
	return NULL;
}

static void target_run(struct hand *hand)
{
	char *locked = mmap(NULL, LOCKED, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pthread_t thread;
	size_t i;

	if (locked == MAP_FAILED)
		_exit(1);
	madvise(locked, LOCKED, MADV_NOHUGEPAGE);
	for (i = 0; i < LOCKED; i += hand->stride / 2)
		locked[i] = 1;
	if (pthread_create(&thread, NULL, hand_run, hand))
		_exit(1);
	say(&hand->turns->ready, 1);
	for (;;) {
		mprotect(locked, LOCKED, PROT_READ);
		mprotect(locked, LOCKED, PROT_READ | PROT_WRITE);
	}
}

/* Make PLACES VMAs of one page each. PROT_NONE pages keep them apart. */
static char *places_make(size_t page)
{
	char *places = mmap(NULL, 2 * PLACES * page, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i;

	if (places == MAP_FAILED)
		return NULL;
	for (i = 0; i < PLACES; i++)
		if (mprotect(places + 2 * i * page, page, PROT_READ | PROT_WRITE))
			return NULL;
	return places;
}

FIXTURE_SETUP(late)
{
	struct hand hand;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->watch.fd = -1;
	self->page = getpagesize();
	self->places = places_make(self->page);
	ASSERT_NE(NULL, self->places);
	self->turns = mmap(NULL, self->page, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->turns);
	hand = (struct hand) { self->turns, self->places, 2 * self->page, variant->same };
	self->pid = fork_bound();
	if (!self->pid)
		target_run(&hand);
	ASSERT_LT(0, self->pid);
	ASSERT_TRUE(wait_for(&self->turns->ready, 1));
}

FIXTURE_TEARDOWN(late)
{
	watch_close(&self->watch);
	kill(self->pid, SIGKILL);
	waitpid(self->pid, NULL, 0);
}

TEST_F_TIMEOUT(late, subscribers_hear_nothing_of_faults_that_began_before_them, SECONDS)
{
	const struct wanted wanted = {
		.flags = VMWALK_WATCH_THREADS,
		.records = 64,
		.events = VMWALK_BIT(VMWALK_EVENT_FAULT),
	};
	struct turns *turns = self->turns;
	uintptr_t place;
	uint64_t begun;
	struct event e;
	int i;

	for (i = 1; i <= PLACES; i += 2) {
		place = (uintptr_t)self->places + 2 * (variant->same ? i - 1 : i) * self->page;
		ASSERT_EQ(0, watch_process(&self->watch, self->pid, &wanted));
		say(&turns->told, i);
		while (!is_said(&turns->tried, i))
			sched_yield();
		watch_close(&self->watch);
		ASSERT_TRUE(wait_for(&turns->done, i));
		ASSERT_EQ(0, watch_process(&self->watch, self->pid, &wanted));
		begun = now();
		say(&turns->told, i + 1);
		ASSERT_EQ(0, watch_fault_in(&self->watch, self->places, 2 * PLACES * self->page,
					    &e));
		EXPECT_EQ(place, e.address & -self->page);
		EXPECT_EQ(VMWALK_ENDED_MINOR, e.outcome);
		EXPECT_LT(begun, e.time - e.ns);
		ASSERT_TRUE(wait_for(&turns->done, i + 1));
		watch_close(&self->watch);
	}
}

int main(int argc, char **argv)
{
	return watch_main(argc, argv, test_harness_run);
}
