// SPDX-License-Identifier: GPL-2.0
/*
 * Test WALK of a page under migration. A migration entry exists for microseconds only, so
 * a child moves pages, and the test walks them until it sees one or time is up.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <linux/mempolicy.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/fork_bound.h"
#include "lib/raw.h"
#include "states/states.h"

#define PAGES	1024
#define SIZE	(PAGES * PAGE_SIZE)
#define LIMIT	30	/* s until the test gives up */
#define PFNS	((1ULL << 34) - 1)	/* PFN in the swap offset; flags lie above it */

#ifndef MADV_SOFT_OFFLINE
#define MADV_SOFT_OFFLINE	101
#endif

/*
 * Move the owner's pages back and forth between two NUMA nodes. The test walks page
 * *@current, which is another one in each turn.
 */
static void nodes_loop(char *region, pid_t owner, volatile unsigned int *current)
{
	static void *pages[PAGES];
	static int nodes[PAGES], status[PAGES];
	unsigned int i, node;

	for (i = 0; i < PAGES; i++)
		pages[i] = region + i * PAGE_SIZE;
	for (node = 0;; node ^= 1) {
		for (i = 0; i < PAGES; i++)
			nodes[i] = node;
		syscall(SYS_move_pages, owner, PAGES, pages, nodes, status, MPOL_MF_MOVE_ALL);
		*current = (*current + 1) % (PAGES - 1);
	}
}

/*
 * Without a second node, soft-offline pages that owner and mover share, which migrates
 * them. The old frames are unusable until the next boot, so offline each page only once.
 */
static void offline_loop(char *region, volatile unsigned int *current)
{
	for (*current = 0; *current < PAGES - 1; *current += 1)
		madvise(region + *current * PAGE_SIZE, PAGE_SIZE, MADV_SOFT_OFFLINE);
}

static pid_t mover_start(char *region, volatile unsigned int *current)
{
	pid_t owner = getpid(), mover = fork_bound();

	if (!mover) {
		if (access("/sys/devices/system/node/node1", F_OK))
			offline_loop(region, current);
		else
			nodes_loop(region, owner, current);
		_exit(0);
	}
	return mover;
}

/*
 * With a length of 0, madvise() only checks whether the kernel knows MADV_SOFT_OFFLINE.
 */
static bool can_move(void)
{
	return !access("/sys/devices/system/node/node1", F_OK) ||
	       !madvise(NULL, 0, MADV_SOFT_OFFLINE);
}

/*
 * Return true if WALK saw a migration entry before time was up or offline_loop() was
 * done.
 */
static bool migration_catch(int fd, char *region, volatile unsigned int *current,
			    struct vmwalk_address *walk)
{
	time_t end = time(NULL) + LIMIT;

	while (time(NULL) < end && *current < PAGES - 1)
		if (!device_walk(fd, (uintptr_t)region + *current * PAGE_SIZE, walk) &&
		    walk->entry[VMWALK_LEVEL_PTE].type == VMWALK_CLASS_MIGRATION)
			return true;
	return false;
}

FIXTURE(migration)
{
	int fd;
};

FIXTURE_SETUP(migration)
{
	self->fd = device_of(getpid());
	if (self->fd == -ENOENT)
		SKIP(return, DEVICE_MISSING);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(migration)
{
	close(self->fd);
}

TEST_F_TIMEOUT(migration, entry_names_the_frame_that_is_left, 3 * LIMIT)
{
	const struct vmwalk_entry *e;
	volatile unsigned int *current;
	struct vmwalk_address walk;
	char *region;
	bool caught;
	pid_t mover;

	if (!can_move())
		SKIP(return, "no second node, and no MADV_SOFT_OFFLINE (CONFIG_MEMORY_FAILURE)");
	region = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, region);
	madvise(region, SIZE, MADV_NOHUGEPAGE);
	memset(region, 'm', SIZE);
	current = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	ASSERT_NE(MAP_FAILED, current);
	mover = mover_start(region, current);
	ASSERT_LT(0, mover);
	caught = migration_catch(self->fd, region, current, &walk);
	kill(mover, SIGKILL);
	waitpid(mover, NULL, 0);
	if (!caught)
		SKIP(return, "no migration entry was seen while %u pages moved", PAGES);
	e = &walk.entry[VMWALK_LEVEL_PTE];
	EXPECT_FALSE(raw_present(e->value));
	EXPECT_EQ(0, e->flags & VMWALK_E_PRESENT);
	EXPECT_TRUE(walk.call.got & VMWALK_GOT_PFN);
	EXPECT_EQ(raw_swap_offset(e->value) & PFNS, walk.call.pfn);
	EXPECT_EQ(0, walk.call.effective);
	EXPECT_EQ(VMWALK_KIND_NONE, walk.call.kind);
}

TEST_HARNESS_MAIN
