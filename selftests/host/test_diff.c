// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "images.h"
#include "kselftest_harness.h"

#define MAX	64
#define ARENA	0x7f0000000000ULL
#define COLLAPSED 0x7f0000400000ULL

FIXTURE(diff) {
	struct vmwalk_image before;
	struct vmwalk_image after;
	struct vmwalk_difference found[MAX];
	size_t nr;
};

FIXTURE_SETUP(diff)
{
	image_demo(&self->before);
	image_demo(&self->after);
}

FIXTURE_TEARDOWN(diff)
{
	vmwalk_image_free(&self->before);
	vmwalk_image_free(&self->after);
}

static int note(const struct vmwalk_difference *difference, void *arg)
{
	struct _test_data_diff *self = arg;

	if (self->nr == MAX)
		return 7;
	self->found[self->nr++] = *difference;
	return 0;
}

static size_t run_diff(struct _test_data_diff *self)
{
	self->nr = 0;
	vmwalk_diff(&self->before, &self->after, note, self);
	return self->nr;
}

static struct vmwalk_run *run_at(struct vmwalk_image *image, __u64 start)
{
	for (size_t i = 0; i < image->nr_runs; i++)
		if (image->runs[i].start == start)
			return &image->runs[i];
	abort();
}

static void remove_run(struct vmwalk_image *image, __u64 start)
{
	struct vmwalk_run *run = run_at(image, start);
	size_t left = image->runs + image->nr_runs - run - 1;

	memmove(run, run + 1, left * sizeof(*run));
	image->nr_runs--;
}

static bool found(const struct _test_data_diff *self, size_t i, __u64 start, __u64 end,
		  unsigned int changes)
{
	const struct vmwalk_difference *difference = &self->found[i];

	return difference->start == start && difference->end == end &&
	       difference->changes == changes;
}

TEST_F(diff, an_image_does_not_differ_from_itself)
{
	EXPECT_EQ(run_diff(self), 0);
	EXPECT_EQ(vmwalk_diff(&self->before, &self->before, note, self), 0);
	EXPECT_EQ(self->nr, 0);
}

TEST_F(diff, what_changes_by_itself_is_no_difference)
{
	struct vmwalk_run *run = run_at(&self->after, DEMO_PAGES);

	run->flags &= ~VMWALK_E_ACCESSED;
	run->value &= ~0x20ULL;
	run->page.refcount = 3;
	run->page.kpageflags = 0x40;
	run->flags_any = 0x40;
	run_at(&self->after, DEMO_TEXT)->page.mapcount = 9;
	run_at(&self->after, DEMO_TEXT)->mapcount_max = 9;
	self->after.areas[0].vma.traits |= VMWALK_VMA_HAS_ANON_VMA;
	self->after.areas[1].vma.flags |= VMWALK_VMA_BIT(VMWALK_VMA_SD);
	self->after.tables[3].leaves = 4;
	EXPECT_EQ(run_diff(self), 0);
}

TEST_F(diff, each_kind_of_change_of_an_entry_has_its_word)
{
	struct vmwalk_run *run = run_at(&self->after, DEMO_PAGES);

	run->first = 0x7777;
	run->last = 0x7777;
	run_at(&self->after, DEMO_PAGES + 0x1000)->flags &= ~VMWALK_E_WRITE;
	run_at(&self->after, DEMO_PAGES + 0x2000)->page.traits = VMWALK_PAGE_ANON;
	run_at(&self->after, DEMO_PAGES + 0x3000)->state = VMWALK_CLASS_NUMA_HINT;
	remove_run(&self->after, DEMO_SWAP);
	run_at(&self->after, DEMO_GUARD)->detail = VMWALK_MARKER_POISON;
	ASSERT_EQ(run_diff(self), 6);
	EXPECT_TRUE(found(self, 0, DEMO_PAGES, DEMO_PAGES + 0x1000, VMWALK_CHANGE_FRAME));
	EXPECT_TRUE(found(self, 1, DEMO_PAGES + 0x1000, DEMO_PAGES + 0x2000, VMWALK_CHANGE_FLAGS));
	EXPECT_TRUE(found(self, 2, DEMO_PAGES + 0x2000, DEMO_PAGES + 0x3000, VMWALK_CHANGE_PAGE));
	EXPECT_TRUE(found(self, 3, DEMO_PAGES + 0x3000, DEMO_PAGES + 0x4000, VMWALK_CHANGE_STATE));
	EXPECT_TRUE(found(self, 4, DEMO_SWAP, DEMO_SWAP + 0x1000, VMWALK_CHANGE_STATE));
	EXPECT_TRUE(found(self, 5, DEMO_GUARD, DEMO_GUARD + 0x1000, VMWALK_CHANGE_FLAGS));
	EXPECT_EQ(self->found[0].was.first, 0x2000);
	EXPECT_EQ(self->found[0].now.first, 0x7777);
	EXPECT_EQ(self->found[0].before, &self->before.areas[1]);
	EXPECT_EQ(self->found[0].after, &self->after.areas[1]);
	EXPECT_EQ(self->found[4].was.state, VMWALK_CLASS_SWAP);
	EXPECT_EQ(self->found[4].now.state, VMWALK_CLASS_NONE);
	EXPECT_EQ(self->found[4].now.start, DEMO_SWAP);
}

