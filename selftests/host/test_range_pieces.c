// SPDX-License-Identifier: GPL-2.0
#include <jansson.h>
#include <locale.h>

#include "captured_output.h"
#include "images.h"
#include "kselftest_harness.h"
#include "space/range_pieces.h"
#include "space/view_range.h"

static struct vmwalk_image image;
static struct options options;

#define STRETCHES	64
static struct range_piece seen[STRETCHES];
static size_t nr_seen;

static void note(const struct range_piece *piece, void *arg)
{
	(void)arg;
	if (nr_seen < STRETCHES)
		seen[nr_seen++] = *piece;
}

static void go(__u64 start, __u64 end)
{
	nr_seen = 0;
	range_pieces(&image, start, end, note, NULL);
}

static json_t *json(__u64 start, __u64 end)
{
	FILE *out = drawn_begin();

	view_range_json(out, &image, start, end, &options, true);
	return json_loads(drawn_end(out), 0, NULL);
}

static const char *draw(__u64 start, __u64 end)
{
	FILE *out = drawn_begin();

	view_range(out, &image, start, end, &options);
	return drawn_end(out);
}

FIXTURE(range) {
};

FIXTURE_SETUP(range)
{
	options = (struct options) { .width = 100 };
	image_demo(&image);
}

FIXTURE_TEARDOWN(range)
{
	vmwalk_image_free(&image);
}

TEST_F(range, stretches_follow_one_another_without_a_gap)
{
	__u64 at = 0;

	go(0, image.end);
	for (size_t i = 0; i < nr_seen; i++) {
		EXPECT_EQ(seen[i].run.start, at);
		EXPECT_GT(seen[i].run.end, seen[i].run.start);
		at = seen[i].run.end;
	}
	EXPECT_EQ(at, image.end);
	EXPECT_EQ(seen[0].area, NULL);
	EXPECT_EQ(seen[nr_seen - 1].area, NULL);
}

TEST_F(range, entries_that_are_alike_are_put_together)
{
	go(DEMO_PAGES, DEMO_SWAP);
	ASSERT_EQ(nr_seen, 2);
	EXPECT_EQ(seen[0].run.end, DEMO_PAGES + 4 * 4096);
	EXPECT_EQ(seen[0].run.first, 0x2000);
	EXPECT_EQ(seen[0].run.extents, 3);
	EXPECT_EQ(seen[1].run.state, VMWALK_CLASS_NONE);
	EXPECT_NE(seen[1].area, NULL);
}

TEST_F(range, nothing_is_put_together_across_two_vmas)
{
	image_area(&image, DEMO_STACK_END, DEMO_STACK_END + 4096, "");
	image_page(&image, DEMO_STACK_END, DEMO_STACK_PFN + 1);
	go(DEMO_STACK_END - 4096, DEMO_STACK_END + 4096);
	ASSERT_EQ(nr_seen, 2);
	EXPECT_NE(seen[0].area, seen[1].area);
}

TEST_F(range, a_huge_page_is_cut_where_the_range_begins_and_ends)
{
	go(DEMO_ARENA + 0x3000, DEMO_ARENA + 0x5000);
	ASSERT_EQ(nr_seen, 1);
	EXPECT_EQ(seen[0].run.start, DEMO_ARENA + 0x3000);
	EXPECT_EQ(seen[0].run.end, DEMO_ARENA + 0x5000);
	EXPECT_EQ(seen[0].run.first, DEMO_THP_PFN + 3);
	EXPECT_EQ(seen[0].run.last, DEMO_THP_PFN + 4);
	EXPECT_EQ(seen[0].run.page_shift, 21);
}

TEST_F(range, a_part_has_its_part_of_the_pss)
{
	go(DEMO_ARENA + 0x3000, DEMO_ARENA + 0x5000);
	ASSERT_EQ(nr_seen, 1);
	EXPECT_EQ(seen[0].run.pss, 2 * 4096 << VMWALK_PSS_SHIFT);
}

