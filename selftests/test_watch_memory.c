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
#include "watch.h"

#define WAIT	20000	/* ms */
#define QUIET	500
#define PAGES	8

/* Of 6.1; asm-generic/mman-common.h */
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif

FIXTURE(memory)
{
	struct watch watch;
	struct event event;
	char *base, *at;
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

TEST_F(memory, that_becomes_a_huge_page_is_told)
{
	ASSERT_EQ(0, subscribe(&self->watch, VMWALK_BIT(VMWALK_EVENT_COLLAPSE)));
	if (!(self->watch.sources & VMWALK_SOURCE_COLLAPSE))
		SKIP(return, "no tracepoint mm_collapse_huge_page");
	touch(self->at, PAGES);
	if (madvise(self->at, THP_SIZE, MADV_HUGEPAGE) ||
	    madvise(self->at, THP_SIZE, MADV_COLLAPSE))
		SKIP(return, "MADV_COLLAPSE: %s", strerror(errno));
	/* khugepaged, which is no thread of ours, may have tried before, or been first. */
	do {
		ASSERT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_COLLAPSE, &self->event,
					   WAIT));
		EXPECT_EQ(getpid(), self->event.tgid);
		EXPECT_TRUE(self->event.tid == getpid() || !self->event.tid);
	} while (!self->event.done);
	EXPECT_EQ(__builtin_ctzl(THP_SIZE / PAGE_SIZE), self->event.order);
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
	ASSERT_EQ(0, subscribe(&self->watch, 0));
	if (!(self->watch.sources & VMWALK_SOURCE_TLB))
		SKIP(return, "no tracepoint tlb_flush");
	touch(self->at, PAGES);
	ASSERT_EQ(0, mprotect(self->at, PAGES * PAGE_SIZE, PROT_READ));
	EXPECT_EQ(-ETIMEDOUT, watch_next_of(&self->watch, VMWALK_EVENT_TLB, &self->event, QUIET));
}

int main(int argc, char **argv)
{
	return watch_main(argc, argv, test_harness_run);
}
