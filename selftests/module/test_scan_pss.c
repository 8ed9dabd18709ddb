// SPDX-License-Identifier: GPL-2.0
/*
 * Test that the runs of a range sum up to Pss in smaps, however many processes map its
 * pages. The memory is this program's own, and nobody touches it between the reads.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/fork_bound.h"
#include "lib/machine.h"
#include "lib/proc.h"
#include "lib/raw.h"
#include "lib/scan_whole.h"

#define SECONDS		120
#define ROOM		1024
#define RW		(PROT_READ | PROT_WRITE)
#define SHARE		((uint64_t)PAGE_SIZE << VMWALK_PSS_SHIFT)
#define READS		20	/* the kernel may merge, split or reclaim pages meanwhile */

FIXTURE(pss)
{
	int device;
	char *memory;
	size_t size;
	pid_t child[2];
	struct runs runs;
};

FIXTURE_VARIANT(pss)
{
	bool huge;
	bool file;
	int children;
	/* By child: called once with the memory that it has inherited */
	void (*work[2])(char *memory, size_t size);
};

static void keep(char *memory, size_t size)
{
	(void)memory;
	(void)size;
}

static void write_odd(char *memory, size_t size)
{
	size_t i;

	for (i = PAGE_SIZE; i < size; i += 2 * PAGE_SIZE)
		memory[i] = 2;
}

/* A child that has unmapped a part maps the rest of a huge page by its base pages. */
static void leave_half(char *memory, size_t size)
{
	munmap(memory + size / 2, size / 2);
}

static void leave_most(char *memory, size_t size)
{
	munmap(memory + 3 * PAGE_SIZE, size - 3 * PAGE_SIZE);
}

FIXTURE_VARIANT_ADD(pss, of_one_process) { .children = 0 };
FIXTURE_VARIANT_ADD(pss, of_two_processes) { .children = 1, .work = { keep } };
FIXTURE_VARIANT_ADD(pss, of_three_processes) { .children = 2, .work = { keep, keep } };
FIXTURE_VARIANT_ADD(pss, of_copied_pages) { .children = 2, .work = { write_odd, leave_half } };

FIXTURE_VARIANT_ADD(pss, of_a_file) {
	.file = true, .children = 2, .work = { write_odd, leave_half },
};

FIXTURE_VARIANT_ADD(pss, of_huge_pages) { .huge = true, .children = 2, .work = { keep, keep } };

FIXTURE_VARIANT_ADD(pss, of_huge_pages_in_part) {
	.huge = true, .children = 2, .work = { leave_half, leave_most },
};

