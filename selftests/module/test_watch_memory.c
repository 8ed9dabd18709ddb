// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/fork_bound.h"
#include "lib/machine.h"
#include "lib/watch_client.h"
#include "states/states.h"

#define WAIT	20000	/* ms to wait for an event */
#define QUIET	500
#define PAGES	8
#define TRIES	100
#define THP_ENABLED	"/sys/kernel/mm/transparent_hugepage/enabled"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif
#define OURS	-1	/* instead of a pidfd: this process itself */

FIXTURE(memory)
{
	struct watch watch;
	struct event event;
	char *base, *at;
	char enabled[32];	/* THP setting to restore, or "" */
};

FIXTURE_SETUP(memory)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->watch.fd = -1;
	self->base = mmap(NULL, 2 * THP_SIZE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->base);
	self->at = (char *)(((uintptr_t)self->base + THP_SIZE - 1) & -THP_SIZE);
	madvise(self->base, 2 * THP_SIZE, MADV_NOHUGEPAGE);
}

FIXTURE_TEARDOWN(memory)
{
	if (*self->enabled)
		setting_write(THP_ENABLED, self->enabled);
	watch_close(&self->watch);
	munmap(self->base, 2 * THP_SIZE);
}

/*
 * Collapse the range into a huge page. Return 0 or a negative errno. MADV_COLLAPSE can
 * fail with EAGAIN or EBUSY for a moment, for example while a page is isolated from the
 * LRU: retry.
 */
static int collapse(int pidfd, char *at)
{
	struct iovec all = { at, THP_SIZE };
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		if (pidfd == OURS ? !madvise(at, THP_SIZE, MADV_COLLAPSE) :
				    syscall(SYS_process_madvise, pidfd, &all, 1, MADV_COLLAPSE,
					    0) == (long)THP_SIZE)
			return 0;
		if (errno != EAGAIN && errno != EBUSY)
			break;
		usleep(10000);
	}
	return -errno;
}

/*
 * With THP disabled khugepaged makes no attempt, so that all COLLAPSE events come from
 * this thread: MADV_COLLAPSE ignores the setting.
 */
TEST_F(memory, that_becomes_a_huge_page_is_told)
{
	int err;

	ASSERT_EQ(0, watch_self(&self->watch, VMWALK_BIT(VMWALK_EVENT_COLLAPSE)));
	if (!(self->watch.sources & VMWALK_SOURCE_COLLAPSE))
		SKIP(return, "no tracepoint mm_collapse_huge_page");
	if (!setting_swap(THP_ENABLED, "never", self->enabled, sizeof(self->enabled)))
		SKIP(return, THP_ENABLED ": %s", strerror(errno));
	madvise(self->at, THP_SIZE, MADV_HUGEPAGE);
	touch_pages(self->at, PAGES);
	err = collapse(OURS, self->at);
	if (err == -EINVAL || err == -ENOMEM)
		SKIP(return, "MADV_COLLAPSE: %s", strerror(-err));
	ASSERT_EQ(0, err);
	do {
		ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_COLLAPSE, &self->event,
					   WAIT));
		EXPECT_EQ(getpid(), self->event.tgid);
		EXPECT_EQ(getpid(), self->event.tid);
	} while (!self->event.done);
	EXPECT_EQ(__builtin_ctzl(THP_SIZE / PAGE_SIZE), self->event.order);
	EXPECT_EQ(-ETIMEDOUT, watch_next_of(&self->watch, VMWALK_EVENT_COLLAPSE, &self->event,
					    QUIET));
}

/*
 * Fork a child that populates the memory, writes a byte to @ready and waits to be killed.
 * Return its pid, or -1.
 */
static pid_t owner_start(char *at, int ready)
{
	pid_t child = fork_bound();

	if (child)
		return child;
	touch_pages(at, THP_SIZE / PAGE_SIZE);
	if (write(ready, "r", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

TEST_F(memory, that_another_process_makes_a_huge_page_of_is_told_of_no_thread)
{
	const struct wanted wanted = {
		.flags = VMWALK_WATCH_THREADS, .events = VMWALK_BIT(VMWALK_EVENT_COLLAPSE),
	};
	int ends[2], pidfd, err;
	pid_t owner;
	char byte;

	if (!setting_swap(THP_ENABLED, "never", self->enabled, sizeof(self->enabled)))
		SKIP(return, THP_ENABLED ": %s", strerror(errno));
	madvise(self->at, THP_SIZE, MADV_HUGEPAGE);
	ASSERT_EQ(0, pipe(ends));
	owner = owner_start(self->at, ends[1]);
	ASSERT_EQ(1, read(ends[0], &byte, 1));
	pidfd = syscall(SYS_pidfd_open, owner, 0);
	ASSERT_LE(0, pidfd);
	ASSERT_EQ(0, watch_process(&self->watch, owner, &wanted));
	err = collapse(pidfd, self->at);
	kill(owner, SIGKILL);
	waitpid(owner, NULL, 0);
	if (!(self->watch.sources & VMWALK_SOURCE_COLLAPSE))
		SKIP(return, "no tracepoint mm_collapse_huge_page");
	if (err == -EINVAL || err == -ENOMEM || err == -EPERM)
		SKIP(return, "process_madvise MADV_COLLAPSE: %s", strerror(-err));
	ASSERT_EQ(0, err);
	do {
		ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_COLLAPSE, &self->event,
					   WAIT));
		EXPECT_EQ(owner, self->event.tgid);
		EXPECT_EQ(0, self->event.tid);
	} while (!self->event.done);
}

TEST_F(memory, whose_translations_are_dropped_is_told_with_their_number)
{
	ASSERT_EQ(0, watch_self(&self->watch, VMWALK_BIT(VMWALK_EVENT_TLB)));
	if (!(self->watch.sources & VMWALK_SOURCE_TLB))
		SKIP(return, "no tracepoint tlb_flush");
	touch_pages(self->at, PAGES);
	ASSERT_EQ(0, mprotect(self->at, PAGES * PAGE_SIZE, PROT_READ));
	do {
		ASSERT_EQ(0, watch_next(&self->watch, &self->event, WAIT));
		ASSERT_EQ(VMWALK_EVENT_TLB, self->event.kind);
	} while (self->event.flush != VMWALK_FLUSH_LOCAL_MM || self->event.pages != PAGES);
	EXPECT_EQ(getpid(), self->event.tgid);
	EXPECT_EQ(getpid(), self->event.tid);
}

TEST_F(memory, whose_translations_are_dropped_is_not_told_unasked)
{
	struct watch other;

	ASSERT_EQ(0, watch_self(&self->watch, 0));
	EXPECT_FALSE(self->watch.sources & VMWALK_SOURCE_TLB);
	ASSERT_EQ(0, watch_self(&other, VMWALK_BIT(VMWALK_EVENT_TLB)));
	if (!(other.sources & VMWALK_SOURCE_TLB))
		SKIP(return, "no tracepoint tlb_flush");
	touch_pages(self->at, PAGES);
	ASSERT_EQ(0, mprotect(self->at, PAGES * PAGE_SIZE, PROT_READ));
	EXPECT_EQ(-ETIMEDOUT, watch_next_of(&self->watch, VMWALK_EVENT_TLB, &self->event, QUIET));
	EXPECT_EQ(0, watch_next(&other, &self->event, WAIT));
	watch_close(&other);
}

int main(int argc, char **argv)
{
	return watch_main(argc, argv, test_harness_run);
}
