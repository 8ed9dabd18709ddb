// SPDX-License-Identifier: GPL-2.0
/*
 * Scan private memory whose pages are meanwhile freed and used again for shared memory:
 * SCAN and WALK must describe the page that the entry mapped, not the next use of its
 * frame.
 */
#include <linux/kernel-page-flags.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/fork_bound.h"
#include "lib/machine.h"
#include "states/states.h"

#define SECONDS	4
#define PAGES	256
#define RW	(PROT_READ | PROT_WRITE)

FIXTURE(reuse)
{
	atomic_ulong *laps;	/* rounds finished, counted by the target */
	char *private;		/* at the same address in the target */
	pid_t target;
	int fd;
};

/*
 * Free the private pages one by one, so that a scan that has just read an entry finds its
 * page gone. Then free all of them, let the shared memory take frames, and free these.
 */
static void target_run(char *private, atomic_ulong *laps)
{
	size_t size = PAGES * PAGE_SIZE, at;
	char *shared = mmap(NULL, size, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		_exit(1);
	for (;;) {
		memset(private, 1, size);
		for (at = 0; at < size; at += PAGE_SIZE) {
			madvise(private + at, PAGE_SIZE, MADV_DONTNEED);
			private[at] = 1;
		}
		madvise(private, size, MADV_DONTNEED);
		memset(shared, 2, size);
		madvise(shared, size, MADV_REMOVE);
		atomic_fetch_add(laps, 1);
	}
}

FIXTURE_SETUP(reuse)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->laps = mmap(NULL, PAGE_SIZE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->laps);
	self->private = mmap(NULL, PAGES * PAGE_SIZE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->private);
	ASSERT_EQ(0, madvise(self->private, PAGES * PAGE_SIZE, MADV_NOHUGEPAGE));
	self->target = fork_bound();
	if (!self->target)
		target_run(self->private, self->laps);
	ASSERT_LT(0, self->target);
	self->fd = device_of(self->target);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(reuse)
{
	if (self->target <= 0)
		return;
	kill(self->target, SIGKILL);
	waitpid(self->target, NULL, 0);
	close(self->fd);
}

/* Only the target maps its private memory: a page must be anonymous and mapped once. */
static bool is_its_own(const struct vmwalk_page *page)
{
	return page->traits & VMWALK_PAGE_ANON && !(page->traits & VMWALK_PAGE_MAPPING) &&
	       page->mapcount == 1 && page->kpageflags & 1ULL << KPF_ANON;
}

static bool over(time_t start, atomic_ulong *laps)
{
	/*
	 * After fewer than 10 rounds of the target hardly a frame would have been used
	 * again.
	 */
	return time(NULL) >= start + SECONDS && atomic_load(laps) >= 10;
}

/*
 * Return the number of runs that do not describe private memory, or -1 if SCAN fails. Add
 * the pages that have a description to @pages.
 */
static int scan_pages(int fd, char *private, unsigned int flags, unsigned long *pages)
{
	static struct vmwalk_run runs[PAGES];
	struct vmwalk_scan scan = {
		.flags = VMWALK_SCAN_PAGE | flags,
		.start = (uintptr_t)private,
		.end = (uintptr_t)private + PAGES * PAGE_SIZE,
		.require = VMWALK_SEL_PRESENT,
	};
	int wrong = 0;
	unsigned int i;

	if (device_scan(fd, &scan, runs, PAGES))
		return -1;
	for (i = 0; i < scan.nr; i++) {
		if (!(runs[i].got & VMWALK_RUN_PAGE))
			continue;
		*pages += (runs[i].end - runs[i].start) / PAGE_SIZE;
		wrong += !is_its_own(&runs[i].page) || runs[i].mapcount_max != 1 ||
			 runs[i].shared || !(runs[i].flags_all & 1ULL << KPF_ANON);
	}
	return wrong;
}

TEST_F_TIMEOUT(reuse, a_scan_describes_the_pages_that_the_entries_mapped, 60)
{
	time_t start = time(NULL);
	unsigned long pages = 0;
	unsigned int n = 0;

	while (!over(start, self->laps))
		ASSERT_EQ(0, scan_pages(self->fd, self->private, n++ & VMWALK_SCAN_EACH, &pages));
	EXPECT_LT(100, pages);
}

TEST_F_TIMEOUT(reuse, a_walk_describes_the_page_that_the_entry_mapped, 60)
{
	time_t start = time(NULL);
	struct vmwalk_address walk;
	unsigned long pages = 0;

	while (!over(start, self->laps)) {
		ASSERT_EQ(0, device_walk(self->fd, (uintptr_t)self->private +
					 rand() % PAGES * PAGE_SIZE, &walk));
		if (!(walk.call.got & VMWALK_GOT_STABLE) || !(walk.call.got & VMWALK_GOT_PAGE))
			continue;
		pages++;
		ASSERT_TRUE(is_its_own(&walk.page));
	}
	EXPECT_LT(100, pages);
}

TEST_HARNESS_MAIN
