// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/held_process.h"
#include "lib/proc.h"
#include "lib/raw.h"
#include "lib/scan_whole.h"

#define ROOM	1024
#define RW	(PROT_READ | PROT_WRITE)
#define ANON	(MAP_PRIVATE | MAP_ANONYMOUS)
#define EMPTY	(MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE)
#define SECONDS	90
#define FAR	machine.far

FIXTURE(range)
{
	int fd;
	struct made made;
	struct vmwalk_scan how;
	struct runs runs;
};

FIXTURE_SETUP(range)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->fd = device_of(getpid());
	ASSERT_LE(0, self->fd);
	memset(&self->made, 0, sizeof(self->made));
	self->made.fd = -1;
}

FIXTURE_TEARDOWN(range)
{
	runs_free(&self->runs);
	close(self->fd);
}

static int scan_region(int fd, const char *base, size_t size, struct vmwalk_scan *how,
		       struct runs *runs)
{
	how->start = (uintptr_t)base;
	how->end = how->start + size;
	return runs_read(fd, how, ROOM, runs);
}

/* Count the pieces of consecutive frames in pagemap. Return 0 if it cannot be read. */
static uint32_t pieces(const char *base, size_t pages)
{
	uint64_t before = 0, entry;
	uint32_t count = 0;
	size_t i;

	for (i = 0; i < pages; i++) {
		if (!proc_pagemap(getpid(), (uintptr_t)base + i * PAGE_SIZE, &entry))
			return 0;
		count += !i || (entry & PM_PFN_MASK) != (before & PM_PFN_MASK) + 1;
		before = entry;
	}
	return count;
}

/* Touch pages in shuffled order, so that few frames are consecutive. */
TEST_F(range, tells_how_many_pieces_of_memory_there_are)
{
	const size_t pages = 256;
	const struct vmwalk_run *r;
	uint64_t first, last;
	char *base;
	size_t i;

	ASSERT_TRUE(region_map(&self->made, pages * PAGE_SIZE, RW, ANON, -1));
	base = self->made.base;
	madvise(base, pages * PAGE_SIZE, MADV_NOHUGEPAGE);
	for (i = 0; i < pages; i++)
		base[i * 37 % pages * PAGE_SIZE] = 1;
	ASSERT_EQ(0, scan_region(self->fd, base, pages * PAGE_SIZE, &self->how, &self->runs));
	ASSERT_EQ(1, self->runs.nr);
	r = self->runs.run;
	EXPECT_EQ((uintptr_t)base, r->start);
	EXPECT_EQ((uintptr_t)base + pages * PAGE_SIZE, r->end);
	EXPECT_EQ(pieces(base, pages), r->extents);
	EXPECT_LT(1, r->extents);
	ASSERT_TRUE(proc_pagemap(getpid(), r->start, &first));
	ASSERT_TRUE(proc_pagemap(getpid(), r->end - 1, &last));
	EXPECT_EQ(first & PM_PFN_MASK, r->first);
	EXPECT_EQ(last & PM_PFN_MASK, r->last);
}

static bool frames_are_those_of_pagemap(const struct vmwalk_run *r)
{
	uint64_t first, last;

	return proc_pagemap(getpid(), r->start, &first) &&
	       proc_pagemap(getpid(), r->end - 1, &last) &&
	       r->first == (first & PM_PFN_MASK) && r->last == (last & PM_PFN_MASK) &&
	       r->extents == pieces((const char *)(uintptr_t)r->start,
				    (r->end - r->start) / PAGE_SIZE);
}

/*
 * Make groups of one to four pages, each followed by a hole of as many, and return the
 * number of groups. @pages must be a multiple of 20, the size of four groups with their
 * holes. Touch the pages from the last to the first, so that frames seldom ascend with
 * the addresses.
 */
static size_t touch_groups(char *base, size_t pages)
{
	size_t groups = 0, i, n;

	for (i = 0; i < pages; i += 2 * n) {
		n = 1 + groups % 4;
		groups++;
	}
	for (i = pages; i--; )
		base[i * PAGE_SIZE] = 1;
	for (i = 0, groups = 0; i < pages; i += 2 * n) {
		n = 1 + groups++ % 4;
		madvise(base + (i + n) * PAGE_SIZE, n * PAGE_SIZE, MADV_DONTNEED);
	}
	return groups;
}

