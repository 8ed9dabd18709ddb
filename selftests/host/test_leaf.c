// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "check/check.h"
#include "kselftest_harness.h"

#define PAGE		4096ULL
#define SHIFT		12
#define START		0x7f0000200000ULL

#define PM_SOFT_DIRTY	(1ULL << 55)
#define PM_EXCLUSIVE	(1ULL << 56)
#define PM_UFFD_WP	(1ULL << 57)
#define PM_FILE		(1ULL << 61)
#define PM_SWAP		(1ULL << 62)
#define PM_PRESENT	(1ULL << 63)

FIXTURE(leaf) {
	struct vmwalk_vma vma;
	struct vmwalk_run run;
	struct vmwalk_leaf leaf;
	struct vmwalk_check check;
};

FIXTURE_SETUP(leaf)
{
	self->vma = (struct vmwalk_vma) {
		.start = START, .end = START + (1 << 21), .traits = VMWALK_VMA_IS_ANON,
		.flags = VMWALK_VMA_BIT(VMWALK_VMA_RD) | VMWALK_VMA_BIT(VMWALK_VMA_WR),
	};
	self->run = (struct vmwalk_run) {
		.start = START, .end = START + PAGE, .first = 0x1234, .last = 0x1234,
		.extents = 1, .state = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
		.page_shift = SHIFT, .got = VMWALK_RUN_FIRST | VMWALK_RUN_PAGE,
		.flags = VMWALK_E_PRESENT | VMWALK_E_WRITE | VMWALK_E_SOFTDIRTY,
		.page = { .kpageflags = 1 << 12, .mapcount = 1, .traits = VMWALK_PAGE_ANON },
	};
}

FIXTURE_TEARDOWN(leaf)
{
}

static void take(struct vmwalk_leaf *leaf, const struct vmwalk_run *run,
		 const struct vmwalk_vma *vma, __u64 address)
{
	vmwalk_leaf_of_run(leaf, run, vma, address, SHIFT, 0);
}

#define PAGEMAP(entry) ({							\
	take(&self->leaf, &self->run, &self->vma, self->run.start);		\
	vmwalk_leaf_check_pagemap(&self->leaf, entry, &self->check);		\
	self->check.result;							\
})

#define CATEGORIES(value) ({							\
	take(&self->leaf, &self->run, &self->vma, self->run.start);		\
	vmwalk_leaf_check_categories(&self->leaf, value, &self->check);		\
	self->check.result;							\
})

TEST_F(leaf, every_bit_of_pagemap_is_compared)
{
	__u64 good = PM_PRESENT | PM_SOFT_DIRTY | PM_EXCLUSIVE | 0x1234;
	static const struct {
		__u64 bit;
		const char *word;
	} bits[] = {
		{ PM_PRESENT, "present" }, { PM_SWAP, "swapped" }, { PM_FILE, "file" },
		{ PM_UFFD_WP, "uffdwp" }, { PM_SOFT_DIRTY, "softdirty" },
		{ PM_EXCLUSIVE, "exclusive" }, { 1, "frame" }, { 1ULL << 54, "frame" },
	};
	size_t i;

	EXPECT_EQ(PAGEMAP(good), VMWALK_CHECK_OK) TH_LOG("%s", self->check.reason);
	for (i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		EXPECT_EQ(PAGEMAP(good ^ bits[i].bit), VMWALK_CHECK_MISMATCH);
		EXPECT_EQ(strncmp(self->check.reason, bits[i].word, strlen(bits[i].word)), 0)
			TH_LOG("%s instead of %s", self->check.reason, bits[i].word);
	}
}

TEST_F(leaf, a_page_within_a_larger_leaf_has_its_own_frame)
{
	self->run.end = START + (1 << 21);
	self->run.page_shift = 21;
	self->run.kind = VMWALK_KIND_THP;
	take(&self->leaf, &self->run, &self->vma, START + 5 * PAGE);
	EXPECT_EQ(self->leaf.pfn, 0x1239);
	EXPECT_FALSE(self->leaf.last);
	/* SCAN reads page information for the first page of an entry only. */
	EXPECT_FALSE(self->leaf.got & VMWALK_GOT_PAGE);
	EXPECT_TRUE(vmwalk_leaf_wants_page(&self->leaf));
	vmwalk_leaf_check_pagemap(&self->leaf, PM_PRESENT | PM_SOFT_DIRTY | 0x1239, &self->check);
	EXPECT_EQ(self->check.result, VMWALK_CHECK_OK);
	vmwalk_leaf_check_pagemap(&self->leaf, PM_PRESENT | PM_SOFT_DIRTY | 0x1234, &self->check);
	EXPECT_EQ(self->check.result, VMWALK_CHECK_MISMATCH);
}