/* Join the two pages of the text, of which only the first is shared. */
static void share_half(void)
{
	image.runs[1].page.mapcount = 1;
	image.runs[1].mapcount_max = 1;
	image.runs[1].shared = 0;
	image.runs[1].flags_any |= 1 << 6;
	image.runs[1].pss = 4096 << VMWALK_PSS_SHIFT;
	vmwalk_run_join(&image.runs[0], &image.runs[1]);
	image.runs[1].start = image.runs[1].end;
}

TEST_F(range, a_part_of_shared_pages_has_no_counts_if_nobody_knows_which_they_are)
{
	json_t *root, *run;

	go(DEMO_TEXT, DEMO_TEXT + 0x1000);
	ASSERT_EQ(nr_seen, 1);
	EXPECT_EQ(seen[0].unknown, 0);
	image.runs[0].flags_any &= ~(1 << 6);
	image.runs[0].flags_all = image.runs[0].flags_any;
	share_half();
	for (int half = 0; half < 2; half++) {
		go(DEMO_TEXT + half * 0x1000, DEMO_TEXT + (half + 1) * 0x1000);
		ASSERT_EQ(nr_seen, 1);
		EXPECT_TRUE(seen[0].run.got & VMWALK_RUN_PAGE);
		EXPECT_EQ(seen[0].unknown, RANGE_UNKNOWN_PSS | RANGE_UNKNOWN_SHARED |
					   RANGE_UNKNOWN_MAPCOUNT | RANGE_UNKNOWN_FLAGS);
		EXPECT_EQ(seen[0].run.page.traits, VMWALK_PAGE_MAPPING);
	}
	root = json(DEMO_TEXT, DEMO_TEXT + 0x1000);
	run = json_array_get(json_object_get(root, "runs"), 0);
	EXPECT_STREQ(json_string_value(json_object_get(run, "page")), "file");
	EXPECT_NE(json_object_get(run, "node"), NULL);
	EXPECT_EQ(json_object_get(run, "pss"), NULL);
	EXPECT_EQ(json_object_get(run, "shared"), NULL);
	EXPECT_EQ(json_object_get(run, "mapcount"), NULL);
	json_decref(root);
}

TEST_F(range, a_part_of_pages_that_are_all_shared_or_all_not_has_the_sums_that_follow)
{
	vmwalk_run_join(&image.runs[0], &image.runs[1]);
	image.runs[1].start = image.runs[1].end;
	go(DEMO_TEXT + 0x1000, DEMO_TEXT + 0x2000);
	ASSERT_EQ(nr_seen, 1);
	EXPECT_EQ(seen[0].unknown, RANGE_UNKNOWN_PSS | RANGE_UNKNOWN_MAPCOUNT);
	EXPECT_EQ(seen[0].run.shared, 1);
	image.runs[0].shared = 0;
	image.runs[0].mapcount_max = 1;
	image.runs[0].pss = 2 * 4096 << VMWALK_PSS_SHIFT;
	go(DEMO_TEXT + 0x1000, DEMO_TEXT + 0x2000);
	ASSERT_EQ(nr_seen, 1);
	EXPECT_EQ(seen[0].unknown, 0);
	EXPECT_EQ(seen[0].run.pss, 4096 << VMWALK_PSS_SHIFT);
}

TEST_F(range, pss_is_not_shown_if_the_snapshot_has_none_and_zero_where_smaps_counts_none)
{
	json_t *root, *run;

	image.runs[0].pss = 0;
	image.runs[1].pss = 0;
	go(DEMO_TEXT, DEMO_TEXT + 0x2000);
	ASSERT_EQ(nr_seen, 1);
	EXPECT_EQ(seen[0].unknown, RANGE_UNKNOWN_PSS);
	root = json(DEMO_TEXT, DEMO_TEXT + 0x2000);
	run = json_array_get(json_object_get(root, "runs"), 0);
	EXPECT_EQ(json_object_get(run, "pss"), NULL);
	EXPECT_NE(json_object_get(run, "mapcount"), NULL);
	json_decref(root);
	image.runs[0].kind = VMWALK_KIND_ZERO;
	root = json(DEMO_TEXT, DEMO_TEXT + 0x1000);
	run = json_array_get(json_object_get(root, "runs"), 0);
	EXPECT_NE(json_object_get(run, "pss"), NULL);
	EXPECT_EQ(json_integer_value(json_object_get(run, "pss")), 0);
	json_decref(root);
}