/* A table holds many runs here: each must have its own first and last frame. */
TEST_F(range, tells_the_frames_of_each_run_of_sparse_memory)
{
	const size_t pages = 500;
	size_t groups, i;
	char *base;

	ASSERT_TRUE(region_map(&self->made, pages * PAGE_SIZE, RW, ANON, -1));
	base = self->made.base;
	madvise(base, pages * PAGE_SIZE, MADV_NOHUGEPAGE);
	groups = touch_groups(base, pages);
	self->how.require = VMWALK_SEL_PRESENT;
	ASSERT_EQ(0, scan_region(self->fd, base, pages * PAGE_SIZE, &self->how, &self->runs));
	ASSERT_EQ(groups, self->runs.nr);
	for (i = 0; i < groups; i++) {
		EXPECT_EQ((1 + i % 4) * PAGE_SIZE, self->runs.run[i].end - self->runs.run[i].start);
		EXPECT_TRUE(frames_are_those_of_pagemap(&self->runs.run[i]));
	}
}

/*
 * Without VMWALK_SCAN_EACH the pages would be one run. Touch them in shuffled order, so
 * that few frames are consecutive.
 */
TEST_F(range, tells_each_page_apart_though_their_entries_are_alike)
{
	const size_t pages = 200;
	struct vmwalk_scan alone = { .flags = VMWALK_SCAN_EACH | VMWALK_SCAN_PAGE };
	struct runs one;
	size_t i;
	char *base;

	ASSERT_TRUE(region_map(&self->made, pages * PAGE_SIZE, RW, ANON, -1));
	base = self->made.base;
	madvise(base, pages * PAGE_SIZE, MADV_NOHUGEPAGE);
	for (i = 0; i < pages; i++)
		base[i * 37 % pages * PAGE_SIZE] = 1;
	self->how.flags = VMWALK_SCAN_EACH | VMWALK_SCAN_PAGE;
	ASSERT_EQ(0, scan_region(self->fd, base, pages * PAGE_SIZE, &self->how, &self->runs));
	ASSERT_EQ(pages, self->runs.nr);
	for (i = 0; i < pages; i++) {
		const struct vmwalk_run *r = &self->runs.run[i];

		EXPECT_TRUE(frames_are_those_of_pagemap(r));
		/* A scan of this page alone cannot take anything from a neighbour. */
		ASSERT_EQ(0, scan_region(self->fd, base + i * PAGE_SIZE, PAGE_SIZE, &alone, &one));
		ASSERT_EQ(1, one.nr);
		EXPECT_EQ(one.run->page.head_pfn, r->page.head_pfn);
		EXPECT_EQ(one.run->page.index, r->page.index);
		EXPECT_EQ(one.run->page.mapcount, r->page.mapcount);
		EXPECT_EQ(one.run->page.order, r->page.order);
		EXPECT_EQ(one.run->page.node, r->page.node);
		EXPECT_EQ(one.run->page.traits, r->page.traits);
		runs_free(&one);
	}
}

TEST_F(range, tells_that_a_huge_page_is_one_piece)
{
	const size_t pages = THP_SIZE / PAGE_SIZE - 2;
	uint64_t first;
	size_t i;
	const struct vmwalk_run *r;

	if (!state_make(state_find("thp-split"), &self->made))
		SKIP(return, "%s", self->made.why);
	ASSERT_EQ(0, scan_region(self->fd, self->made.base + PAGE_SIZE * 2,
				 pages * PAGE_SIZE, &self->how, &self->runs));
	/*
	 * On arm64 all PTEs can be in contiguous blocks except those of the first block,
	 * in which mprotect() changed one.
	 */
	ASSERT_LE(1, self->runs.nr);
	ASSERT_GE(machine.block ? 2 : 1, self->runs.nr);
	first = self->runs.run[0].first;
	for (i = 0; i < self->runs.nr; i++) {
		r = &self->runs.run[i];
		EXPECT_EQ(machine.page_shift, r->page_shift);
		EXPECT_EQ(1, r->extents);
		EXPECT_EQ(first, r->first);
		first = r->last + 1;
	}
	EXPECT_EQ(self->runs.run[0].first + pages, first);
	EXPECT_EQ(1, pieces(self->made.base + PAGE_SIZE * 2, pages));
}

