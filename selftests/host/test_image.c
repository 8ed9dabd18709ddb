// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "images.h"
#include "kselftest_harness.h"

#define RIGHTS(r, w, x)	{ VMWALK_LEVEL_##r, VMWALK_LEVEL_##w, VMWALK_LEVEL_##x }

FIXTURE(image) {
	struct vmwalk_image image;
	struct vmwalk_address walk;
	const char *name;
};

FIXTURE_SETUP(image)
{
	image_demo(&self->image);
}

FIXTURE_TEARDOWN(image)
{
	vmwalk_image_free(&self->image);
}

static enum vmwalk_error walk(struct _test_data_image *self, __u64 address)
{
	return vmwalk_image_walk(&self->image, address, &self->walk, &self->name);
}

static struct vmwalk_run *run_of(struct vmwalk_image *image, __u64 start)
{
	for (size_t i = 0; i < image->nr_runs; i++)
		if (image->runs[i].start == start)
			return &image->runs[i];
	return NULL;
}

TEST_F(image, an_area_contains_its_first_and_not_its_end)
{
	struct vmwalk_image *image = &self->image;

	EXPECT_EQ(vmwalk_image_area(image, DEMO_TEXT - 1), NULL);
	EXPECT_EQ(vmwalk_image_area(image, DEMO_TEXT), &image->areas[0]);
	EXPECT_EQ(vmwalk_image_area(image, DEMO_TEXT + 0x1fff), &image->areas[0]);
	EXPECT_EQ(vmwalk_image_area(image, DEMO_TEXT + 0x2000), NULL);
	EXPECT_EQ(vmwalk_image_area(image, DEMO_ARENA_END - 1), &image->areas[1]);
	EXPECT_EQ(vmwalk_image_area(image, DEMO_STACK), &image->areas[2]);
	EXPECT_EQ(vmwalk_image_area(image, ~0ULL), NULL);
}

TEST_F(image, a_text_is_found_by_its_name)
{
	EXPECT_STREQ(vmwalk_image_text(&self->image, "oom_score"), "666");
	EXPECT_EQ(vmwalk_image_text(&self->image, "oom"), NULL);
}

TEST_F(image, a_page_has_its_way_through_every_level)
{
	const struct vmwalk_entry *entry = self->walk.entry;

	ASSERT_EQ(walk(self, DEMO_PAGES + 0x1234), VMWALK_OK);
	EXPECT_EQ(self->walk.call.address, DEMO_PAGES + 0x1234);
	EXPECT_STREQ(self->name, "[anon:arena]");
	EXPECT_EQ(self->walk.call.name_len, 12);
	EXPECT_EQ(self->walk.call.leaf_level, VMWALK_LEVEL_PTE);
	EXPECT_EQ(entry[VMWALK_LEVEL_PGD].type, VMWALK_CLASS_TABLE);
	EXPECT_EQ(entry[VMWALK_LEVEL_PGD].index, 254);
	EXPECT_EQ(entry[VMWALK_LEVEL_PGD].address, 0x10a3c6000ULL + 8 * 254);
	EXPECT_EQ(entry[VMWALK_LEVEL_PGD].value, self->image.tables[4].value);
	EXPECT_EQ(entry[VMWALK_LEVEL_PGD].target, self->image.tables[4].address);
	EXPECT_EQ(entry[VMWALK_LEVEL_P4D].type, VMWALK_CLASS_FOLDED);
	EXPECT_EQ(entry[VMWALK_LEVEL_PUD].type, VMWALK_CLASS_TABLE);
	EXPECT_EQ(entry[VMWALK_LEVEL_PMD].type, VMWALK_CLASS_TABLE);
	EXPECT_EQ(entry[VMWALK_LEVEL_PTE].type, VMWALK_CLASS_LEAF);
	EXPECT_EQ(entry[VMWALK_LEVEL_PTE].index, 1);
	EXPECT_EQ(entry[VMWALK_LEVEL_PTE].address, self->image.tables[6].address + 8);
	EXPECT_EQ(entry[VMWALK_LEVEL_PTE].value, 0x8000000000000867ULL | 0x2002ULL << 12);
	EXPECT_EQ(entry[VMWALK_LEVEL_PTE].target, 0x2002000);
	EXPECT_EQ(self->walk.call.pfn, 0x2002);
	EXPECT_EQ(self->walk.call.kind, VMWALK_KIND_BASE);
	EXPECT_EQ(self->walk.page.mapcount, 1);
	EXPECT_EQ(self->walk.call.got, VMWALK_GOT_VMA | VMWALK_GOT_NAME | VMWALK_GOT_ENTRIES |
		  VMWALK_GOT_PFN | VMWALK_GOT_PAGE | VMWALK_GOT_STABLE |
		  VMWALK_GOT_TASK_FAULTS | VMWALK_GOT_PROCESS_FAULTS);
	EXPECT_EQ(self->walk.call.process_minor, 1204);
	EXPECT_EQ(self->walk.call.redacted, 0);
}

