// SPDX-License-Identifier: GPL-2.0
/* Huge pages: what vmwalk says of them against the kernel's books. */
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

FIXTURE_VARIANT_ADD(state, thp_split) {
	.state = "thp-split", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_BASE,
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

FIXTURE_VARIANT_ADD(state, hugetlb_1g) {
	.state = "hugetlb-1g", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_HUGETLB,
	.level = VMWALK_LEVEL_PUD, .effective = RW, .set = WRITTEN | VMWALK_E_HUGE,
	.traits = VMWALK_PAGE_ANON, .vma = VMA(HT),
};

FIXTURE_VARIANT_ADD(state, hugetlb_1g_protnone) {
	.state = "hugetlb-1g-protnone", .type = VMWALK_CLASS_PROTNONE,
	.kind = VMWALK_KIND_HUGETLB, .level = VMWALK_LEVEL_PUD,
	.set = VMWALK_E_HUGE | VMWALK_E_PROTNONE, .vma = VMA(HT),
};

FIXTURE_VARIANT_ADD(state, hugetlb_folded) {
	.state = "hugetlb-folded", .type = VMWALK_CLASS_LEAF, .kind = VMWALK_KIND_HUGETLB,
	.level = VMWALK_LEVEL_PMD, .effective = RW, .set = WRITTEN | VMWALK_E_HUGE,
	.traits = VMWALK_PAGE_ANON, .vma = VMA(HT),
};

/* The order of a folio follows from the kind of page. */
TEST(the_order_of_a_huge_page_is_that_of_its_size)
{
	static const struct {
		const char *state;
		unsigned int order;
	} rows[] = { { "thp", 9 }, { "thp-split", 9 }, { "hugetlb", 9 }, { "hugetlb-1g", 18 } };
	struct vmwalk_walk walk;
	struct target target;
	unsigned int i;
	int fd;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ASSERT_TRUE(target_start(&target, state_find(rows[i].state)));
		if (!target.shared->ok)
			SKIP(return, "%s: %s", rows[i].state, target.shared->made.why);
		fd = device_of(target.pid);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, device_walk(fd, target.shared->made.address, &walk));
		EXPECT_EQ(rows[i].order, walk.page.order);
		EXPECT_EQ(0, walk.page.head_pfn & ((1ULL << rows[i].order) - 1));
		close(fd);
		target_end(&target);
	}
}

/* One PMD table serves both processes: it lies at the same address for both. */
TEST(two_processes_share_a_table_of_hugetlb_pages)
{
	struct vmwalk_walk here, there;
	struct target target;
	int fd, partner;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(target_start(&target, state_find("hugetlb-shared")));
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
	EXPECT_NE(here.entry[VMWALK_LEVEL_PUD].address,
		  there.entry[VMWALK_LEVEL_PUD].address);
	EXPECT_EQ(here.pfn, there.pfn);
	EXPECT_TRUE(here.got & VMWALK_GOT_STABLE);
	target_end(&target);
}

TEST_HARNESS_MAIN
