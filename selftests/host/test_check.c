// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "kselftest_harness.h"
#include "records.h"

#define PM_SOFT_DIRTY	(1ULL << 55)
#define PM_EXCLUSIVE	(1ULL << 56)
#define PM_FILE		(1ULL << 61)
#define PM_SWAP		(1ULL << 62)
#define PM_PRESENT	(1ULL << 63)

FIXTURE(books) {
	struct record record;
	struct vmwalk_address *walk;
	struct vmwalk_books *books;
	struct vmwalk_check *check;
};

FIXTURE_SETUP(books)
{
	record_init(&self->record, 4);
	self->walk = &self->record.view.seen.walk;
	self->books = &self->record.view.seen.books;
	self->check = self->record.view.seen.check;
}

FIXTURE_TEARDOWN(books)
{
	record_free(&self->record);
}

static int result(struct record *record, enum vmwalk_book book)
{
	struct vmwalk_observation *seen = &record->view.seen;

	vmwalk_check_compare(&seen->walk, seen->name, record->attach.task_size, &seen->books,
			     seen->check);
	return seen->check[book].result;
}

static int pagemap(struct record *record, __u64 entry)
{
	record->view.seen.books.value[VMWALK_BOOK_PAGEMAP] = entry;
	return result(record, VMWALK_BOOK_PAGEMAP);
}

TEST_F(books, a_record_in_agreement_is_ok_everywhere)
{
	for (int book = 0; book < VMWALK_BOOK_MAX; book++) {
		EXPECT_EQ(result(&self->record, book), VMWALK_CHECK_OK)
			TH_LOG("%s: %s", vmwalk_book_name(book), self->check[book].reason);
	}
}

TEST_F(books, every_field_of_the_maps_line_is_compared)
{
	struct vmwalk_vma good = self->walk->vma, *vma = &self->walk->vma;

#define DIFFERS(change, word) do {						\
	*vma = good;								\
	change;									\
	EXPECT_EQ(result(&self->record, VMWALK_BOOK_MAPS), VMWALK_CHECK_MISMATCH); \
	EXPECT_NE(strstr(self->check[VMWALK_BOOK_MAPS].reason, word), NULL);	\
} while (0)
	DIFFERS(vma->start += 4096, "range");
	DIFFERS(vma->end -= 4096, "range");
	DIFFERS(vma->flags ^= VMWALK_VMA_BIT(VMWALK_VMA_WR), "permissions");
	DIFFERS(vma->flags ^= VMWALK_VMA_BIT(VMWALK_VMA_MS), "permissions");
	DIFFERS(vma->offset = 4096, "offset");
	DIFFERS(vma->dev_minor = 1, "device");
	DIFFERS(vma->ino = 1, "inode");
	*vma = good;
	snprintf(self->record.view.seen.name, PATH_MAX, "[anon:other]");
	EXPECT_EQ(result(&self->record, VMWALK_BOOK_MAPS), VMWALK_CHECK_MISMATCH);
}

TEST_F(books, a_newline_in_a_name_is_escaped_in_maps_and_nothing_else_is)
{
	record_name(&self->record, "/tmp/a\nb\\012\033", "/tmp/a\\012b\\012\033");
	EXPECT_EQ(result(&self->record, VMWALK_BOOK_MAPS), VMWALK_CHECK_OK);
	record_name(&self->record, "/tmp/a\nb", "/tmp/a\\012");
	EXPECT_EQ(result(&self->record, VMWALK_BOOK_MAPS), VMWALK_CHECK_MISMATCH);
}

TEST_F(books, a_hole_is_compared_with_its_neighbours)
{
	record_hole(&self->record);
	EXPECT_EQ(result(&self->record, VMWALK_BOOK_MAPS), VMWALK_CHECK_OK);
	EXPECT_EQ(result(&self->record, VMWALK_BOOK_PAGEMAP), VMWALK_CHECK_OK);
	self->walk->call.prev_end += 4096;
	EXPECT_EQ(result(&self->record, VMWALK_BOOK_MAPS), VMWALK_CHECK_MISMATCH);
	self->walk->call.prev_end -= 4096;
	self->walk->call.got &= ~VMWALK_GOT_NEXT;
	EXPECT_EQ(result(&self->record, VMWALK_BOOK_MAPS), VMWALK_CHECK_MISMATCH);
	self->walk->call.got = VMWALK_GOT_PREV | VMWALK_GOT_NEXT;
	self->walk->call.address = RECORD_ADDRESS;
	EXPECT_EQ(result(&self->record, VMWALK_BOOK_MAPS), VMWALK_CHECK_MISMATCH);
}

