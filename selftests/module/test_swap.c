// SPDX-License-Identifier: GPL-2.0
#include "state_tests.h"

#define LAST		VMWALK_LEVEL_PTE
#define KPF_SWAPCACHE	(1ULL << 13)

FIXTURE_VARIANT_ADD(state, swapped) {
	.state = "swapped", .type = VMWALK_CLASS_SWAP, .level = LAST,
	.set = VMWALK_E_EXCLUSIVE, .clear = VMWALK_E_PRESENT,
};

FIXTURE_VARIANT_ADD(state, swapped_shared) {
	.state = "swapped-shared", .type = VMWALK_CLASS_SWAP, .level = LAST,
	.clear = VMWALK_E_PRESENT | VMWALK_E_EXCLUSIVE,
};

FIXTURE_VARIANT_ADD(state, swap_cache_entry) {
	.state = "swap-cache-entry", .type = VMWALK_CLASS_SWAP, .level = LAST,
	.clear = VMWALK_E_PRESENT,
};

FIXTURE_VARIANT_ADD(state, swap_cache_page) {
	.state = "swap-cache-page", .type = VMWALK_CLASS_LEAF, .level = LAST,
	.kind = VMWALK_KIND_BASE, .effective = R, .traits = VMWALK_PAGE_ANON,
};

FIXTURE_VARIANT_ADD(state, swapped_back) {
	.state = "swapped-back", .type = VMWALK_CLASS_LEAF, .level = LAST,
	.kind = VMWALK_KIND_BASE, .effective = RW,
	.set = VMWALK_E_DIRTY | VMWALK_E_WRITE, .traits = VMWALK_PAGE_ANON,
};

FIXTURE_VARIANT_ADD(state, swapped_shmem) {
	.state = "swapped-shmem", .type = VMWALK_CLASS_NONE, .level = ANY,
};

TEST(a_page_of_the_swap_cache_is_flagged_so)
{
	struct vmwalk_address walk;
	struct held_process target;
	int fd;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(held_start(&target, state_find("swap-cache-page")));
	if (!target.shared->ok)
		SKIP(return, "%s", target.shared->made.why);
	fd = device_of(target.pid);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, device_walk(fd, target.shared->made.address, &walk));
	EXPECT_TRUE(walk.page.kpageflags & KPF_SWAPCACHE);
	held_end(&target);
}

TEST(a_swapped_page_comes_back_by_a_fault)
{
	struct vmwalk_address before, after;
	struct held_process target;
	int fd;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(held_start(&target, state_find("swapped")));
	if (!target.shared->ok)
		SKIP(return, "%s", target.shared->made.why);
	fd = device_of(target.pid);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, device_walk(fd, target.shared->made.address, &before));
	ASSERT_TRUE(held_access(&target, 'r', target.shared->made.address));
	ASSERT_EQ(0, device_walk(fd, target.shared->made.address, &after));
	EXPECT_EQ(VMWALK_CLASS_SWAP, before.entry[LAST].type);
	EXPECT_EQ(VMWALK_CLASS_LEAF, after.entry[LAST].type);
	EXPECT_LT(before.call.task_major, after.call.task_major);
	held_end(&target);
}

TEST_HARNESS_MAIN