TEST_F(leaf, type_and_slot_of_swap_are_compared)
{
	self->run.state = VMWALK_CLASS_SWAP;
	self->run.kind = VMWALK_KIND_NONE;
	self->run.got = VMWALK_RUN_FIRST;
	self->run.first = 77;
	self->run.detail = 1;
	EXPECT_EQ(PAGEMAP(PM_SWAP | PM_SOFT_DIRTY | 77 << 5 | 1), VMWALK_CHECK_OK);
	EXPECT_EQ(PAGEMAP(PM_SWAP | PM_SOFT_DIRTY | 78 << 5 | 1), VMWALK_CHECK_MISMATCH);
	EXPECT_EQ(PAGEMAP(PM_SWAP | PM_SOFT_DIRTY | 77 << 5 | 2), VMWALK_CHECK_MISMATCH);
	EXPECT_FALSE(vmwalk_leaf_wants_page(&self->leaf));
}

TEST_F(leaf, an_empty_entry_is_empty_in_the_books)
{
	self->run.state = VMWALK_CLASS_NONE;
	self->run.kind = VMWALK_KIND_NONE;
	self->run.got = 0;
	self->run.flags = 0;
	EXPECT_EQ(PAGEMAP(0), VMWALK_CHECK_OK);
	EXPECT_EQ(PAGEMAP(PM_PRESENT), VMWALK_CHECK_MISMATCH);
	EXPECT_EQ(CATEGORIES(0), VMWALK_CHECK_OK);
	EXPECT_EQ(CATEGORIES(PAGE_IS_SWAPPED), VMWALK_CHECK_MISMATCH);
	/*
	 * In a VMA with VM_SOFTDIRTY pagemap sets the bit for all pages, empty ones
	 * included.
	 */
	self->vma.flags |= VMWALK_VMA_BIT(VMWALK_VMA_SD);
	EXPECT_EQ(PAGEMAP(PM_SOFT_DIRTY), VMWALK_CHECK_OK);
	EXPECT_EQ(PAGEMAP(0), VMWALK_CHECK_MISMATCH);
}

TEST_F(leaf, a_marker_of_userfaultfd_is_told)
{
	self->run.state = VMWALK_CLASS_MARKER;
	self->run.kind = VMWALK_KIND_NONE;
	self->run.got = 0;
	self->run.flags = 0;
	self->run.detail = VMWALK_MARKER_UFFD_WP;
	EXPECT_EQ(PAGEMAP(PM_SWAP | PM_UFFD_WP), VMWALK_CHECK_OK);
	EXPECT_EQ(PAGEMAP(PM_SWAP), VMWALK_CHECK_MISMATCH);
}

TEST_F(leaf, what_kept_changing_is_a_race)
{
	self->run.state = VMWALK_CLASS_CHANGED;
	self->run.got = 0;
	EXPECT_EQ(PAGEMAP(0), VMWALK_CHECK_RACED);
	EXPECT_EQ(CATEGORIES(0), VMWALK_CHECK_RACED);
}

TEST_F(leaf, a_page_that_kept_changing_is_a_race_and_not_a_frame_without_page)
{
	self->run.kind = VMWALK_KIND_CHANGED;
	self->run.got = VMWALK_RUN_FIRST | VMWALK_RUN_PAGE_CHANGED;
	EXPECT_EQ(PAGEMAP(PM_PRESENT | PM_SOFT_DIRTY | PM_EXCLUSIVE | 0x1234), VMWALK_CHECK_OK);
	EXPECT_EQ(PAGEMAP(PM_PRESENT | PM_SOFT_DIRTY | PM_FILE | 0x1234), VMWALK_CHECK_OK);
	EXPECT_EQ(PAGEMAP(PM_PRESENT | PM_SOFT_DIRTY | 0x1235), VMWALK_CHECK_MISMATCH);
	vmwalk_leaf_check_missing(&self->leaf, &self->check);
	EXPECT_EQ(self->check.result, VMWALK_CHECK_RACED);
	self->run.got = VMWALK_RUN_FIRST;
	take(&self->leaf, &self->run, &self->vma, START);
	vmwalk_leaf_check_missing(&self->leaf, &self->check);
	EXPECT_EQ(self->check.result, VMWALK_CHECK_UNAVAILABLE);
}

