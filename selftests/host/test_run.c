// SPDX-License-Identifier: GPL-2.0
/* vmwalk_run_join() must join runs by the same rule as SCAN in the module does. */
#include <string.h>

#include "kselftest_harness.h"
#include "libvmwalk.h"

#define START	0x7f0000000000ULL

static struct vmwalk_run page(unsigned int n, __u64 pfn)
{
	return (struct vmwalk_run) {
		.start = START + n * 4096ULL, .end = START + (n + 1) * 4096ULL,
		.first = pfn, .last = pfn, .extents = 1, .state = VMWALK_CLASS_LEAF,
		.kind = VMWALK_KIND_BASE, .page_shift = 12, .flags = VMWALK_E_PRESENT,
		.got = VMWALK_RUN_FIRST | VMWALK_RUN_PAGE,
		.page = { .mapcount = 1, .traits = VMWALK_PAGE_ANON },
		.flags_all = 0x68, .flags_any = 0x68, .mapcount_max = 1, .pss = 4096,
	};
}

TEST(contiguous_pages_are_one_extent)
{
	struct vmwalk_run run = page(0, 100), next = page(1, 101);

	ASSERT_TRUE(vmwalk_run_join(&run, &next));
	EXPECT_EQ(run.extents, 1);
	EXPECT_EQ(run.start, START);
	EXPECT_EQ(run.end, START + 8192);
	EXPECT_EQ(run.first, 100);
	EXPECT_EQ(run.last, 101);
}

TEST(a_gap_between_frames_begins_an_extent_and_what_follows_the_last_frame_does_not)
{
	static const __u64 pfns[] = { 100, 200, 201, 203, 202, 203 };
	static const unsigned int extents[] = { 1, 2, 2, 3, 4, 4 };
	struct vmwalk_run run = page(0, pfns[0]), next;

	for (unsigned int i = 1; i < 6; i++) {
		next = page(i, pfns[i]);
		ASSERT_TRUE(vmwalk_run_join(&run, &next));
		EXPECT_EQ(run.extents, extents[i])
			TH_LOG("page %u", i);
		EXPECT_EQ(run.last, pfns[i]);
	}
	EXPECT_EQ(run.first, 100);
}

TEST(runs_of_several_extents_add_up)
{
	struct vmwalk_run a = page(0, 100), b = page(1, 200), c = page(2, 201), d = page(3, 300);

	ASSERT_TRUE(vmwalk_run_join(&a, &b));
	ASSERT_TRUE(vmwalk_run_join(&c, &d));
	ASSERT_TRUE(vmwalk_run_join(&a, &c));
	EXPECT_EQ(a.extents, 3);
	EXPECT_EQ(a.last, 300);
}

TEST(extents_do_not_wrap)
{
	struct vmwalk_run run = page(0, 1), next = page(1, 9);

	run.extents = ~0U;
	ASSERT_TRUE(vmwalk_run_join(&run, &next));
	EXPECT_EQ(run.extents, ~0U);
}

TEST(runs_that_do_not_meet_stay_apart)
{
	struct vmwalk_run run = page(0, 1), next = page(2, 2);

	EXPECT_FALSE(vmwalk_run_join(&run, &next));
	next = page(0, 2);
	EXPECT_FALSE(vmwalk_run_join(&run, &next));
	EXPECT_EQ(run.end, START + 4096);
}

static void differ(struct vmwalk_run *run, unsigned int i)
{
	switch (i) {
	case 0:
		run->state = VMWALK_CLASS_PROTNONE;
		break;
	case 1:
		run->kind = VMWALK_KIND_KSM;
		break;
	case 2:
		run->flags |= VMWALK_E_DIRTY;
		break;
	case 3:
		run->detail = 1;
		break;
	case 4:
		run->got = VMWALK_RUN_FIRST;
		break;
	case 5:
		run->page_shift = 21;
		break;
	case 6:
		run->page.traits |= VMWALK_PAGE_EXCLUSIVE;
		break;
	case 7:
		run->page.node = 1;
		break;
	}
}

TEST(runs_that_are_not_alike_stay_apart)
{
	for (unsigned int i = 0; i < 8; i++) {
		struct vmwalk_run run = page(0, 1), next = page(1, 2), before = run;

		differ(&next, i);
		EXPECT_FALSE(vmwalk_run_join(&run, &next))
			TH_LOG("difference %u", i);
		EXPECT_EQ(memcmp(&run, &before, sizeof(run)), 0);
	}
}

TEST(without_page_information_the_page_does_not_matter)
{
	struct vmwalk_run run = page(0, 1), next = page(1, 2);

	run.got = VMWALK_RUN_FIRST;
	next.got = VMWALK_RUN_FIRST;
	next.page.traits = 0;
	next.page.node = 3;
	EXPECT_TRUE(vmwalk_run_join(&run, &next));
}

TEST(what_the_pages_have_in_common_and_in_all_is_kept)
{
	struct vmwalk_run run = page(0, 1), next = page(1, 2);

	next.flags_all = 0x28;
	next.flags_any = 0x128;
	next.mapcount_max = 5;
	next.shared = 1;
	next.pss = 4096 / 5;
	next.page.mapcount = 5;
	ASSERT_TRUE(vmwalk_run_join(&run, &next));
	EXPECT_EQ(run.flags_all, 0x28);
	EXPECT_EQ(run.flags_any, 0x168);
	EXPECT_EQ(run.mapcount_max, 5);
	EXPECT_EQ(run.shared, 1);
	EXPECT_EQ(run.pss, 4096 + 4096 / 5);
	EXPECT_EQ(run.page.mapcount, 1);
	next = page(2, 3);
	next.shared = 1;
	ASSERT_TRUE(vmwalk_run_join(&run, &next));
	EXPECT_EQ(run.shared, 2);
	EXPECT_EQ(run.mapcount_max, 5);
}

TEST(hidden_frames_have_no_extents)
{
	struct vmwalk_run run = page(0, 0), next = page(1, 0);

	run.got = 0;
	run.extents = 0;
	next.got = 0;
	next.extents = 0;
	ASSERT_TRUE(vmwalk_run_join(&run, &next));
	EXPECT_EQ(run.extents, 0);
}

TEST(empty_stretches_of_any_size_join_and_take_the_smaller)
{
	struct vmwalk_run run = { .start = START, .end = START + (1 << 21), .page_shift = 21,
				  .state = VMWALK_CLASS_NONE };
	struct vmwalk_run next = { .start = run.end, .end = run.end + 4096, .page_shift = 12,
				   .state = VMWALK_CLASS_NONE };

	ASSERT_TRUE(vmwalk_run_join(&run, &next));
	EXPECT_EQ(run.page_shift, 12);
	EXPECT_EQ(vmwalk_run_pages(&run, 4096), 513);
}

TEST(pages_and_entries_are_counted_and_parts_of_entries_too)
{
	struct vmwalk_run run = page(0, 1);

	EXPECT_EQ(vmwalk_run_pages(&run, 4096), 1);
	EXPECT_EQ(vmwalk_run_entries(&run), 1);
	run.page_shift = 21;
	run.end = START + (3 << 21);
	EXPECT_EQ(vmwalk_run_pages(&run, 4096), 1536);
	EXPECT_EQ(vmwalk_run_entries(&run), 3);
	run.start += 4096;
	EXPECT_EQ(vmwalk_run_entries(&run), 3);
	run.end += 4096;
	EXPECT_EQ(vmwalk_run_entries(&run), 4);
	run.end = run.start;
	EXPECT_EQ(vmwalk_run_entries(&run), 0);
}

TEST_HARNESS_MAIN