TEST_F(range, a_huge_page_that_is_cut_tells_of_the_page_that_is_now_the_first)
{
	image_share_huge(&image);
	go(DEMO_COPIED, DEMO_COPIED + 0x2000);
	ASSERT_EQ(nr_seen, 1);
	ASSERT_TRUE(seen[0].run.got & VMWALK_RUN_PAGE);
	EXPECT_EQ(seen[0].run.page.index, (DEMO_COPIED >> 12));
	EXPECT_EQ(seen[0].run.page.mapcount, 1);
	EXPECT_EQ(seen[0].run.mapcount_max, 1);
	EXPECT_EQ(seen[0].run.shared, 0);
	EXPECT_EQ(seen[0].run.flags_all, 0x40d868 ^ 0x18000);
	EXPECT_EQ(seen[0].run.flags_any, 0x40d868 ^ 0x18000);
	EXPECT_EQ(seen[0].run.pss, (4096 + 2048) << VMWALK_PSS_SHIFT);
	go(DEMO_COPIED + 0x1000, DEMO_COPIED + 0x2000);
	EXPECT_EQ(seen[0].run.mapcount_max, 2);
	EXPECT_EQ(seen[0].run.shared, 1);
	/* The image has no page information for the last page of the huge leaf. */
	go(DEMO_PAGES - 0x1000, DEMO_PAGES);
	ASSERT_EQ(nr_seen, 1);
	EXPECT_EQ(seen[0].run.got, VMWALK_RUN_FIRST);
}

TEST_F(range, the_frames_of_a_part_of_scattered_memory_are_not_guessed)
{
	image.runs[3].end += 4096;
	image.runs[3].last = 0x9999;
	image.runs[3].extents = 2;
	image.runs[4] = image.runs[3];
	image.runs[4].start = image.runs[3].end;
	image.runs[4].end = image.runs[4].start;
	go(DEMO_PAGES + 4096, DEMO_PAGES + 2 * 4096);
	ASSERT_GE(nr_seen, 1);
	EXPECT_EQ(seen[0].run.got & VMWALK_RUN_FIRST, 0);
}

TEST_F(range, an_empty_range_of_an_empty_space_is_a_hole)
{
	go(0x1000, 0x2000);
	ASSERT_EQ(nr_seen, 1);
	EXPECT_EQ(seen[0].area, NULL);
	go(DEMO_UNTOUCHED, DEMO_UNTOUCHED + 4096);
	ASSERT_EQ(nr_seen, 1);
	EXPECT_EQ(seen[0].run.state, VMWALK_CLASS_NONE);
	EXPECT_NE(seen[0].area, NULL);
}

TEST_F(range, json_has_the_fields_of_the_contract)
{
	static const char * const keys[] = {
		"start", "end", "state", "kind", "size", "pages", "flags", "pfn", "extents",
	};
	json_t *root = json(DEMO_PAGES, DEMO_PAGES + 4 * 4096), *run;

	run = json_array_get(json_object_get(root, "runs"), 0);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		EXPECT_NE(json_object_get(run, keys[i]), NULL)
			TH_LOG("%s", keys[i]);
	}
	EXPECT_STREQ(json_string_value(json_object_get(run, "pfn")), "0x2000");
	EXPECT_EQ(json_integer_value(json_object_get(run, "size")), 4096);
	EXPECT_EQ(json_integer_value(json_object_get(run, "pages")), 4);
	EXPECT_EQ(json_integer_value(json_object_get(run, "extents")), 3);
	EXPECT_TRUE(json_is_array(json_object_get(run, "flags")));
	json_decref(root);
}

