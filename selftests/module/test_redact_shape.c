// SPDX-License-Identifier: GPL-2.0
/*
 * Two processes that differ only in frames, sharing or swap slots must give an
 * unprivileged caller, who may not see these, the same bytes. The tags of fields do not
 * ensure that: the end or the number of runs could still depend on withheld data.
 */
#include <sys/mman.h>
#include "kselftest_harness.h"
#include "lib/proc.h"
#include "lib/scan_whole.h"
#include "lib/users.h"

#define PAGES		64
#define TOUCHED		48	/* pages written; pages above have no entry */
#define ROOM		(PAGES + 1)
#define BLOCK		4	/* pages in a row with equal flags, see frames_make() */
#define SCANS		5
#define GIB		(1UL << 30)

/* If entry_flags is 0, SCAN joins entries into a run whatever their flags are. */
static const struct {
	uint32_t flags;
	uint32_t entry_flags;
} scans[SCANS] = {
	{ 0, E_FLAGS_ALL },
	{ VMWALK_SCAN_PAGE, E_FLAGS_ALL },
	{ VMWALK_SCAN_EACH, E_FLAGS_ALL },
	{ VMWALK_SCAN_EACH | VMWALK_SCAN_PAGE, E_FLAGS_ALL },
	{ VMWALK_SCAN_PAGE, 0 },
};

static const unsigned int walked_pages[] = { 0, 1, TOUCHED - 1, TOUCHED };

/* The answers about the first PAGES pages of the region */
struct answers {
	int failed;		/* first error, a negative errno, or 0 */
	struct vmwalk_scan scan[SCANS];
	struct vmwalk_run run[SCANS][ROOM];
	struct vmwalk_address walk[4];
	struct vmwalk_tables tables;
	struct vmwalk_table table[ROOM];
	struct vmwalk_vmas vmas;
	struct vmwalk_vma vma[ROOM];
};

/* @report comes first: child_run() gets a pointer to it. */
struct child {
	struct report report;
	bool second;
	struct answers answers;
};

/*
 * Answers hold the address of their array, in @vec: it must be the same for both
 * processes, so read into this buffer, not into struct child.
 */
static struct answers answers;

static void keep(int err)
{
	if (!answers.failed)
		answers.failed = err;
}

static void answers_read(int fd, const struct made *made)
{
	uint64_t start = (uintptr_t)made->base, end = start + PAGES * PAGE_SIZE;
	size_t i;

	memset(&answers, 0, sizeof(answers));
	for (i = 0; i < SCANS; i++) {
		answers.scan[i].flags = scans[i].flags;
		answers.scan[i].entry_flags = scans[i].entry_flags;
		answers.scan[i].start = start;
		answers.scan[i].end = end;
		keep(device_scan(fd, &answers.scan[i], answers.run[i], ROOM));
	}
	for (i = 0; i < ARRAY_SIZE(walked_pages); i++) {
		keep(device_walk_flags(fd, start + walked_pages[i] * PAGE_SIZE, VMWALK_WALK_OPS,
				       &answers.walk[i]));
		/* Fault counters are shown to all, and may differ by process. */
		memset(&answers.walk[i].call.task_minor, 0,
		       4 * sizeof(answers.walk[i].call.task_minor));
	}
	answers.tables.start = start;
	answers.tables.end = end;
	keep(device_tables(fd, &answers.tables, answers.table, ROOM));
	answers.vmas.start = start;
	answers.vmas.end = end;
	keep(device_vmas(fd, &answers.vmas, answers.vma, ROOM));
}

/* The second process writes from the last page on down, to get another frame order. */
static void pages_write(char *base, bool second)
{
	size_t i;

	for (i = 0; i < TOUCHED; i++)
		touch_write((uintptr_t)base + (second ? TOUCHED - 1 - i : i) * PAGE_SIZE);
}

/*
 * Fork in both processes, so that the pages of both are write-protected, but let only the
 * child of the second process live on and share them.
 */
static bool pages_share(struct made *made, bool second)
{
	if (!partner_start(made, NULL))
		return false;
	if (second)
		return true;
	kill(made->partner, SIGKILL);
	return waitpid(made->partner, NULL, 0) == made->partner;
}

/* MADV_FREE makes the entries of every other block old and clean. */
static bool frames_make(struct made *made, bool second)
{
	size_t i;

	pages_write(made->base, second);
	for (i = 0; i < TOUCHED; i += 2 * BLOCK)
		madvise(made->base + i * PAGE_SIZE, BLOCK * PAGE_SIZE, MADV_FREE);
	return true;
}

static bool shared_make(struct made *made, bool second)
{
	pages_write(made->base, false);
	return pages_share(made, second);
}

static bool all_swapped(const struct made *made)
{
	uint64_t entry[TOUCHED];
	size_t i;

	if (!proc_pagemap_range(getpid(), (uintptr_t)made->base, entry, TOUCHED))
		return false;
	for (i = 0; i < TOUCHED; i++)
		if (!(entry[i] & PM_SWAP))
			return false;
	return true;
}