TEST_F(range, may_begin_within_a_huge_page)
{
	static const char * const states[] = { "thp", "hugetlb", "hugetlb-1g" };
	const size_t skips[] = { 1, 3, THP_SIZE / PAGE_SIZE - 1 };
	const struct vmwalk_run *r;
	struct vmwalk_address walk;
	uint64_t at;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		if (!state_make(state_find(states[i]), &self->made))
			continue;
		for (j = 0; j < ARRAY_SIZE(skips); j++) {
			at = (uintptr_t)self->made.base + skips[j] * PAGE_SIZE;
			self->how.flags = VMWALK_SCAN_PAGE;
			ASSERT_EQ(0, scan_region(self->fd, (char *)at, 2 * PAGE_SIZE, &self->how,
						 &self->runs));
			ASSERT_LE(1, self->runs.nr);
			r = self->runs.run;
			ASSERT_EQ(0, device_walk(self->fd, at, &walk));
			EXPECT_EQ(at, r->start);
			EXPECT_EQ(walk.call.pfn, r->first);
			EXPECT_EQ(walk.page.head_pfn, r->page.head_pfn);
			EXPECT_EQ(walk.call.kind, r->kind);
			EXPECT_LE(raw_level_shift(VMWALK_LEVEL_PMD), r->page_shift);
			EXPECT_LE(r->end, at + 2 * PAGE_SIZE);
			runs_free(&self->runs);
		}
		state_undo(&self->made);
	}
}

/*
 * MADV_DONTFORK and MADV_DONTDUMP set flags of VMAs, so that there are four VMAs with
 * equal entries.
 */
TEST_F(range, cuts_runs_where_a_vma_ends)
{
	const int names[] = { MADV_DONTFORK, MADV_DONTDUMP };
	size_t i;

	ASSERT_TRUE(region_map(&self->made, 32 * PAGE_SIZE, RW, ANON, -1));
	madvise(self->made.base, 32 * PAGE_SIZE, MADV_NOHUGEPAGE);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		ASSERT_EQ(0, madvise(self->made.base + (8 + 8 * i) * PAGE_SIZE, 8 * PAGE_SIZE,
				     names[i]));
	ASSERT_EQ(0, scan_region(self->fd, self->made.base, 32 * PAGE_SIZE, &self->how,
				 &self->runs));
	ASSERT_EQ(4, self->runs.nr);
	for (i = 0; i < 4; i++) {
		EXPECT_EQ(VMWALK_CLASS_NONE, self->runs.run[i].state);
		EXPECT_EQ((uintptr_t)self->made.base + i * 8 * PAGE_SIZE,
			  self->runs.run[i].start);
		EXPECT_EQ(8 * PAGE_SIZE, self->runs.run[i].end - self->runs.run[i].start);
	}
	runs_free(&self->runs);
	memset(self->made.base, 1, 32 * PAGE_SIZE);
	ASSERT_EQ(0, scan_region(self->fd, self->made.base, 32 * PAGE_SIZE, &self->how,
				 &self->runs));
	EXPECT_EQ(4, self->runs.nr);
}

/*
 * Neighbours that differ only in the accessed bit must be separate runs. clear_refs does
 * not flush the TLB, so that reading a cached page would not set the bit: flush it by
 * mprotect(), and do this first, because on riscv mprotect() sets the bit.
 */
TEST_F(range, cuts_runs_where_pages_were_accessed_and_others_not)
{
	const size_t pages = 16;
	volatile char *base;
	size_t i;

	ASSERT_TRUE(region_map(&self->made, pages * PAGE_SIZE, RW, ANON, -1));
	base = self->made.base;
	madvise(self->made.base, pages * PAGE_SIZE, MADV_NOHUGEPAGE);
	memset(self->made.base, 1, pages * PAGE_SIZE);
	ASSERT_EQ(0, mprotect(self->made.base, pages * PAGE_SIZE, PROT_READ));
	ASSERT_EQ(0, mprotect(self->made.base, pages * PAGE_SIZE, RW));
	ASSERT_TRUE(setting_write("/proc/self/clear_refs", "1"));
	for (i = 0; i < pages; i += 2)
		(void)base[i * PAGE_SIZE];
	self->how.entry_flags = VMWALK_E_ACCESSED;
	ASSERT_EQ(0, scan_region(self->fd, self->made.base, pages * PAGE_SIZE, &self->how,
				 &self->runs));
	ASSERT_EQ(pages, self->runs.nr);
	for (i = 0; i < pages; i++) {
		EXPECT_EQ((uintptr_t)base + i * PAGE_SIZE, self->runs.run[i].start);
		EXPECT_EQ(i % 2 ? 0 : VMWALK_E_ACCESSED, self->runs.run[i].flags);
	}
	runs_free(&self->runs);
	self->how.entry_flags = 0;
	ASSERT_EQ(0, scan_region(self->fd, self->made.base, pages * PAGE_SIZE, &self->how,
				 &self->runs));
	EXPECT_EQ(1, self->runs.nr);
}

