// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image_device.h"
#include "images.h"
#include "kselftest_harness.h"

FIXTURE(gather) {
	struct vmwalk_device *dev;
	struct vmwalk_target target;
	struct vmwalk_image image;
};

FIXTURE_SETUP(gather)
{
	memset(&fake, 0, sizeof(fake));
	image_demo(&fake.image);
	ASSERT_EQ(vmwalk_device_open(&self->dev), VMWALK_OK);
	ASSERT_EQ(vmwalk_device_attach(self->dev, getpid()), VMWALK_OK);
}

FIXTURE_TEARDOWN(gather)
{
	vmwalk_device_close(self->dev);
	vmwalk_image_free(&self->image);
	vmwalk_image_free(&fake.image);
}

TEST_F(gather, an_image_is_gathered_from_the_device_and_from_proc)
{
	struct vmwalk_target target = { .pid = getpid(), .comm = "x" };
	struct vmwalk_image image;
	char why[160];
	size_t size;
	unsigned char *bytes;
	struct vmwalk_image loaded;

	ASSERT_EQ(vmwalk_image_gather(&image, self->dev, &target, 0, ~0ULL, VMWALK_IMAGE_ALL),
		  VMWALK_OK);
	EXPECT_EQ(image.parts, VMWALK_IMAGE_ALL);
	EXPECT_EQ(image.end, fake.image.end);
	EXPECT_EQ(image.raced, 0);
	EXPECT_EQ(image.nr_areas, 3);
	EXPECT_EQ(image.nr_runs, fake.image.nr_runs);
	EXPECT_EQ(image.nr_tables, fake.image.nr_tables);
	EXPECT_EQ(fake.asked.flags, VMWALK_SCAN_EACH | VMWALK_SCAN_PAGE);
	EXPECT_EQ(image.mm.map_count, 3);
	ASSERT_EQ(image.nr_threads, 1);
	EXPECT_EQ(image.threads[0].tid, getpid());
	EXPECT_STREQ(image.threads[0].comm, "test_gather");
	EXPECT_GT(image.threads[0].minor, 0);
	EXPECT_GT(image.maps.nr, 5);
	EXPECT_NE(vmwalk_image_text(&image, "oom_score_adj"), NULL);
	EXPECT_NE(vmwalk_image_text(&image, "max_map_count"), NULL);
	EXPECT_EQ(strncmp(vmwalk_image_text(&image, "swaps"), "Filename", 8), 0);
	EXPECT_STREQ(image.areas[0].elf, "");
	image_use(&image);
	bytes = image_bytes(&image, &size);
	EXPECT_EQ(image_load(&loaded, bytes, size, why, sizeof(why)), VMWALK_SNAPSHOT_OK)
		TH_LOG("%s", why);
	vmwalk_image_free(&loaded);
	vmwalk_image_free(&image);
	free(bytes);
}

TEST_F(gather, only_the_parts_that_are_asked_for_are_gathered)
{
	struct vmwalk_target target = { 0 };
	struct vmwalk_image image;

	ASSERT_EQ(vmwalk_image_gather(&image, self->dev, &target, DEMO_ARENA + 5, DEMO_ARENA + 6,
				      VMWALK_IMAGE_RUNS), VMWALK_OK);
	EXPECT_EQ(image.start, DEMO_ARENA);
	EXPECT_EQ(image.end, DEMO_ARENA + 4096);
	EXPECT_EQ(image.nr_areas + image.nr_tables + image.nr_threads + image.maps.nr, 0);
	EXPECT_EQ(image.nr_runs, 1);
	EXPECT_NE(vmwalk_image_text(&image, "swaps"), NULL);
	EXPECT_EQ(vmwalk_image_text(&image, "oom_score"), NULL);
	vmwalk_image_free(&image);
}