TEST_F(books, each_bit_of_pagemap_is_compared)
{
	static const int bits[] = { 0, 54, 55, 56, 57, 61, 62, 63 };
	__u64 good = PM_PRESENT | PM_EXCLUSIVE | PM_SOFT_DIRTY | RECORD_PFN;

	EXPECT_EQ(pagemap(&self->record, good), VMWALK_CHECK_OK);
	for (int i = 0; i < 8; i++) {
		EXPECT_EQ(pagemap(&self->record, good ^ 1ULL << bits[i]), VMWALK_CHECK_MISMATCH)
			TH_LOG("bit %d", bits[i]);
	}
}

TEST_F(books, whether_a_hugetlb_page_is_exclusive_is_not_asked_of_pagemap)
{
	__u64 good = PM_PRESENT | PM_SOFT_DIRTY | RECORD_PFN;

	self->walk->call.kind = VMWALK_KIND_HUGETLB;
	EXPECT_EQ(pagemap(&self->record, good), VMWALK_CHECK_OK);
	EXPECT_EQ(pagemap(&self->record, good | PM_EXCLUSIVE), VMWALK_CHECK_OK);
	EXPECT_EQ(pagemap(&self->record, good | PM_FILE), VMWALK_CHECK_MISMATCH);
}

TEST_F(books, without_authority_pagemap_is_compared_but_for_its_frame)
{
	record_redact(&self->record);
	EXPECT_EQ(pagemap(&self->record, PM_PRESENT | PM_SOFT_DIRTY), VMWALK_CHECK_OK);
	EXPECT_EQ(pagemap(&self->record, PM_PRESENT | PM_SOFT_DIRTY | PM_EXCLUSIVE),
		  VMWALK_CHECK_OK);
	EXPECT_EQ(pagemap(&self->record, PM_SWAP), VMWALK_CHECK_MISMATCH);
	EXPECT_EQ(result(&self->record, VMWALK_BOOK_KPAGEFLAGS), VMWALK_CHECK_UNAVAILABLE);
	EXPECT_NE(strstr(self->check[VMWALK_BOOK_KPAGEFLAGS].reason, "CAP_SYS_ADMIN"), NULL);
}

TEST_F(books, a_swap_entry_has_type_and_slot_in_pagemap)
{
	record_class(&self->record, VMWALK_CLASS_SWAP);
	self->walk->call.swap_type = 3;
	EXPECT_EQ(pagemap(&self->record, PM_SWAP | 22716ULL << 5 | 3), VMWALK_CHECK_OK);
	EXPECT_EQ(pagemap(&self->record, PM_SWAP | 22716ULL << 5 | 2), VMWALK_CHECK_MISMATCH);
	EXPECT_EQ(pagemap(&self->record, PM_SWAP | 22717ULL << 5 | 3), VMWALK_CHECK_MISMATCH);
	EXPECT_EQ(pagemap(&self->record, 0), VMWALK_CHECK_MISMATCH);
	EXPECT_EQ(result(&self->record, VMWALK_BOOK_KPAGECOUNT), VMWALK_CHECK_UNAVAILABLE);
}

TEST_F(books, migration_and_poison_are_swapped_to_pagemap_with_the_frame_as_slot)
{
	record_class(&self->record, VMWALK_CLASS_MIGRATION);
	EXPECT_EQ(pagemap(&self->record, PM_SWAP | RECORD_PFN << 5 | 29), VMWALK_CHECK_OK);
	EXPECT_EQ(pagemap(&self->record, PM_SWAP | (RECORD_PFN + 1) << 5 | 29),
		  VMWALK_CHECK_MISMATCH);
	record_class(&self->record, VMWALK_CLASS_MARKER);
	EXPECT_EQ(pagemap(&self->record, PM_SWAP | 27 | 4 << 5), VMWALK_CHECK_OK);
}