/* An empty upper entry covers more than the VMA: its run must end with the VMA. */
TEST_F(range, ends_with_its_vma_within_an_empty_entry)
{
	char *base = (char *)FAR + 5 * PAGE_SIZE;

	ASSERT_EQ(base, mmap(base, 3 * PAGE_SIZE, RW, EMPTY | MAP_FIXED_NOREPLACE, -1, 0));
	self->how.start = FAR - GIB;
	self->how.end = FAR + GIB;
	ASSERT_EQ(0, runs_read(self->fd, &self->how, ROOM, &self->runs));
	ASSERT_EQ(1, self->runs.nr);
	EXPECT_EQ((uintptr_t)base, self->runs.run[0].start);
	EXPECT_EQ((uintptr_t)base + 3 * PAGE_SIZE, self->runs.run[0].end);
	EXPECT_EQ(VMWALK_CLASS_NONE, self->runs.run[0].state);
	EXPECT_LE(raw_level_shift(VMWALK_LEVEL_PUD), self->runs.run[0].page_shift);
}

TEST_F(range, has_nothing_of_a_hole)
{
	ASSERT_TRUE(region_map(&self->made, 9 * PAGE_SIZE, RW, ANON, -1));
	munmap(self->made.base + 3 * PAGE_SIZE, 3 * PAGE_SIZE);
	ASSERT_EQ(0, scan_region(self->fd, self->made.base, 9 * PAGE_SIZE, &self->how,
				 &self->runs));
	ASSERT_EQ(2, self->runs.nr);
	EXPECT_EQ((uintptr_t)self->made.base + 3 * PAGE_SIZE, self->runs.run[0].end);
	EXPECT_EQ((uintptr_t)self->made.base + 6 * PAGE_SIZE, self->runs.run[1].start);
	runs_free(&self->runs);
	ASSERT_EQ(0, scan_region(self->fd, self->made.base + 3 * PAGE_SIZE, 3 * PAGE_SIZE,
				 &self->how, &self->runs));
	EXPECT_EQ(0, self->runs.nr);
	EXPECT_EQ(1, self->runs.calls);
}

/* Consecutive entries join into one run, wherever their swap slots are. */
TEST_F(range, tells_the_slots_of_what_is_in_swap)
{
	struct vmwalk_run *r;
	uint64_t entry, slot = 0;
	uint32_t count = 0;
	uint64_t at;

	if (!state_make(state_find("swapped"), &self->made))
		SKIP(return, "%s", self->made.why);
	ASSERT_EQ(0, scan_region(self->fd, self->made.base, self->made.size, &self->how,
				 &self->runs));
	ASSERT_EQ(1, self->runs.nr);
	r = self->runs.run;
	EXPECT_EQ(VMWALK_CLASS_SWAP, r->state);
	for (at = r->start; at < r->end; at += PAGE_SIZE) {
		ASSERT_TRUE(proc_pagemap(getpid(), at, &entry));
		ASSERT_TRUE(entry & PM_SWAP);
		EXPECT_EQ(PM_SWAP_TYPE(entry), r->detail);
		if (at == r->start)
			EXPECT_EQ(PM_SWAP_SLOT(entry), r->first);
		count += at == r->start || PM_SWAP_SLOT(entry) != slot + 1;
		slot = PM_SWAP_SLOT(entry);
	}
	EXPECT_EQ(slot, r->last);
	EXPECT_EQ(count, r->extents);
}

/*
 * Map as much address space as mmap() gives in pieces of 1 GiB and more, at most 2^56
 * bytes. Return the bytes mapped.
 */
static size_t empty_map(void)
{
	size_t size, sum = 0;

	for (size = 1UL << 55; size >= 1UL << 30; size >>= 1)
		while (sum < 1UL << 56 && mmap(NULL, size, RW, EMPTY, -1, 0) != MAP_FAILED)
			sum += size;
	return sum;
}