TEST_F(image, every_level_can_withhold_a_right)
{
	static const __u8 by_pte[] = RIGHTS(NONE, NONE, PTE), by_pud[] = RIGHTS(NONE, PGD, PTE);
	static const __u8 all[] = RIGHTS(PTE, PTE, PTE);

	ASSERT_EQ(walk(self, DEMO_PAGES), VMWALK_OK);
	EXPECT_EQ(self->walk.call.effective, VMWALK_PERM_R | VMWALK_PERM_W);
	EXPECT_EQ(memcmp(self->walk.call.withheld, by_pte, 3), 0);
	/*
	 * tables[4] is a PUD table: clear the write bit in the PGD entry that points to
	 * it.
	 */
	self->image.tables[4].value &= ~2ULL;
	ASSERT_EQ(walk(self, DEMO_PAGES), VMWALK_OK);
	EXPECT_EQ(self->walk.call.effective, VMWALK_PERM_R);
	EXPECT_EQ(memcmp(self->walk.call.withheld, by_pud, 3), 0);
	run_of(&self->image, DEMO_PAGES)->state = VMWALK_CLASS_PROTNONE;
	ASSERT_EQ(walk(self, DEMO_PAGES), VMWALK_OK);
	EXPECT_EQ(self->walk.call.effective, 0);
	EXPECT_EQ(memcmp(self->walk.call.withheld, all, 3), 0);
	ASSERT_EQ(walk(self, DEMO_TEXT), VMWALK_OK);
	EXPECT_EQ(self->walk.call.effective, VMWALK_PERM_R | VMWALK_PERM_X);
}

TEST_F(image, user_mode_runs_on_the_copy_of_the_root)
{
	struct vmwalk_table *table = &self->image.tables[1];

	self->image.caps.features |= VMWALK_FEATURE_ROOT_SHADOW;
	table->shadow = table->value;
	table->value |= 1ULL << 63;
	ASSERT_EQ(walk(self, DEMO_TEXT), VMWALK_OK);
	EXPECT_EQ(self->walk.entry[VMWALK_LEVEL_PGD].shadow, table->shadow);
	EXPECT_EQ(self->walk.call.effective, VMWALK_PERM_R | VMWALK_PERM_X);
	self->image.caps.features = 0;
	ASSERT_EQ(walk(self, DEMO_TEXT), VMWALK_OK);
	EXPECT_EQ(self->walk.call.effective, VMWALK_PERM_R);
	EXPECT_EQ(self->walk.call.withheld[2], VMWALK_LEVEL_PGD);
}

