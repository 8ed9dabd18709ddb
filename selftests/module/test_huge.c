// SPDX-License-Identifier: GPL-2.0
#include "state_tests.h"

#define WRITTEN	(VMWALK_E_DIRTY | VMWALK_E_ACCESSED | VMWALK_E_WRITE)
#define VMA(f)	VMWALK_VMA_BIT(VMWALK_VMA_##f)

FIXTURE_VARIANT_ADD(state, thp) {
	.state = "thp", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_THP,
	.level = VMWALK_LEVEL_PMD, .effective = RW, .set = WRITTEN | VMWALK_E_HUGE,
	.traits = VMWALK_PAGE_ANON | VMWALK_PAGE_EXCLUSIVE, .vma = VMA(HG),
};

FIXTURE_VARIANT_ADD(state, huge_zero) {
	.state = "huge-zero", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_HUGE_ZERO,
	.level = VMWALK_LEVEL_PMD, .effective = R, .set = VMWALK_E_HUGE,
	.clear = VMWALK_E_WRITE,
};

/* On arm64 the PTEs of the split page may be in contiguous blocks. */
FIXTURE_VARIANT_ADD(state, thp_split) {
	.state = "thp-split", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
	.block_as_entry = true,
	.level = VMWALK_LEVEL_PTE, .effective = RW, .set = VMWALK_E_WRITE,
	.clear = VMWALK_E_HUGE, .traits = VMWALK_PAGE_ANON,
};

FIXTURE_VARIANT_ADD(state, thp_cow) {
	.state = "thp-cow", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_THP,
	.level = VMWALK_LEVEL_PMD, .effective = R, .clear = VMWALK_E_WRITE,
	.traits = VMWALK_PAGE_ANON,
};

FIXTURE_VARIANT_ADD(state, thp_protnone) {
	.state = "thp-protnone", .type = VMWALK_CLASS_PROTNONE,
	.kind = VMWALK_KIND_THP, .level = VMWALK_LEVEL_PMD,
	.set = VMWALK_E_HUGE | VMWALK_E_PROTNONE,
};

FIXTURE_VARIANT_ADD(state, thp_shmem) {
	.state = "thp-shmem", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_THP,
	.level = VMWALK_LEVEL_PMD, .effective = RW, .set = VMWALK_E_DIRTY,
	.traits = VMWALK_PAGE_MAPPING,
};

FIXTURE_VARIANT_ADD(state, hugetlb) {
	.state = "hugetlb", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_HUGETLB,
	.level = VMWALK_LEVEL_PMD, .effective = RW, .set = WRITTEN | VMWALK_E_HUGE,
	.traits = VMWALK_PAGE_ANON, .vma = VMA(HT),
};

FIXTURE_VARIANT_ADD(state, hugetlb_read) {
	.state = "hugetlb-read", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_HUGETLB,
	.level = VMWALK_LEVEL_PMD, .effective = ANY, .set = VMWALK_E_HUGE,
	.vma = VMA(HT),
};

FIXTURE_VARIANT_ADD(state, hugetlb_untouched) {
	.state = "hugetlb-untouched", .type = VMWALK_CLASS_NONE, .level = ANY,
	.vma = VMA(HT),
};

FIXTURE_VARIANT_ADD(state, hugetlb_shared) {
	.state = "hugetlb-shared", .type = VMWALK_CLASS_LEAF,
	.kind = VMWALK_KIND_HUGETLB, .level = VMWALK_LEVEL_PMD, .effective = RW,
	.set = WRITTEN | VMWALK_E_HUGE, .traits = VMWALK_PAGE_MAPPING,
	.vma = VMA(HT) | VMA(SH),
};

FIXTURE_VARIANT_ADD(state, contiguous) {
	.state = "contiguous", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_CONTIGUOUS,
	.level = VMWALK_LEVEL_PTE, .effective = RW, .set = WRITTEN | VMWALK_E_CONTIGUOUS,
	.clear = VMWALK_E_HUGE, .traits = VMWALK_PAGE_ANON | VMWALK_PAGE_EXCLUSIVE,
};

FIXTURE_VARIANT_ADD(state, hugetlb_contiguous) {
	.state = "hugetlb-contiguous", .type = VMWALK_CLASS_LEAF,
	.kind = VMWALK_KIND_HUGETLB, .level = LEVEL_OF_SIZE, .effective = RW,
	.set = WRITTEN | VMWALK_E_CONTIGUOUS, .clear = VMWALK_E_HUGE,
	.traits = VMWALK_PAGE_ANON, .vma = VMA(HT),
};