/* The cost of SCAN must not depend on how much an empty upper entry covers. */
TEST_F_TIMEOUT(range, of_an_empty_terabyte_costs_next_to_nothing, SECONDS)
{
	size_t sum = empty_map(), before = 0, none = 0, i;
	struct timespec began, ended;
	struct tables tables;
	double seconds;

	/*
	 * machine.far is 3/8 of the user range, or of 2^47 if that is less: mmap() must
	 * have filled half of the range.
	 */
	ASSERT_LT(machine.far / 3 * 4, sum);
	self->how.end = ~0ULL;
	/* Warm up: the scan's own arrays need page tables, too. */
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, runs_read(self->fd, &self->how, ROOM, &self->runs));
		runs_free(&self->runs);
		ASSERT_EQ(0, tables_read(self->fd, 0, ~0ULL, ROOM, &tables));
		before = tables.nr;
		tables_free(&tables);
		clock_gettime(CLOCK_MONOTONIC, &began);
	}
	clock_gettime(CLOCK_MONOTONIC, &began);
	ASSERT_EQ(0, runs_read(self->fd, &self->how, ROOM, &self->runs));
	clock_gettime(CLOCK_MONOTONIC, &ended);
	seconds = ended.tv_sec - began.tv_sec + (ended.tv_nsec - began.tv_nsec) / 1e9;
	for (i = 0; i < self->runs.nr; i++)
		if (self->runs.run[i].state == VMWALK_CLASS_NONE)
			none += self->runs.run[i].end - self->runs.run[i].start;
	EXPECT_LE(sum, none);
	EXPECT_GT(200, self->runs.nr);
	EXPECT_EQ(1, self->runs.calls);
	/* Reading an entry for each page would take far longer. */
	EXPECT_GT(5, seconds);
	runs_free(&self->runs);
	ASSERT_EQ(0, tables_read(self->fd, 0, ~0ULL, ROOM, &tables));
	EXPECT_EQ(before, tables.nr);
	tables_free(&tables);
}

TEST_F(range, tells_the_size_of_the_smallest_empty_entry)
{
	const struct {
		size_t size;
		uint8_t shift;
	} rows[] = {
		{ PUD_SIZE, raw_level_shift(VMWALK_LEVEL_PUD) },
		{ THP_SIZE, raw_level_shift(VMWALK_LEVEL_PMD) },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ASSERT_TRUE(region_map_aligned(&self->made, 4 * rows[i].size, PUD_SIZE, RW,
					       EMPTY, -1));
		madvise(self->made.base, 4 * rows[i].size, MADV_NOHUGEPAGE);
		ASSERT_EQ(0, scan_region(self->fd, self->made.base, rows[i].size, &self->how,
					 &self->runs));
		ASSERT_EQ(1, self->runs.nr);
		EXPECT_LE(rows[i].shift, self->runs.run[0].page_shift);
		runs_free(&self->runs);
		/* Beside a mapped page, the smallest empty entries are PTEs. */
		self->made.base[0] = 1;
		ASSERT_EQ(0, scan_region(self->fd, self->made.base, 4 * rows[i].size, &self->how,
					 &self->runs));
		ASSERT_EQ(2, self->runs.nr);
		EXPECT_EQ(machine.page_shift, self->runs.run[1].page_shift);
		EXPECT_EQ(4 * rows[i].size - PAGE_SIZE,
			  self->runs.run[1].end - self->runs.run[1].start);
		runs_free(&self->runs);
		munmap(self->made.base, 4 * rows[i].size);
	}
}

static volatile sig_atomic_t alarms;

static void alarm_count(int signal)
{
	(void)signal;
	alarms++;
}

TEST_F_TIMEOUT(range, goes_on_after_a_signal, SECONDS)
{
	const struct itimerval often = { { 0, 300 }, { 0, 300 } }, never = { 0 };
	struct sigaction act = { .sa_handler = alarm_count };
	const size_t pages = 4096;
	unsigned int stopped = 0;
	struct vmwalk_run run;
	uint64_t at, end;
	int i;

	ASSERT_TRUE(region_map(&self->made, pages * PAGE_SIZE, RW, ANON, -1));
	/* With huge pages the scan would be too short to be interrupted. */
	madvise(self->made.base, pages * PAGE_SIZE, MADV_NOHUGEPAGE);
	memset(self->made.base, 1, pages * PAGE_SIZE);
	sigaction(SIGALRM, &act, NULL);
	self->how.flags = VMWALK_SCAN_PAGE;
	self->how.require = VMWALK_SEL_SWAP;
	end = (uintptr_t)self->made.base + pages * PAGE_SIZE;
	setitimer(ITIMER_REAL, &often, NULL);
	for (i = 0; i < 200 && stopped < 50; i++) {
		for (at = (uintptr_t)self->made.base; at < end; at = self->how.walk_end) {
			self->how.start = at;
			self->how.end = end;
			ASSERT_EQ(0, device_scan(self->fd, &self->how, &run, 1));
			ASSERT_LT(at, self->how.walk_end);
			ASSERT_GE(end, self->how.walk_end);
			ASSERT_EQ(0, self->how.nr);
			if (self->how.walk_end == end)
				break;
			ASSERT_EQ(VMWALK_STOP_SIGNAL, self->how.stop);
			stopped++;
		}
		EXPECT_EQ(VMWALK_STOP_END, self->how.stop);
	}
	setitimer(ITIMER_REAL, &never, NULL);
	EXPECT_LT(0, alarms);
	EXPECT_LT(0, stopped);
}

TEST_HARNESS_MAIN