TEST_F(image, a_page_within_a_huge_leaf_has_its_own_frame)
{
	const struct vmwalk_entry *entry = self->walk.entry;

	ASSERT_EQ(walk(self, DEMO_ARENA + 0x5010), VMWALK_OK);
	EXPECT_EQ(self->walk.call.leaf_level, VMWALK_LEVEL_PMD);
	EXPECT_EQ(self->walk.call.kind, VMWALK_KIND_THP);
	EXPECT_EQ(self->walk.call.pfn, DEMO_THP_PFN + 5);
	EXPECT_EQ(entry[VMWALK_LEVEL_PMD].target, DEMO_THP_PFN << 12);
	EXPECT_EQ(entry[VMWALK_LEVEL_PTE].type, VMWALK_CLASS_UNREAD);
	EXPECT_EQ(entry[VMWALK_LEVEL_PTE].index, 5);
	EXPECT_EQ(entry[VMWALK_LEVEL_PTE].address, 0);
}

TEST_F(image, the_page_within_a_huge_leaf_is_told_only_if_it_follows_from_the_first)
{
	struct vmwalk_run *run = run_of(&self->image, DEMO_ARENA);

	ASSERT_EQ(walk(self, DEMO_ARENA + 0x5000), VMWALK_OK);
	ASSERT_TRUE(self->walk.call.got & VMWALK_GOT_PAGE);
	EXPECT_EQ(self->walk.page.head_pfn, DEMO_THP_PFN);
	EXPECT_EQ(self->walk.page.index, (DEMO_ARENA >> 12) + 5);
	EXPECT_EQ(self->walk.page.kpageflags & 0x18000, 0x10000);
	ASSERT_EQ(walk(self, DEMO_ARENA + 0xfff), VMWALK_OK);
	EXPECT_EQ(self->walk.page.kpageflags & 0x18000, 0x8000);
	/*
	 * Another process may map a part of this THP, so the mapcounts of its pages can
	 * differ.
	 */
	run->page.traits = VMWALK_PAGE_ANON;
	ASSERT_EQ(walk(self, DEMO_ARENA + 0x5000), VMWALK_OK);
	EXPECT_FALSE(self->walk.call.got & VMWALK_GOT_PAGE);
	EXPECT_EQ(self->walk.page.mapcount, 0);
	ASSERT_EQ(walk(self, DEMO_ARENA), VMWALK_OK);
	EXPECT_TRUE(self->walk.call.got & VMWALK_GOT_PAGE);
	/*
	 * hugetlb is mapped as a whole, so a tail page follows from the first one, unless
	 * /proc/kpageflags reports flags per page (no FEATURE_FOLIO_KPAGEFLAGS).
	 */
	run->kind = VMWALK_KIND_HUGETLB;
	ASSERT_EQ(walk(self, DEMO_ARENA + 0x5000), VMWALK_OK);
	EXPECT_TRUE(self->walk.call.got & VMWALK_GOT_PAGE);
	self->image.caps.features = 0;
	ASSERT_EQ(walk(self, DEMO_ARENA + 0x5000), VMWALK_OK);
	EXPECT_FALSE(self->walk.call.got & VMWALK_GOT_PAGE);
}