TEST_F(books, nothing_is_empty_but_for_soft_dirty_of_the_vma)
{
	record_class(&self->record, VMWALK_CLASS_NONE);
	EXPECT_EQ(pagemap(&self->record, 0), VMWALK_CHECK_OK);
	EXPECT_EQ(pagemap(&self->record, PM_SOFT_DIRTY), VMWALK_CHECK_MISMATCH);
	self->walk->vma.flags |= VMWALK_VMA_BIT(VMWALK_VMA_SD);
	EXPECT_EQ(pagemap(&self->record, PM_SOFT_DIRTY), VMWALK_CHECK_OK);
	EXPECT_EQ(pagemap(&self->record, 0), VMWALK_CHECK_MISMATCH);
}

TEST_F(books, a_pfn_map_is_a_hole_to_pagemap)
{
	self->walk->vma.flags |= VMWALK_VMA_BIT(VMWALK_VMA_PF);
	EXPECT_EQ(pagemap(&self->record, 0), VMWALK_CHECK_OK);
	EXPECT_EQ(pagemap(&self->record, PM_PRESENT | RECORD_PFN), VMWALK_CHECK_MISMATCH);
}

TEST_F(books, a_file_page_is_marked_and_the_zero_page_is_not)
{
	record_file(&self->record, true);
	self->walk->entry[VMWALK_LEVEL_PTE].flags &= ~VMWALK_E_SOFTDIRTY;
	EXPECT_EQ(pagemap(&self->record, PM_PRESENT | PM_FILE | PM_EXCLUSIVE | RECORD_PFN),
		  VMWALK_CHECK_OK);
	EXPECT_EQ(pagemap(&self->record, PM_PRESENT | PM_EXCLUSIVE | RECORD_PFN),
		  VMWALK_CHECK_MISMATCH);
	self->walk->call.kind = VMWALK_KIND_ZERO;
	EXPECT_EQ(pagemap(&self->record, PM_PRESENT | RECORD_PFN), VMWALK_CHECK_OK);
}

TEST_F(books, page_flags_and_counts_are_compared)
{
	self->books->value[VMWALK_BOOK_KPAGEFLAGS] ^= 1 << 5;
	EXPECT_EQ(result(&self->record, VMWALK_BOOK_KPAGEFLAGS), VMWALK_CHECK_MISMATCH);
	self->books->value[VMWALK_BOOK_KPAGEFLAGS] ^= 1 << 5 | 1 << 10;
	EXPECT_EQ(result(&self->record, VMWALK_BOOK_KPAGEFLAGS), VMWALK_CHECK_OK);
	self->books->value[VMWALK_BOOK_KPAGECOUNT] = 2;
	EXPECT_EQ(result(&self->record, VMWALK_BOOK_KPAGECOUNT), VMWALK_CHECK_MISMATCH);
}

TEST_F(books, kernels_that_call_every_anonymous_page_ksm_are_known)
{
	self->books->value[VMWALK_BOOK_KPAGEFLAGS] |= 1 << 21;
	EXPECT_EQ(result(&self->record, VMWALK_BOOK_KPAGEFLAGS), VMWALK_CHECK_OK);
	self->books->value[VMWALK_BOOK_KPAGEFLAGS] &= ~(1ULL << 21);
	self->walk->page.kpageflags |= 1 << 21;
	EXPECT_EQ(result(&self->record, VMWALK_BOOK_KPAGEFLAGS), VMWALK_CHECK_MISMATCH);
}

TEST_F(books, a_book_that_cannot_be_read_is_unavailable_and_says_why)
{
	self->books->error[VMWALK_BOOK_KPAGECOUNT] = -EACCES;
	EXPECT_EQ(result(&self->record, VMWALK_BOOK_KPAGECOUNT), VMWALK_CHECK_UNAVAILABLE);
	EXPECT_STREQ(self->check[VMWALK_BOOK_KPAGECOUNT].reason, strerror(EACCES));
}

TEST_F(books, two_walks_differ_only_by_what_is_compared)
{
	struct vmwalk_address other = *self->walk;

	other.page.refcount++;
	other.call.task_minor++;
	EXPECT_TRUE(vmwalk_check_same(self->walk, &other));
	other.entry[VMWALK_LEVEL_PTE].value ^= 0x20;
	EXPECT_FALSE(vmwalk_check_same(self->walk, &other));
	other = *self->walk;
	other.page.mapcount++;
	EXPECT_FALSE(vmwalk_check_same(self->walk, &other));
}

TEST_HARNESS_MAIN