TEST_F(diff, a_mapping_more_of_an_anonymous_page_is_a_change)
{
	struct vmwalk_run *run = run_at(&self->after, DEMO_PAGES);

	run->page.mapcount = 2;
	run->mapcount_max = 2;
	run->shared = 1;
	ASSERT_EQ(run_diff(self), 1);
	EXPECT_TRUE(found(self, 0, DEMO_PAGES, DEMO_PAGES + 0x1000, VMWALK_CHANGE_PAGE));
}

TEST_F(diff, a_run_of_a_snapshot_that_has_no_pss_is_compared_without)
{
	run_at(&self->before, DEMO_PAGES)->pss = 0;
	run_at(&self->after, DEMO_PAGES + 0x1000)->pss = 0;
	EXPECT_EQ(run_diff(self), 0);
	run_at(&self->after, DEMO_PAGES + 0x2000)->pss /= 2;
	ASSERT_EQ(run_diff(self), 1);
	EXPECT_TRUE(found(self, 0, DEMO_PAGES + 0x2000, DEMO_PAGES + 0x3000, VMWALK_CHANGE_PAGE));
}

TEST_F(diff, another_swap_slot_or_area_is_another_frame)
{
	run_at(&self->after, DEMO_SWAP)->detail = 0;
	ASSERT_EQ(run_diff(self), 1);
	EXPECT_TRUE(found(self, 0, DEMO_SWAP, DEMO_SWAP + 0x1000, VMWALK_CHANGE_FRAME));
	run_at(&self->after, DEMO_SWAP)->detail = 1;
	run_at(&self->after, DEMO_SWAP)->first = 78;
	EXPECT_EQ(run_diff(self), 1);
}

TEST_F(diff, vmas_that_come_go_or_change_are_one_difference_each)
{
	free(self->after.areas[0].name);
	self->after.areas[0].name = strdup("/usr/bin/other");
	self->after.areas[1].vma.start = DEMO_PAGES;
	self->after.areas[2].vma.start -= 0x3000;
	remove_run(&self->after, DEMO_ARENA);
	ASSERT_EQ(run_diff(self), 3);
	EXPECT_TRUE(found(self, 0, DEMO_TEXT, DEMO_TEXT + 0x2000, VMWALK_CHANGE_VMA));
	EXPECT_TRUE(found(self, 1, DEMO_ARENA, DEMO_PAGES, VMWALK_CHANGE_UNMAPPED));
	EXPECT_EQ(self->found[1].after, NULL);
	EXPECT_EQ(self->found[1].was.page_shift, 21);
	EXPECT_TRUE(found(self, 2, DEMO_STACK - 0x3000, DEMO_STACK, VMWALK_CHANGE_MAPPED));
	EXPECT_EQ(self->found[2].before, NULL);
}