FIXTURE_VARIANT_ADD(state, hugetlb_1g) {
	.state = "hugetlb-1g", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_HUGETLB,
	.level = LEVEL_OF_SIZE, .effective = RW, .set = WRITTEN | VMWALK_E_HUGE,
	.traits = VMWALK_PAGE_MAPPING, .vma = VMA(HT) | VMA(SH),
};

FIXTURE_VARIANT_ADD(state, hugetlb_1g_protnone) {
	.state = "hugetlb-1g-protnone", .type = VMWALK_CLASS_PROTNONE,
	.kind = VMWALK_KIND_HUGETLB, .level = LEVEL_OF_SIZE,
	.set = VMWALK_E_HUGE | VMWALK_E_PROTNONE, .vma = VMA(HT) | VMA(SH),
};

FIXTURE_VARIANT_ADD(state, hugetlb_folded) {
	.state = "hugetlb-folded", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_HUGETLB,
	.level = VMWALK_LEVEL_PMD, .effective = RW, .set = WRITTEN | VMWALK_E_HUGE,
	.traits = VMWALK_PAGE_ANON, .vma = VMA(HT),
};

TEST(the_order_of_a_huge_page_is_that_of_its_size)
{
	const struct {
		const char *state;
		unsigned long bytes;
	} rows[] = {
		{ "thp", THP_SIZE }, { "thp-split", THP_SIZE }, { "hugetlb", THP_SIZE },
		{ "hugetlb-1g", GIB },
	};
	struct vmwalk_address walk;
	struct held_process target;
	unsigned int i, order;
	int fd;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ASSERT_TRUE(held_start(&target, state_find(rows[i].state)));
		if (!target.shared->ok)
			SKIP(return, "%s: %s", rows[i].state, target.shared->made.why);
		fd = device_of(target.pid);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, device_walk(fd, target.shared->made.address, &walk));
		order = machine_order(rows[i].bytes);
		EXPECT_EQ(order, walk.page.order);
		EXPECT_EQ(0, walk.page.head_pfn & ((1ULL << order) - 1));
		close(fd);
		held_end(&target);
	}
}

/*
 * Only equal entries form a block: after mprotect() of its first page, another page of
 * the block must be a base page in the same frame.
 */
TEST(a_block_ends_with_its_entries_being_alike)
{
	struct vmwalk_address before, after;
	struct made made;
	int fd = device_of(getpid());

	if (fd == -ENOENT)
		SKIP(return, DEVICE_MISSING);
	ASSERT_LE(0, fd);
	if (!state_make(state_find("contiguous"), &made))
		SKIP(return, "%s", made.why);
	ASSERT_EQ(0, device_walk(fd, made.address, &before));
	ASSERT_EQ(0, mprotect(made.base, PAGE_SIZE, PROT_READ));
	ASSERT_EQ(0, device_walk(fd, made.address, &after));
	EXPECT_EQ(VMWALK_KIND_CONTIGUOUS, before.call.kind);
	EXPECT_EQ(VMWALK_KIND_BASE, after.call.kind);
	EXPECT_EQ(0, after.entry[VMWALK_LEVEL_PTE].flags & VMWALK_E_CONTIGUOUS);
	EXPECT_EQ(machine_order(machine.block), before.page.order);
	EXPECT_EQ(before.call.pfn, after.call.pfn);
	EXPECT_EQ(before.page.head_pfn, after.page.head_pfn);
}

/* huge_pmd_share() lets processes use one PMD table: its address is the same in both. */
TEST(two_processes_share_a_table_of_hugetlb_pages)
{
	struct vmwalk_address here, there;
	unsigned int above;
	struct held_process target;
	int fd, partner;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(held_start(&target, state_find("hugetlb-shared")));
	if (!target.shared->ok)
		SKIP(return, "%s", target.shared->made.why);
	fd = device_of(target.pid);
	partner = device_of(target.shared->made.partner);
	ASSERT_LE(0, fd);
	ASSERT_LE(0, partner);
	ASSERT_EQ(0, device_walk(fd, target.shared->made.address, &here));
	ASSERT_EQ(0, device_walk(partner, target.shared->made.address, &there));
	EXPECT_EQ(here.entry[VMWALK_LEVEL_PMD].address,
		  there.entry[VMWALK_LEVEL_PMD].address);
	/* With three levels the table above the PMD table is the root. */
	above = machine.levels > 3 ? VMWALK_LEVEL_PUD : VMWALK_LEVEL_PGD;
	EXPECT_NE(here.entry[above].address, there.entry[above].address);
	EXPECT_EQ(here.call.pfn, there.call.pfn);
	EXPECT_TRUE(here.call.got & VMWALK_GOT_STABLE);
	held_end(&target);
}

TEST_HARNESS_MAIN