TEST_F(image, what_was_asked_of_the_pages_within_a_huge_leaf_is_told)
{
	struct vmwalk_page page;

	image_share_huge(&self->image);
	ASSERT_EQ(walk(self, DEMO_ARENA + 0x8fff), VMWALK_OK);
	ASSERT_TRUE(self->walk.call.got & VMWALK_GOT_PAGE);
	EXPECT_EQ(self->walk.page.mapcount, 2);
	EXPECT_EQ(self->walk.page.index, (DEMO_ARENA >> 12) + 8);
	EXPECT_EQ(self->walk.page.kpageflags & 0x18000, 0x10000);
	ASSERT_EQ(walk(self, DEMO_COPIED), VMWALK_OK);
	EXPECT_EQ(self->walk.page.mapcount, 1);
	EXPECT_EQ(self->walk.page.index, (DEMO_ARENA >> 12) + 9);
	ASSERT_EQ(walk(self, DEMO_COPIED + 0x1000), VMWALK_OK);
	EXPECT_EQ(self->walk.page.mapcount, 2);
	EXPECT_EQ(self->walk.page.index, (DEMO_ARENA >> 12) + 10);
	/*
	 * The run has the information on the first page; the image has none on the last
	 * one.
	 */
	ASSERT_EQ(walk(self, DEMO_ARENA), VMWALK_OK);
	EXPECT_EQ(self->walk.page.kpageflags & 0x18000, 0x8000);
	ASSERT_EQ(walk(self, DEMO_PAGES - 1), VMWALK_OK);
	EXPECT_FALSE(self->walk.call.got & VMWALK_GOT_PAGE);
	EXPECT_TRUE(self->walk.call.got & VMWALK_GOT_PFN);
	/*
	 * Even if the run says that all pages are alike, struct vmwalk_inner takes
	 * precedence.
	 */
	self->image.runs[2].page.traits |= VMWALK_PAGE_EXCLUSIVE;
	ASSERT_TRUE(vmwalk_image_page(&self->image, DEMO_COPIED, &page));
	EXPECT_EQ(page.mapcount, 1);
	EXPECT_EQ(page.traits, VMWALK_PAGE_ANON);
	ASSERT_TRUE(vmwalk_image_page(&self->image, DEMO_PAGES - 1, &page));
	EXPECT_EQ(page.traits, VMWALK_PAGE_ANON | VMWALK_PAGE_EXCLUSIVE);
	EXPECT_FALSE(vmwalk_image_page(&self->image, DEMO_SWAP, &page));
	EXPECT_FALSE(vmwalk_image_page(&self->image, DEMO_UNTOUCHED, &page));
	EXPECT_FALSE(vmwalk_image_page(&self->image, 0, &page));
}

TEST_F(image, pages_without_a_mapping_have_no_index_that_goes_on)
{
	struct vmwalk_inner *inner;

	image_share_huge(&self->image);
	inner = &self->image.inner[0];
	inner->page.traits = 0;
	inner->page.index = 0;
	inner->page.kpageflags = 0x400;
	ASSERT_EQ(walk(self, DEMO_ARENA + 0x3000), VMWALK_OK);
	EXPECT_EQ(self->walk.page.index, 0);
	EXPECT_EQ(self->walk.page.kpageflags, 0x400);
	/*
	 * A huge leaf can map several smaller folios: its fourth page is the head of one
	 * here.
	 */
	inner->page.kpageflags = 0x10400;
	inner->page.head_pfn = DEMO_THP_PFN + 3;
	ASSERT_EQ(walk(self, DEMO_ARENA + 0x3000), VMWALK_OK);
	EXPECT_EQ(self->walk.page.kpageflags, 0x8400);
}

TEST_F(image, swap_markers_and_poison_say_what_they_hold)
{
	ASSERT_EQ(walk(self, DEMO_SWAP + 7), VMWALK_OK);
	EXPECT_EQ(self->walk.entry[VMWALK_LEVEL_PTE].type, VMWALK_CLASS_SWAP);
	EXPECT_TRUE(self->walk.call.got & VMWALK_GOT_SWAP);
	EXPECT_EQ(self->walk.call.swap_type, 1);
	EXPECT_EQ(self->walk.call.swap_offset, 77);
	EXPECT_FALSE(self->walk.call.got & VMWALK_GOT_PFN);
	ASSERT_EQ(walk(self, DEMO_GUARD), VMWALK_OK);
	EXPECT_TRUE(self->walk.call.got & VMWALK_GOT_MARKER);
	EXPECT_EQ(self->walk.call.marker, VMWALK_MARKER_GUARD);
	run_of(&self->image, DEMO_SWAP)->state = VMWALK_CLASS_HWPOISON;
	ASSERT_EQ(walk(self, DEMO_SWAP), VMWALK_OK);
	EXPECT_TRUE(self->walk.call.got & VMWALK_GOT_PFN);
	EXPECT_EQ(self->walk.call.pfn, 77);
	EXPECT_EQ(self->walk.entry[VMWALK_LEVEL_PTE].target, 0);
	EXPECT_EQ(self->walk.call.kind, VMWALK_KIND_NONE);
}