TEST_F(diff, a_file_mapped_elsewhere_or_shifted_is_a_change_and_a_shorter_vma_is_not)
{
	self->after.areas[0].vma.offset = 0x2000;
	ASSERT_EQ(run_diff(self), 1);
	EXPECT_TRUE(found(self, 0, DEMO_TEXT, DEMO_TEXT + 0x2000, VMWALK_CHANGE_VMA));
	self->after.areas[0].vma.start += 0x1000;
	remove_run(&self->after, DEMO_TEXT);
	ASSERT_EQ(run_diff(self), 1);
	EXPECT_TRUE(found(self, 0, DEMO_TEXT, DEMO_TEXT + 0x1000, VMWALK_CHANGE_UNMAPPED));
}

TEST_F(diff, a_vma_that_comes_is_one_difference_whatever_lies_in_it)
{
	struct vmwalk_image empty;

	image_begin(&empty);
	vmwalk_diff(&empty, &self->after, note, self);
	vmwalk_image_free(&empty);
	ASSERT_EQ(self->nr, 3);
	EXPECT_TRUE(found(self, 1, DEMO_ARENA, DEMO_ARENA_END, VMWALK_CHANGE_MAPPED));
	EXPECT_EQ(self->found[1].now.start, DEMO_ARENA);
	EXPECT_EQ(self->found[1].now.kind, VMWALK_KIND_THP);
	EXPECT_EQ(self->found[1].now.end, DEMO_PAGES);
}

TEST_F(diff, without_frames_a_zero_page_written_is_still_seen)
{
	run_at(&self->before, DEMO_PAGES)->kind = VMWALK_KIND_ZERO;
	run_at(&self->before, DEMO_PAGES)->got = 0;
	run_at(&self->after, DEMO_PAGES)->got = 0;
	run_at(&self->after, DEMO_PAGES + 0x1000)->got = 0;
	ASSERT_EQ(run_diff(self), 1);
	EXPECT_TRUE(found(self, 0, DEMO_PAGES, DEMO_PAGES + 0x1000, VMWALK_CHANGE_FRAME));
}

TEST_F(diff, what_kept_changing_is_not_compared)
{
	run_at(&self->after, DEMO_PAGES)->state = VMWALK_CLASS_CHANGED;
	EXPECT_EQ(run_diff(self), 0);
}

TEST_F(diff, only_what_both_images_cover_is_compared)
{
	run_at(&self->after, DEMO_PAGES)->first = 1;
	run_at(&self->after, DEMO_PAGES + 0x1000)->first = 1;
	self->after.areas[0].vma.pkey = 3;
	self->after.start = DEMO_PAGES + 0x1000;
	ASSERT_EQ(run_diff(self), 1);
	EXPECT_TRUE(found(self, 0, DEMO_PAGES + 0x1000, DEMO_PAGES + 0x2000, VMWALK_CHANGE_FRAME));
	self->before.end = DEMO_PAGES + 0x1000;
	EXPECT_EQ(run_diff(self), 0);
	self->before.end = self->after.end;
	self->after.parts &= ~VMWALK_IMAGE_RUNS;
	EXPECT_EQ(run_diff(self), 0);
	self->after.parts = 0;
	self->after.start = 0;
	EXPECT_EQ(run_diff(self), 0);
}

TEST_F(diff, the_caller_can_end_it)
{
	size_t i;

	for (i = 0; i < 4; i++)
		run_at(&self->after, DEMO_PAGES + i * 4096)->flags ^= i & 1 ? VMWALK_E_DIRTY :
									      VMWALK_E_WRITE;
	self->nr = MAX;
	EXPECT_EQ(vmwalk_diff(&self->before, &self->after, note, self), 7);
	self->nr = MAX - 3;
	EXPECT_EQ(vmwalk_diff(&self->before, &self->after, note, self), 7);
	EXPECT_EQ(run_diff(self), 4);
}

TEST_F(diff, runs_in_one_piece_are_compared_by_frame_wherever_they_are_parted)
{
	struct vmwalk_run *run = run_at(&self->after, DEMO_PAGES + 0x2000);

	self->before.parts &= ~VMWALK_IMAGE_EACH;
	self->after.parts &= ~VMWALK_IMAGE_EACH;
	run->end += 0x1000;
	run->last++;
	remove_run(&self->after, DEMO_PAGES + 0x3000);
	EXPECT_EQ(run_diff(self), 0);
	run->first--;
	run->last--;
	ASSERT_EQ(run_diff(self), 1);
	EXPECT_TRUE(found(self, 0, DEMO_PAGES + 0x2000, DEMO_PAGES + 0x4000, VMWALK_CHANGE_FRAME));
}