static bool slots_make(struct made *made, bool second)
{
	int tries;

	pages_write(made->base, second);
	for (tries = 0; tries < 5 && !all_swapped(made); tries++)
		if (!page_out(made, PM_SWAP, true))
			break;
	if (!all_swapped(made)) {
		snprintf(made->why, sizeof(made->why), "not all pages go to swap");
		return false;
	}
	return pages_share(made, second);
}

static const struct vmwalk_run *run_first(const struct answers *a)
{
	return &a->run[1][0];
}

static bool frames_differ(const struct answers *a, const struct answers *b)
{
	return run_first(a)->first != run_first(b)->first &&
	       run_first(a)->got & run_first(b)->got & VMWALK_RUN_FIRST;
}

static bool sharing_differs(const struct answers *a, const struct answers *b)
{
	return frames_differ(a, b) && !run_first(a)->shared && run_first(b)->shared;
}

static bool slots_differ(const struct answers *a, const struct answers *b)
{
	return frames_differ(a, b) && run_first(a)->state == VMWALK_CLASS_SWAP;
}

FIXTURE(pair)
{
	struct stat before;
	struct made made;
	struct child *child;	/* array of two, shared with the processes */
	pid_t pid[2];
};

FIXTURE_VARIANT(pair)
{
	bool (*make)(struct made *made, bool second);
	bool (*differ)(const struct answers *a, const struct answers *b);
};

FIXTURE_VARIANT_ADD(pair, frames) { frames_make, frames_differ };
FIXTURE_VARIANT_ADD(pair, shared) { shared_make, sharing_differs };
FIXTURE_VARIANT_ADD(pair, slots) { slots_make, slots_differ };

static void child_run(struct report *r, const void *arg)
{
	bool (*const *make)(struct made *made, bool second) = arg;
	struct child *me = (struct child *)r;

	r->ok = (*make)(&r->made, me->second);
	if (!r->ok)
		return;
	become(USER);
	r->device = device_of(getpid());
	answers_read(r->device, &r->made);
	me->answers = answers;
}

/* Large and aligned, so that no other mapping adds entries to its lower page tables. */
static bool region_make(struct made *made)
{
	return region_map_aligned(made, GIB, GIB, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1) &&
	       !madvise(made->base, made->size, MADV_NOHUGEPAGE);
}

FIXTURE_SETUP(pair)
{
	struct child *child;
	int i;

	if (geteuid())
		SKIP(return, "needs root");
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(region_make(&self->made));
	self->child = mmap(NULL, 2 * sizeof(*self->child), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->child);
	ASSERT_TRUE(device_share(&self->before));
	for (i = 0; i < 2; i++) {
		child = &self->child[i];
		child->second = i;
		child->report.made = self->made;
		self->pid[i] = child_stop(child_run, &child->report, &variant->make);
		if (!child->report.ok)
			SKIP(device_unshare(&self->before); return, "%s",
			     child->report.made.why);
		ASSERT_LE(0, child->report.device);
		ASSERT_EQ(0, child->answers.failed);
	}
}

FIXTURE_TEARDOWN(pair)
{
	int i;

	for (i = 0; i < 2; i++)
		if (self->pid[i] > 0)
			child_end(self->pid[i]);
	device_unshare(&self->before);
}

/* Compare each kind of answer by itself, so that a failure tells which one differs. */
TEST_F(pair, gives_the_unprivileged_the_same_bytes)
{
	const struct answers *a = &self->child[0].answers, *b = &self->child[1].answers;
	size_t i;

	for (i = 0; i < SCANS; i++) {
		EXPECT_LE(2, a->scan[i].nr);
		EXPECT_EQ(0, memcmp(&a->scan[i], &b->scan[i], sizeof(a->scan[i])));
		EXPECT_EQ(0, memcmp(a->run[i], b->run[i], sizeof(a->run[i])));
	}
	for (i = 0; i < ARRAY_SIZE(walked_pages); i++)
		EXPECT_EQ(0, memcmp(&a->walk[i], &b->walk[i], sizeof(a->walk[i])));
	EXPECT_LE(2, a->tables.nr);
	EXPECT_EQ(0, memcmp(&a->tables, &b->tables, sizeof(a->tables)));
	EXPECT_EQ(0, memcmp(a->table, b->table, sizeof(a->table)));
	EXPECT_EQ(1, a->vmas.nr);
	EXPECT_EQ(0, memcmp(&a->vmas, &b->vmas, sizeof(a->vmas)));
	EXPECT_EQ(0, memcmp(a->vma, b->vma, sizeof(a->vma)));
}

/* If root saw no difference either, equal bytes would prove nothing. */
TEST_F(pair, differs_for_root)
{
	int fd, i;

	for (i = 0; i < 2; i++) {
		fd = device_of(self->pid[i]);
		ASSERT_LE(0, fd);
		answers_read(fd, &self->made);
		close(fd);
		ASSERT_EQ(0, answers.failed);
		self->child[i].answers = answers;
	}
	EXPECT_TRUE(variant->differ(&self->child[0].answers, &self->child[1].answers));
}

TEST_HARNESS_MAIN