TEST_F(range, json_of_swap_and_markers_says_what_they_carry)
{
	json_t *root = json(DEMO_SWAP, DEMO_SWAP + 4096), *run, *swap;

	run = json_array_get(json_object_get(root, "runs"), 0);
	swap = json_object_get(run, "swap");
	EXPECT_STREQ(json_string_value(json_object_get(run, "state")), "swap");
	EXPECT_EQ(json_integer_value(json_object_get(swap, "type")), 1);
	EXPECT_EQ(json_integer_value(json_object_get(swap, "offset")), 77);
	EXPECT_EQ(json_object_get(run, "pfn"), NULL);
	json_decref(root);
	root = json(DEMO_GUARD, DEMO_GUARD + 4096);
	run = json_array_get(json_object_get(root, "runs"), 0);
	EXPECT_STREQ(json_string_value(json_array_get(json_object_get(run, "marker"), 0)),
		     "guard");
	json_decref(root);
}

TEST_F(range, what_is_withheld_is_hidden_and_never_zero)
{
	json_t *root, *run;

	image.attach.redacted = VMWALK_REDACTED_PFN | VMWALK_REDACTED_SWAP | VMWALK_REDACTED_PAGE;
	for (size_t i = 0; i < image.nr_runs; i++) {
		image.runs[i].got = 0;
		image.runs[i].first = 0;
		image.runs[i].extents = 0;
	}
	root = json(DEMO_PAGES, DEMO_SWAP + 4096);
	run = json_array_get(json_object_get(root, "runs"), 0);
	EXPECT_NE(json_object_get(json_object_get(run, "pfn"), "hidden"), NULL);
	EXPECT_NE(json_object_get(json_object_get(run, "extents"), "hidden"), NULL);
	EXPECT_NE(json_object_get(json_object_get(run, "mapcount"), "hidden"), NULL);
	run = json_array_get(json_object_get(root, "runs"), 2);
	EXPECT_NE(json_object_get(json_object_get(json_object_get(run, "swap"), "offset"),
				  "hidden"), NULL);
	json_decref(root);
	EXPECT_NE(strstr(draw(DEMO_PAGES, DEMO_SWAP), "hidden"), NULL);
	EXPECT_EQ(strstr(drawn_text, "0x0"), NULL);
}

TEST_F(range, the_screen_says_contiguous_or_how_many_extents)
{
	EXPECT_NE(strstr(draw(DEMO_PAGES, DEMO_PAGES + 4 * 4096), "3 extents"), NULL);
	EXPECT_NE(strstr(draw(DEMO_PAGES + 2 * 4096, DEMO_PAGES + 4 * 4096), "contiguous"), NULL);
	EXPECT_NE(strstr(draw(0x1000, 0x2000), "no-vma"), NULL);
	EXPECT_NE(strstr(draw(DEMO_SWAP, DEMO_SWAP + 4096), "slot 1:77"), NULL);
	EXPECT_NE(strstr(draw(DEMO_GUARD, DEMO_GUARD + 4096), "guard"), NULL);
}

TEST_F(range, the_screen_fits)
{
	for (options.width = 80; options.width <= 100; options.width += 20) {
		EXPECT_LE(drawn_width(draw(0, image.end)), options.width);
		options.ascii = true;
		EXPECT_LE(drawn_width(draw(0, image.end)), options.width);
		EXPECT_TRUE(drawn_ascii(drawn_text));
		options.ascii = false;
	}
}

TEST_F(range, a_line_each_and_no_blank_in_a_value)
{
	FILE *out = drawn_begin();

	view_range_quiet(out, &image, DEMO_PAGES, DEMO_SWAP + 4096, &options);
	drawn_end(out);
	EXPECT_EQ(drawn_rows(drawn_text), 3);
	EXPECT_NE(strstr(drawn_text, "state=present kind=base size=4096 flags=present,"),
		  NULL);
	EXPECT_NE(strstr(drawn_text, " swap.type=1 swap.offset=77 "), NULL);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	return test_harness_run(argc, argv);
}