TEST_F(leaf, of_an_average_the_kernel_says_if_it_may_be_shared)
{
	const __u64 alone = PM_PRESENT | PM_SOFT_DIRTY | PM_EXCLUSIVE | 0x1234;

	self->run.page.traits |= VMWALK_PAGE_AVERAGE;
	EXPECT_EQ(PAGEMAP(alone), VMWALK_CHECK_OK);
	EXPECT_EQ(PAGEMAP(alone & ~PM_EXCLUSIVE), VMWALK_CHECK_MISMATCH);
	self->run.page.traits |= VMWALK_PAGE_MAYBE_SHARED;
	EXPECT_EQ(PAGEMAP(alone), VMWALK_CHECK_MISMATCH);
	EXPECT_EQ(PAGEMAP(alone & ~PM_EXCLUSIVE), VMWALK_CHECK_OK);
}

TEST_F(leaf, every_category_is_compared)
{
	__u64 good = PAGE_IS_PRESENT | PAGE_IS_SOFT_DIRTY, bit;

	for (bit = 1; bit <= PAGE_IS_SOFT_DIRTY; bit <<= 1) {
		EXPECT_EQ(CATEGORIES(good ^ bit), bit & PAGE_IS_COMPARED ?
			  VMWALK_CHECK_MISMATCH : VMWALK_CHECK_OK) TH_LOG("bit %llx", bit);
	}
	EXPECT_EQ(CATEGORIES(good), VMWALK_CHECK_OK);
	self->run.kind = VMWALK_KIND_ZERO;
	EXPECT_EQ(CATEGORIES(good | PAGE_IS_PFNZERO), VMWALK_CHECK_OK);
	EXPECT_EQ(CATEGORIES(good), VMWALK_CHECK_MISMATCH);
	self->run.kind = VMWALK_KIND_THP;
	self->run.page_shift = 21;
	EXPECT_EQ(CATEGORIES(good | PAGE_IS_HUGE), VMWALK_CHECK_OK);
	EXPECT_EQ(CATEGORIES(good), VMWALK_CHECK_MISMATCH);
	self->run.page.traits = VMWALK_PAGE_MAPPING;
	EXPECT_EQ(CATEGORIES(good | PAGE_IS_HUGE | PAGE_IS_FILE), VMWALK_CHECK_OK);
	EXPECT_EQ(CATEGORIES(good | PAGE_IS_HUGE), VMWALK_CHECK_MISMATCH);
}

TEST_F(leaf, what_a_walker_passes_by_is_empty_in_the_books)
{
	self->vma.flags |= VMWALK_VMA_BIT(VMWALK_VMA_PF);
	self->run.kind = VMWALK_KIND_PFNMAP;
	EXPECT_EQ(PAGEMAP(0), VMWALK_CHECK_OK);
	EXPECT_EQ(PAGEMAP(PM_PRESENT | 0x1234), VMWALK_CHECK_MISMATCH);
	EXPECT_EQ(CATEGORIES(0), VMWALK_CHECK_OK);
	EXPECT_EQ(CATEGORIES(PAGE_IS_PRESENT), VMWALK_CHECK_MISMATCH);
}

TEST_F(leaf, records_differ_if_anything_compared_does)
{
	struct vmwalk_leaf a, b;

	take(&a, &self->run, &self->vma, START);
#define DIFFERS(change) do {				\
	b = a;						\
	change;						\
	EXPECT_FALSE(vmwalk_leaf_same(&a, &b));		\
} while (0)
	DIFFERS(b.pfn++);
	DIFFERS(b.flags ^= VMWALK_E_DIRTY);
	DIFFERS(b.state = VMWALK_CLASS_PROTNONE);
	DIFFERS(b.kind = VMWALK_KIND_ZERO);
	DIFFERS(b.marker ^= 1);
	DIFFERS(b.swap_offset++);
	DIFFERS(b.swap_type++);
	DIFFERS(b.vma_flags ^= 1);
	DIFFERS(b.got &= ~VMWALK_GOT_PAGE);
	DIFFERS(b.page.mapcount++);
	DIFFERS(b.page.kpageflags ^= 4);
	DIFFERS(b.page.traits ^= VMWALK_PAGE_EXCLUSIVE);
#undef DIFFERS
	EXPECT_TRUE(vmwalk_leaf_same(&a, &a));
}

TEST_F(leaf, hidden_pages_are_not_asked_for)
{
	vmwalk_leaf_of_run(&self->leaf, &self->run, &self->vma, START, SHIFT,
			   VMWALK_REDACTED_PAGE | VMWALK_REDACTED_PFN);
	EXPECT_FALSE(vmwalk_leaf_wants_page(&self->leaf));
	vmwalk_leaf_check_missing(&self->leaf, &self->check);
	EXPECT_EQ(self->check.result, VMWALK_CHECK_UNAVAILABLE);
	EXPECT_NE(strstr(self->check.reason, "CAP_SYS_ADMIN"), NULL);
}

TEST_HARNESS_MAIN