static void add_pages(struct vmwalk_image *image, __u64 start, size_t nr, __u64 pfn)
{
	size_t i;

	for (i = 0; i < nr; i++)
		image_page(image, start + i * 4096, pfn + i);
}

/* Change the first @nr runs as fork() changes those of private anonymous pages. */
static void share(struct vmwalk_image *image, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		image->runs[i].flags &= ~VMWALK_E_WRITE;
		image->runs[i].page.traits = VMWALK_PAGE_ANON;
		image->runs[i].page.mapcount = 2;
		image->runs[i].mapcount_max = 2;
		image->runs[i].shared = 1;
	}
}

static void copy_page(struct vmwalk_image *image, size_t i, __u64 pfn)
{
	struct vmwalk_run *run = &image->runs[i];

	run->first = pfn;
	run->last = pfn;
	run->flags |= VMWALK_E_WRITE;
	run->page.traits |= VMWALK_PAGE_EXCLUSIVE;
	run->page.mapcount = 1;
	run->mapcount_max = 1;
	run->shared = 0;
}

TEST_F(diff, three_pages_written_one_unmapped_and_512_collapsed_are_exactly_those)
{
	vmwalk_image_free(&self->before);
	vmwalk_image_free(&self->after);
	image_begin(&self->before);
	image_area(&self->before, ARENA, ARENA + 1000 * 4096, "");
	image_area(&self->before, COLLAPSED, COLLAPSED + (2 << 20), "");
	add_pages(&self->before, ARENA, 1000, 0x10000);
	share(&self->before, 1000);
	add_pages(&self->before, COLLAPSED, 512, 0x20000);
	image_begin(&self->after);
	image_area(&self->after, ARENA, ARENA + 700 * 4096, "");
	image_area(&self->after, ARENA + 701 * 4096, ARENA + 1000 * 4096, "");
	image_area(&self->after, COLLAPSED, COLLAPSED + (2 << 20), "");
	add_pages(&self->after, ARENA, 1000, 0x10000);
	share(&self->after, 1000);
	image_huge(&self->after, COLLAPSED, 0x40000);
	copy_page(&self->after, 10, 0x90000);
	copy_page(&self->after, 11, 0x80000);
	copy_page(&self->after, 500, 0x70000);
	remove_run(&self->after, ARENA + 700 * 4096);
	ASSERT_EQ(run_diff(self), 4);
	EXPECT_TRUE(found(self, 0, ARENA + 10 * 4096, ARENA + 12 * 4096,
			  VMWALK_CHANGE_FRAME | VMWALK_CHANGE_FLAGS));
	EXPECT_TRUE(found(self, 1, ARENA + 500 * 4096, ARENA + 501 * 4096,
			  VMWALK_CHANGE_FRAME | VMWALK_CHANGE_FLAGS));
	EXPECT_TRUE(found(self, 2, ARENA + 700 * 4096, ARENA + 701 * 4096, VMWALK_CHANGE_UNMAPPED));
	EXPECT_TRUE(found(self, 3, COLLAPSED, COLLAPSED + (2 << 20),
			  VMWALK_CHANGE_FRAME | VMWALK_CHANGE_SIZE));
	EXPECT_EQ(self->found[0].now.extents, 2);
	EXPECT_EQ(self->found[0].was.extents, 1);
	EXPECT_EQ(self->found[3].was.end, COLLAPSED + (2 << 20));
	EXPECT_EQ(self->found[3].was.last, 0x201ff);
	EXPECT_EQ(self->found[3].now.first, 0x40000);
	EXPECT_EQ(self->found[3].now.last, 0x401ff);
	EXPECT_EQ(self->found[3].now.extents, 1);
	EXPECT_TRUE(self->found[3].now.got & VMWALK_RUN_PAGE);
}

TEST_HARNESS_MAIN