TEST_F(image, an_empty_entry_is_at_the_level_whose_table_ends_the_way)
{
	ASSERT_EQ(walk(self, DEMO_PAGES + 0x100000), VMWALK_OK);
	EXPECT_EQ(self->walk.call.leaf_level, VMWALK_LEVEL_PTE);
	EXPECT_EQ(self->walk.entry[VMWALK_LEVEL_PTE].type, VMWALK_CLASS_NONE);
	EXPECT_TRUE(self->walk.call.got & VMWALK_GOT_STABLE);
	ASSERT_EQ(walk(self, DEMO_UNTOUCHED), VMWALK_OK);
	EXPECT_EQ(self->walk.call.leaf_level, VMWALK_LEVEL_PMD);
	EXPECT_EQ(self->walk.entry[VMWALK_LEVEL_PMD].type, VMWALK_CLASS_NONE);
	EXPECT_EQ(self->walk.entry[VMWALK_LEVEL_PTE].type, VMWALK_CLASS_UNREAD);
	EXPECT_EQ(self->walk.call.kind, VMWALK_KIND_NONE);
}

TEST_F(image, a_hole_names_its_neighbours)
{
	ASSERT_EQ(walk(self, DEMO_ARENA_END), VMWALK_OK);
	EXPECT_EQ(self->walk.call.got & (VMWALK_GOT_VMA | VMWALK_GOT_ENTRIES | VMWALK_GOT_NAME), 0);
	ASSERT_EQ(self->walk.call.got & 6, VMWALK_GOT_PREV | VMWALK_GOT_NEXT);
	EXPECT_EQ(self->walk.call.prev_start, DEMO_ARENA);
	EXPECT_EQ(self->walk.call.prev_end, DEMO_ARENA_END);
	EXPECT_EQ(self->walk.call.next_start, DEMO_STACK);
	EXPECT_EQ(self->walk.call.next_end, DEMO_STACK_END);
	EXPECT_TRUE(self->walk.call.next_flags & VMWALK_VMA_BIT(VMWALK_VMA_GD));
	EXPECT_EQ(self->walk.call.leaf_level, VMWALK_LEVEL_NONE);
	EXPECT_STREQ(self->name, "");
	ASSERT_EQ(walk(self, 0), VMWALK_OK);
	EXPECT_EQ(self->walk.call.got & 6, VMWALK_GOT_NEXT);
	ASSERT_EQ(walk(self, DEMO_STACK_END), VMWALK_OK);
	EXPECT_EQ(self->walk.call.got & 6, VMWALK_GOT_PREV);
}

TEST_F(image, what_is_not_in_it_is_out_of_range)
{
	EXPECT_EQ(walk(self, 0x7ffffffff000ULL), VMWALK_ERR_RANGE);
	EXPECT_EQ(walk(self, ~0ULL), VMWALK_ERR_RANGE);
	self->image.start = DEMO_ARENA;
	self->image.end = DEMO_ARENA_END;
	EXPECT_EQ(walk(self, DEMO_TEXT), VMWALK_ERR_RANGE);
	EXPECT_EQ(walk(self, DEMO_ARENA_END), VMWALK_ERR_RANGE);
	EXPECT_EQ(walk(self, DEMO_ARENA), VMWALK_OK);
	self->image.parts &= ~VMWALK_IMAGE_EACH;
	EXPECT_EQ(walk(self, DEMO_ARENA), VMWALK_ERR_SYSTEM);
	EXPECT_EQ(errno, ENODATA);
}

TEST_F(image, a_page_that_kept_changing_is_said_to_have)
{
	struct vmwalk_run *run = run_of(&self->image, DEMO_PAGES);

	run->got = VMWALK_RUN_FIRST | VMWALK_RUN_PAGE_CHANGED;
	run->kind = VMWALK_KIND_CHANGED;
	ASSERT_EQ(walk(self, DEMO_PAGES), VMWALK_OK);
	EXPECT_EQ(self->walk.call.kind, VMWALK_KIND_CHANGED);
	EXPECT_TRUE(self->walk.call.got & VMWALK_GOT_PFN);
	EXPECT_TRUE(self->walk.call.got & VMWALK_GOT_PAGE_CHANGED);
	EXPECT_FALSE(self->walk.call.got & (VMWALK_GOT_STABLE | VMWALK_GOT_PAGE));
}