static char *memory_make(size_t size, bool huge, bool file)
{
	int fd = file ? memfd_create("pss", 0) : -1;
	char *memory;

	if (file && ftruncate(fd, size))
		return NULL;
	/* Aligned to its size, without a neighbour that the kernel could merge it with. */
	memory = mmap(NULL, 3 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return NULL;
	memory = (char *)(((uintptr_t)memory + 2 * size - 1) & ~(size - 1));
	memory = mmap(memory, size, RW, MAP_FIXED | (file ? MAP_SHARED :
						     MAP_PRIVATE | MAP_ANONYMOUS), fd, 0);
	if (file)
		close(fd);
	madvise(memory, size, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	memset(memory, 1, size);
	return memory;
}

static pid_t child_start(void (*work)(char *memory, size_t size), char *memory, size_t size)
{
	int ready[2];
	pid_t child;
	char byte;

	if (pipe(ready))
		return -1;
	child = fork_bound();
	if (!child) {
		work(memory, size);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		child = -1;
	close(ready[0]);
	return child;
}

FIXTURE_SETUP(pss)
{
	int i;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->size = 1UL << raw_level_shift(VMWALK_LEVEL_PMD);
	self->memory = memory_make(self->size, variant->huge, variant->file);
	ASSERT_NE(NULL, self->memory);
	for (i = 0; i < variant->children; i++) {
		self->child[i] = child_start(variant->work[i], self->memory, self->size);
		ASSERT_LT(0, self->child[i]);
	}
	self->device = device_of(getpid());
	ASSERT_LE(0, self->device);
}

FIXTURE_TEARDOWN(pss)
{
	int i;

	for (i = 0; i < variant->children; i++) {
		kill(self->child[i], SIGKILL);
		waitpid(self->child[i], NULL, 0);
	}
	runs_free(&self->runs);
	close(self->device);
}

static uint64_t pss_of_smaps(uint64_t start)
{
	uint64_t pss = 0;
	size_t nr, i;
	struct proc_smaps_sums *sums = proc_smaps_sums(getpid(), &nr);

	for (i = 0; i < nr; i++)
		if (sums[i].start == start)
			pss = sums[i].pss;
	free(sums);
	return pss;
}

static uint64_t pss_of(const struct runs *runs)
{
	uint64_t pss = 0;
	size_t i;

	for (i = 0; i < runs->nr; i++)
		pss += runs->run[i].pss;
	return pss;
}

/* Smaps rounds down to KiB. */
static uint64_t pss_bytes(const struct runs *runs)
{
	return pss_of(runs) >> VMWALK_PSS_SHIFT >> 10 << 10;
}

static int scan(int device, const char *start, size_t size, uint32_t flags, struct runs *runs)
{
	struct vmwalk_scan how = {
		.start = (uintptr_t)start, .end = (uintptr_t)start + size,
		.flags = VMWALK_SCAN_PAGE | flags,
	};

	runs_free(runs);
	return runs_read(device, &how, ROOM, runs);
}

TEST_F_TIMEOUT(pss, is_that_of_smaps, SECONDS)
{
	uint64_t expected = 0;
	int i;

	for (i = 0; i < READS; i++) {
		ASSERT_EQ(0, scan(self->device, self->memory, self->size, 0, &self->runs));
		expected = pss_of_smaps((uintptr_t)self->memory);
		if (pss_bytes(&self->runs) == expected)
			break;
	}
	EXPECT_LT(0, expected);
	EXPECT_EQ(expected, pss_bytes(&self->runs));
	if (variant->huge && self->runs.run[0].kind != VMWALK_KIND_THP)
		SKIP(return, "there was no huge page");
	/* A child that kept all shares each page, so none counts in full. */
	if (variant->children && variant->work[0] == keep)
		EXPECT_GT(self->size, expected);
}

TEST_F_TIMEOUT(pss, of_entries_is_that_of_the_runs, SECONDS)
{
	struct runs each = { 0 };
	int i;

	for (i = 0; i < READS; i++) {
		ASSERT_EQ(0, scan(self->device, self->memory, self->size, 0, &self->runs));
		ASSERT_EQ(0, scan(self->device, self->memory, self->size, VMWALK_SCAN_EACH, &each));
		if (pss_of(&each) == pss_of(&self->runs))
			break;
	}
	EXPECT_EQ(pss_of(&self->runs), pss_of(&each));
	runs_free(&each);
}

/*
 * Add up the pss of the pages, each scanned on its own: the ends of these ranges are within
 * a huge page. Return false if a page could not be read.
 */
static bool pss_one_by_one(int device, const char *memory, size_t size, uint64_t *sum)
{
	struct runs one = { 0 };
	size_t at;

	for (at = 0, *sum = 0; at < size; at += PAGE_SIZE) {
		if (scan(device, memory + at, PAGE_SIZE, 0, &one) || one.nr != 1 ||
		    !one.run[0].page.mapcount ||
		    one.run[0].pss != SHARE / one.run[0].page.mapcount)
			break;
		*sum += one.run[0].pss;
	}
	runs_free(&one);
	return at == size;
}

TEST_F_TIMEOUT(pss, of_pages_one_by_one_is_that_of_the_runs, SECONDS)
{
	bool equal = false;
	uint64_t sum = 0;
	int i;

	for (i = 0; i < READS && !equal; i++) {
		ASSERT_EQ(0, scan(self->device, self->memory, self->size, 0, &self->runs));
		equal = pss_one_by_one(self->device, self->memory, self->size, &sum) &&
			sum == pss_of(&self->runs);
	}
	EXPECT_TRUE(equal)
		TH_LOG("%llu of the runs, %llu of the pages read one by one",
		       (unsigned long long)pss_of(&self->runs), (unsigned long long)sum);
}

TEST_HARNESS_MAIN
