// SPDX-License-Identifier: GPL-2.0
/*
 * What is done to the memory of a process beside its faults: base pages that become a huge
 * one, and translations that are dropped from the TLB. The program watches itself.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include "kselftest_harness.h"
#include "device.h"
#include "machine.h"
#include "states.h"
#include "watch.h"

#define WAIT	20000	/* ms */
#define QUIET	500
#define PAGES	8
#define TRIES	100
#define THP_ENABLED	"/sys/kernel/mm/transparent_hugepage/enabled"

/* Of 6.1; asm-generic/mman-common.h */
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif

FIXTURE(memory)
{
	struct watch watch;
	struct event event;
	char *base, *at;
	char enabled[32];	/* the setting to put back, if one was changed */
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

static int subscribe(struct watch *watch, uint32_t events)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS, .events = events };

	return watch_process(watch, getpid(), &wanted);
}

static void touch(char *at, size_t pages)
{
	size_t i;

	for (i = 0; i < pages; i++)
		*(volatile char *)(at + i * PAGE_SIZE) = 1;
}

/* MADV_COLLAPSE gives up at once if a page is in somebody's hands, for instance in a batch. */
static int collapse(char *at)
{
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		if (!madvise(at, THP_SIZE, MADV_COLLAPSE))
			return 0;
		if (errno != EAGAIN && errno != EBUSY)
			break;
		usleep(10000);
	}
	return -errno;
}

/*
 * Where huge pages are not enabled khugepaged stays away, so that all attempts are this
 * thread's: MADV_COLLAPSE does not ask for the setting.
 */
TEST_F(memory, that_becomes_a_huge_page_is_told)
{
	int err;

	ASSERT_EQ(0, subscribe(&self->watch, VMWALK_BIT(VMWALK_EVENT_COLLAPSE)));
	if (!(self->watch.sources & VMWALK_SOURCE_COLLAPSE))
		SKIP(return, "no tracepoint mm_collapse_huge_page");
	if (!setting_swap(THP_ENABLED, "never", self->enabled, sizeof(self->enabled)))
		SKIP(return, THP_ENABLED ": %s", strerror(errno));
	madvise(self->at, THP_SIZE, MADV_HUGEPAGE);
	touch(self->at, PAGES);
	err = collapse(self->at);
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
	/* It is one now, and there is nothing more to be done. */
	EXPECT_EQ(-ETIMEDOUT, watch_next_of(&self->watch, VMWALK_EVENT_COLLAPSE, &self->event,
					    QUIET));
}

TEST_F(memory, whose_translations_are_dropped_is_told_with_their_number)
{
	ASSERT_EQ(0, subscribe(&self->watch, VMWALK_BIT(VMWALK_EVENT_TLB)));
	if (!(self->watch.sources & VMWALK_SOURCE_TLB))
		SKIP(return, "no tracepoint tlb_flush");
	touch(self->at, PAGES);
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

	ASSERT_EQ(0, subscribe(&self->watch, 0));
	EXPECT_FALSE(self->watch.sources & VMWALK_SOURCE_TLB);
	ASSERT_EQ(0, subscribe(&other, VMWALK_BIT(VMWALK_EVENT_TLB)));
	if (!(other.sources & VMWALK_SOURCE_TLB))
		SKIP(return, "no tracepoint tlb_flush");
	touch(self->at, PAGES);
	ASSERT_EQ(0, mprotect(self->at, PAGES * PAGE_SIZE, PROT_READ));
	EXPECT_EQ(-ETIMEDOUT, watch_next_of(&self->watch, VMWALK_EVENT_TLB, &self->event, QUIET));
	EXPECT_EQ(0, watch_next(&other, &self->event, WAIT));
	watch_close(&other);
}

int main(int argc, char **argv)
{
	return watch_main(argc, argv, test_harness_run);
}