TEST_F(gather, sums_need_no_runs_and_are_those_of_the_runs)
{
	const __u32 parts = VMWALK_IMAGE_VMAS | VMWALK_IMAGE_TABLES;
	struct vmwalk_account *account, *expected;
	struct vmwalk_target target = { 0 };

	fake.at_once = 2;
	ASSERT_EQ(vmwalk_image_gather(&self->image, self->dev, &target, 0, ~0ULL,
				      parts | VMWALK_IMAGE_RUNS), VMWALK_OK);
	expected = vmwalk_account_image(&self->image);
	vmwalk_image_free(&self->image);
	ASSERT_EQ(vmwalk_image_gather(&self->image, self->dev, &target, 0, ~0ULL,
				      parts | VMWALK_IMAGE_SUMS), VMWALK_OK);
	account = vmwalk_account_image(&self->image);
	EXPECT_EQ(self->image.runs, NULL);
	EXPECT_EQ(fake.asked.flags, VMWALK_SCAN_PAGE);
	EXPECT_EQ(fake.asked.entry_flags, VMWALK_E_DIRTY);
	EXPECT_GT(expected[3].dirty, 0);
	EXPECT_EQ(memcmp(account, expected, 4 * sizeof(*account)), 0);
	free(account);
	free(expected);
}

TEST_F(gather, sums_have_what_the_vmas_have_when_a_vma_goes_away)
{
	struct vmwalk_target target = { 0 };
	struct vmwalk_account *account;

	fake.unmap_after = 1;
	ASSERT_EQ(vmwalk_image_gather(&self->image, self->dev, &target, 0, ~0ULL,
				      VMWALK_IMAGE_VMAS | VMWALK_IMAGE_SUMS), VMWALK_OK);
	EXPECT_EQ(self->image.raced, 6);
	account = vmwalk_account_image(&self->image);
	EXPECT_EQ(account[3].resident, (512 + 3) * 4096);
	EXPECT_EQ(account[3].swap, 0);
	free(account);
}

TEST_F(gather, what_goes_away_while_it_is_gathered_is_gathered_again)
{
	struct vmwalk_target target = { 0 };
	struct vmwalk_image image;

	/*
	 * VMAS returns an arena that is cut at DEMO_PAGES, but SCAN still returns the
	 * arena's six runs from there on.
	 */
	fake.unmap_after = 1;
	ASSERT_EQ(vmwalk_image_gather(&image, self->dev, &target, 0, ~0ULL,
				      VMWALK_IMAGE_VMAS | VMWALK_IMAGE_RUNS), VMWALK_OK);
	EXPECT_EQ(image.nr_areas, 3);
	EXPECT_EQ(image.nr_runs, fake.image.nr_runs - 6);
	EXPECT_EQ(image.raced, 6);
	vmwalk_image_free(&image);
}

TEST_F(gather, a_process_that_is_gone_gives_no_image)
{
	struct vmwalk_target target = { 0 };
	struct vmwalk_image image;

	fake.error = ESRCH;
	EXPECT_EQ(vmwalk_image_gather(&image, self->dev, &target, 0, ~0ULL, VMWALK_IMAGE_ALL),
		  VMWALK_ERR_GONE);
	vmwalk_image_free(&image);
}

static enum vmwalk_error gather_all(struct _test_data_gather *self)
{
	fake.walks = 0;
	return vmwalk_image_gather(&self->image, self->dev, &self->target, 0, ~0ULL,
				   VMWALK_IMAGE_ALL);
}

/*
 * As image_share_huge(), but with page information for the last page of the leaf as well.
 */
static void share_huge(void)
{
	image_share_huge(&fake.image);
	fake.image.inner[2].end = DEMO_PAGES;
}

TEST_F(gather, pages_of_a_huge_leaf_are_asked_for_and_put_together)
{
	share_huge();
	ASSERT_EQ(gather_all(self), VMWALK_OK);
	EXPECT_EQ(self->image.raced, 0);
	EXPECT_EQ(fake.walks, 511);
	ASSERT_EQ(self->image.nr_inner, 3);
	EXPECT_EQ(memcmp(self->image.inner, fake.image.inner, 3 * sizeof(*fake.image.inner)), 0);
	image_use(&self->image);
}

