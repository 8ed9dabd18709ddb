// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "images.h"
#include "kselftest_harness.h"

/* Break invariant @i of those that functions of the library rely on in any image. */
static void break_image(struct vmwalk_image *image, unsigned int i)
{
	switch (i) {
	case 0:
		image->areas[1].vma.start = image->areas[0].vma.start;
		break;
	case 1:
		image->areas[1].vma.end = image->areas[1].vma.start;
		break;
	case 2:
		image->areas[1].vma.start += 8;
		break;
	case 3:
		image->areas[1].vma.page_shift = 64;
		break;
	case 4:
		image->runs[3].start = image->runs[2].start;
		break;
	case 5:
		image->runs[9].end += 0x1000;
		break;
	case 6:
		image->runs[3].page_shift = 11;
		break;
	case 7:
		image->runs[3].end += 0x1000;
		image->runs[4].start += 0x1000;
		image->runs[4].end += 0x1000;
		image->runs[5].start += 0x2000;
		image->runs[5].end += 0x2000;
		image->runs[6].start += 0x2000;
		image->runs[6].end += 0x2000;
		break;
	case 8:
		image->tables[5].level = VMWALK_LEVEL_PUD;
		break;
	case 9:
		image->tables[5].level = VMWALK_LEVEL_P4D;
		break;
	case 10:
		image->tables[6].start += 0x1000;
		break;
	case 11:
		image->tables[6].leaves = 513;
		break;
	case 12:
		image->tables[6].start = 0x7f4000000000ULL;
		break;
	case 13:
		image->caps.page_size = 0;
		break;
	case 14:
		image->caps.level[VMWALK_LEVEL_PMD].shift = 64;
		break;
	case 15:
		image->caps.level[VMWALK_LEVEL_PTE].entries = 0;
		break;
	case 16:
		image->caps.level[VMWALK_LEVEL_PGD].folded = 1;
		break;
	case 17:
		memset(image->release, 'x', sizeof(image->release));
		break;
	case 18:
		memset(image->target.comm, 'x', sizeof(image->target.comm));
		break;
	case 19:
		memset(image->threads[0].comm, 'x', sizeof(image->threads[0].comm));
		break;
	case 20:
		image->start = image->end + 1;
		break;
	case 21:
		image->maps.line[1].text[0] = 'x';
		break;
	}
}

/* Break invariant @i of the pages inside the huge leaf, which is the third run. */
static void break_inner(struct vmwalk_image *image, unsigned int i)
{
	struct vmwalk_inner *inner = image->inner;
	struct vmwalk_run *run = &image->runs[2];

	switch (i) {
	case 0:
		inner[0].start = run->start;
		break;
	case 1:
		inner[0].end = inner[0].start;
		break;
	case 2:
		inner[0].start += 8;
		break;
	case 3:
		inner[1].start = inner[0].start;
		break;
	case 4:
		inner[2].end = run->end + 0x1000;
		break;
	case 5:
		inner[2].end = ~0xfffULL;
		break;
	case 6:
		inner[2].start = image->runs[3].start + 0x1000;
		inner[2].end = inner[2].start + 0x1000;
		break;
	case 7:
		inner[0].start = DEMO_TEXT;
		inner[0].end = DEMO_TEXT + 0x1000;
		break;
	case 8:
		inner[2].start = DEMO_UNTOUCHED;
		inner[2].end = DEMO_UNTOUCHED + 0x1000;
		break;
	case 9:
		run->state = VMWALK_CLASS_SWAP;
		break;
	case 10:
		run->got = VMWALK_RUN_FIRST;
		break;
	case 11:
		run->got = VMWALK_RUN_PAGE;
		break;
	case 12:
		/*
		 * Page information inside a leaf needs a run of one entry; this run has
		 * two.
		 */
		image->parts &= ~VMWALK_IMAGE_EACH;
		run->page_shift = 20;
		break;
	case 13:
		image->nr_runs = 0;
		break;
	}
}

static bool is_refused(const struct vmwalk_image *image)
{
	enum vmwalk_snapshot_error error;
	struct vmwalk_image loaded;
	unsigned char *bytes;
	char why[160] = "";
	size_t size;

	bytes = image_bytes(image, &size);
	error = image_load(&loaded, bytes, size, why, sizeof(why));
	vmwalk_image_free(&loaded);
	free(bytes);
	return error == VMWALK_SNAPSHOT_DAMAGED && why[0];
}

TEST(what_every_function_relies_on_is_checked)
{
	struct vmwalk_image image;
	unsigned int i;

	for (i = 0; i < 22; i++) {
		image_demo(&image);
		break_image(&image, i);
		EXPECT_TRUE(is_refused(&image))
			TH_LOG("case %u", i);
		vmwalk_image_free(&image);
	}
}

TEST(pages_lie_in_order_inside_of_one_huge_leaf_and_behind_its_first)
{
	struct vmwalk_image image;
	unsigned int i;

	for (i = 0; i < 14; i++) {
		image_demo(&image);
		image_share_huge(&image);
		EXPECT_FALSE(is_refused(&image));
		break_inner(&image, i);
		EXPECT_TRUE(is_refused(&image))
			TH_LOG("case %u", i);
		vmwalk_image_free(&image);
	}
}

TEST_HARNESS_MAIN