TEST_F(image, a_table_and_an_entry_of_two_moments_are_said_to_have_changed)
{
	/* A 2 MiB leaf contradicts the PTE table that the image has for this address. */
	run_of(&self->image, DEMO_PAGES)->page_shift = 21;
	ASSERT_EQ(walk(self, DEMO_PAGES), VMWALK_OK);
	EXPECT_EQ(self->walk.entry[VMWALK_LEVEL_PTE].type, VMWALK_CLASS_CHANGED);
	EXPECT_FALSE(self->walk.call.got & (VMWALK_GOT_STABLE | VMWALK_GOT_PFN | VMWALK_GOT_PAGE));
	EXPECT_EQ(self->walk.call.effective, 0);
	run_of(&self->image, DEMO_SWAP)->state = VMWALK_CLASS_CHANGED;
	ASSERT_EQ(walk(self, DEMO_SWAP), VMWALK_OK);
	EXPECT_EQ(self->walk.entry[VMWALK_LEVEL_PTE].type, VMWALK_CLASS_CHANGED);
	EXPECT_FALSE(self->walk.call.got & (VMWALK_GOT_STABLE | VMWALK_GOT_PFN));
	self->image.nr_tables = 0;
	ASSERT_EQ(walk(self, DEMO_PAGES), VMWALK_OK);
	EXPECT_FALSE(self->walk.call.got & VMWALK_GOT_ENTRIES);
}

TEST_F(image, what_was_withheld_is_said_to_be_and_is_never_0)
{
	struct vmwalk_run *run = run_of(&self->image, DEMO_PAGES);

	self->image.attach.redacted = VMWALK_REDACTED_TABLES | VMWALK_REDACTED_PFN |
		VMWALK_REDACTED_SWAP | VMWALK_REDACTED_PAGE | VMWALK_REDACTED_SYMBOLS;
	run->got = 0;
	ASSERT_EQ(walk(self, DEMO_PAGES), VMWALK_OK);
	EXPECT_EQ(self->walk.call.redacted, VMWALK_REDACTED_TABLES | VMWALK_REDACTED_PFN |
		  VMWALK_REDACTED_PAGE | VMWALK_REDACTED_SYMBOLS);
	EXPECT_EQ(self->walk.entry[VMWALK_LEVEL_PTE].address, 0);
	EXPECT_FALSE(self->walk.call.got & (VMWALK_GOT_PFN | VMWALK_GOT_PAGE));
	EXPECT_EQ(self->walk.call.effective, VMWALK_PERM_R | VMWALK_PERM_W);
	run_of(&self->image, DEMO_SWAP)->got = 0;
	ASSERT_EQ(walk(self, DEMO_SWAP), VMWALK_OK);
	EXPECT_EQ(self->walk.call.redacted, VMWALK_REDACTED_TABLES | VMWALK_REDACTED_SWAP |
		  VMWALK_REDACTED_SYMBOLS);
	EXPECT_FALSE(self->walk.call.got & VMWALK_GOT_SWAP);
}

TEST(an_architecture_without_a_table_of_bits_goes_by_the_flags)
{
	const struct vmwalk_arch_desc *none = vmwalk_arch_find(99);
	const __u32 all = VMWALK_E_USER | VMWALK_E_READ | VMWALK_E_WRITE | VMWALK_E_EXEC;

	EXPECT_EQ(vmwalk_arch_perm(none, VMWALK_LEVEL_PTE, 0, all), 7);
	EXPECT_EQ(vmwalk_arch_perm(none, VMWALK_LEVEL_PTE, ~0ULL, all & ~VMWALK_E_USER), 0);
	EXPECT_EQ(vmwalk_arch_perm(none, VMWALK_LEVEL_PTE, 0, VMWALK_E_USER | VMWALK_E_READ),
		  VMWALK_PERM_R);
}

TEST_HARNESS_MAIN