TEST_F(gather, whatever_a_page_differs_in_parts_its_neighbours)
{
	static const size_t words[] = {
		offsetof(struct vmwalk_page, head_pfn), offsetof(struct vmwalk_page, kpageflags),
		offsetof(struct vmwalk_page, flags), offsetof(struct vmwalk_page, index),
		offsetof(struct vmwalk_page, order), offsetof(struct vmwalk_page, refcount),
		offsetof(struct vmwalk_page, mapcount), offsetof(struct vmwalk_page, node),
		offsetof(struct vmwalk_page, traits),
	};
	struct vmwalk_page *page;
	size_t i;

	share_huge();
	page = &fake.image.inner[1].page;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		*page = fake.image.inner[0].page;
		page->index += 8;
		*((unsigned char *)page + words[i]) ^= 1;
		ASSERT_EQ(gather_all(self), VMWALK_OK);
		ASSERT_EQ(self->image.nr_inner, 3);
		EXPECT_EQ(memcmp(page, &self->image.inner[1].page, sizeof(*page)), 0);
		vmwalk_image_free(&self->image);
	}
	*page = fake.image.inner[0].page;
	page->index += 8;
	ASSERT_EQ(gather_all(self), VMWALK_OK);
	EXPECT_EQ(self->image.nr_inner, 1);
}

TEST_F(gather, pages_that_are_known_to_be_alike_or_withheld_are_not_asked_for)
{
	struct vmwalk_run *run = &fake.image.runs[2];

	ASSERT_EQ(gather_all(self), VMWALK_OK);
	EXPECT_EQ(fake.walks, 0);
	vmwalk_image_free(&self->image);
	share_huge();
	run->kind = VMWALK_KIND_HUGETLB;
	ASSERT_EQ(gather_all(self), VMWALK_OK);
	EXPECT_EQ(fake.walks, 0);
	vmwalk_image_free(&self->image);
	/*
	 * Without VMWALK_FEATURE_FOLIO_KPAGEFLAGS tail pages have their own flags: walk
	 * each of them.
	 */
	fake.image.caps.features = 0;
	vmwalk_device_close(self->dev);
	ASSERT_EQ(vmwalk_device_open(&self->dev), VMWALK_OK);
	ASSERT_EQ(vmwalk_device_attach(self->dev, getpid()), VMWALK_OK);
	ASSERT_EQ(gather_all(self), VMWALK_OK);
	EXPECT_EQ(fake.walks, 511);
	vmwalk_image_free(&self->image);
	run->got = 0;
	ASSERT_EQ(gather_all(self), VMWALK_OK);
	EXPECT_EQ(fake.walks, 0);
	EXPECT_EQ(self->image.nr_inner, 0);
}

TEST_F(gather, pages_are_not_asked_for_where_they_are_not_wanted)
{
	share_huge();
	ASSERT_EQ(vmwalk_image_gather(&self->image, self->dev, &self->target, 0, ~0ULL,
				      VMWALK_IMAGE_ALL & ~VMWALK_IMAGE_INNER), VMWALK_OK);
	EXPECT_EQ(fake.walks, 0);
	EXPECT_EQ(self->image.nr_inner, 0);
}

TEST_F(gather, a_huge_page_that_is_split_meanwhile_is_known_as_far_as_it_was_seen)
{
	share_huge();
	fake.split_after = 20;
	ASSERT_EQ(gather_all(self), VMWALK_OK);
	/* The first attempt needs 21 walks to see the split, the other four one each. */
	EXPECT_EQ(self->image.raced, 1);
	EXPECT_EQ(self->image.nr_inner, 0);
	EXPECT_EQ(self->image.nr_runs, fake.image.nr_runs);
	EXPECT_EQ(fake.walks, 21 + 4);
	image_use(&self->image);
}

TEST_F(gather, pages_after_one_that_kept_changing_are_left_out)
{
	image_share_huge(&fake.image);
	ASSERT_EQ(gather_all(self), VMWALK_OK);
	EXPECT_EQ(self->image.raced, 1);
	ASSERT_EQ(self->image.nr_inner, 3);
	EXPECT_EQ(self->image.inner[2].end, DEMO_PAGES - 0x1000);
}

static void note_end_of_huge(__u64 address, void *arg)
{
	*(unsigned int *)arg += address == DEMO_PAGES;
}

TEST_F(gather, whoever_watches_is_told_of_the_pages_too)
{
	unsigned int told = 0;

	vmwalk_device_watch(self->dev, note_end_of_huge, &told);
	ASSERT_EQ(gather_all(self), VMWALK_OK);
	EXPECT_EQ(told, 0);
	vmwalk_image_free(&self->image);
	share_huge();
	ASSERT_EQ(gather_all(self), VMWALK_OK);
	EXPECT_EQ(told, 1);
}

TEST_HARNESS_MAIN
