// SPDX-License-Identifier: GPL-2.0
#include "kselftest_harness.h"
#include "machines.h"

static unsigned int get(const char *name, __u64 value, unsigned int level, unsigned int class)
{
	struct vmwalk_caps caps;

	machine_x86(&caps, 4);
	return machine_bit(&caps, name, value, level, class);
}

static unsigned int leaf(const char *name, __u64 value)
{
	return get(name, value, VMWALK_LEVEL_PTE, VMWALK_CLASS_LEAF);
}

TEST(every_documented_bit_has_its_name)
{
	static const struct named pte[] = {
		{ 0, "present" }, { 1, "write" }, { 2, "user" }, { 3, "pwt" }, { 4, "pcd" },
		{ 5, "accessed" }, { 6, "dirty" }, { 7, "pat" }, { 8, "global" }, { 9, "special" },
		{ 10, "uffdwp" }, { 11, "softdirty" }, { 57, "devmap" }, { 58, "saved-dirty" },
		{ 63, "nx" }, { 0 }
	}, huge[] = {
		{ 0, "present" }, { 1, "write" }, { 2, "user" }, { 3, "pwt" }, { 4, "pcd" },
		{ 5, "accessed" }, { 6, "dirty" }, { 7, "huge" }, { 8, "global" }, { 9, "special" },
		{ 10, "uffdwp" }, { 11, "softdirty" }, { 12, "pat" }, { 57, "devmap" },
		{ 58, "saved-dirty" }, { 63, "nx" }, { 0 }
	}, table[] = {
		{ 0, "present" }, { 1, "write" }, { 2, "user" }, { 3, "pwt" }, { 4, "pcd" },
		{ 5, "accessed" }, { 7, "huge" }, { 63, "nx" }, { 0 }
	};
	struct vmwalk_caps caps;

	machine_x86(&caps, 4);
	EXPECT_STREQ(machine_misnamed(&caps, VMWALK_LEVEL_PTE, VMWALK_CLASS_LEAF, pte), "");
	EXPECT_STREQ(machine_misnamed(&caps, VMWALK_LEVEL_PMD, VMWALK_CLASS_LEAF, huge), "");
	EXPECT_STREQ(machine_misnamed(&caps, VMWALK_LEVEL_PMD, VMWALK_CLASS_TABLE, table), "");
	/* The kernel uses only 58 and 57 of the software bits 58 to 52. */
	EXPECT_EQ(machine_bits(&caps, VMWALK_LEVEL_PTE, VMWALK_CLASS_LEAF), 0xfe00000000000fffULL);
	EXPECT_EQ(machine_bits(&caps, VMWALK_LEVEL_PMD, VMWALK_CLASS_LEAF), 0xfe00000000001fffULL);
	EXPECT_EQ(machine_bits(&caps, VMWALK_LEVEL_PMD, VMWALK_CLASS_TABLE),
		  0x80000000000000bfULL);
}

TEST(the_protection_key_is_a_number_of_four_bits)
{
	EXPECT_EQ(leaf("pkey", 0), 0);
	EXPECT_EQ(leaf("pkey", 0xfULL << 59), 15);
	EXPECT_EQ(leaf("pkey", 1ULL << 59), 1);
	EXPECT_EQ(leaf("pkey", 1ULL << 62 | 1ULL << 63), 8);
}

TEST(bit_seven_is_pat_in_a_pte_and_size_above)
{
	EXPECT_EQ(leaf("huge", 1 << 7), ~0U);
	EXPECT_EQ(get("huge", 1 << 7, VMWALK_LEVEL_PMD, VMWALK_CLASS_LEAF), 1);
	EXPECT_EQ(get("pat", 1 << 7, VMWALK_LEVEL_PMD, VMWALK_CLASS_LEAF), 0);
	EXPECT_EQ(get("pat", 1 << 12, VMWALK_LEVEL_PUD, VMWALK_CLASS_LEAF), 1);
}

TEST(an_entry_that_points_to_a_table_has_no_leaf_bits)
{
	EXPECT_EQ(get("dirty", ~0ULL, VMWALK_LEVEL_PMD, VMWALK_CLASS_TABLE), ~0U);
	EXPECT_EQ(get("pkey", ~0ULL, VMWALK_LEVEL_PMD, VMWALK_CLASS_TABLE), ~0U);
	EXPECT_EQ(get("accessed", ~0ULL, VMWALK_LEVEL_PMD, VMWALK_CLASS_TABLE), 1);
	EXPECT_EQ(get("no-pti-shadow", 1ULL << 58, VMWALK_LEVEL_PGD, VMWALK_CLASS_TABLE), 1);
	EXPECT_EQ(get("no-pti-shadow", 1ULL << 58, VMWALK_LEVEL_PUD, VMWALK_CLASS_TABLE), ~0U);
}

TEST(a_prot_none_entry_is_not_called_global)
{
	EXPECT_EQ(get("global", 1 << 8, VMWALK_LEVEL_PTE, VMWALK_CLASS_PROTNONE), ~0U);
	EXPECT_EQ(get("protnone", 1 << 8, VMWALK_LEVEL_PTE, VMWALK_CLASS_PROTNONE), 1);
	EXPECT_EQ(get("protnone", 1 << 8, VMWALK_LEVEL_PMD, VMWALK_CLASS_NUMA_HINT), 1);
	EXPECT_EQ(leaf("global", 1 << 8), 1);
	EXPECT_EQ(leaf("protnone", 1 << 8), ~0U);
}

TEST(an_entry_that_is_not_present_has_no_bits)
{
	EXPECT_EQ(get("present", ~0ULL, VMWALK_LEVEL_PTE, VMWALK_CLASS_SWAP), ~0U);
	EXPECT_EQ(get("nx", ~0ULL, VMWALK_LEVEL_PTE, VMWALK_CLASS_NONE), ~0U);
}

TEST(an_entry_points_to_its_address_bits)
{
	struct vmwalk_entry entry = { .level = VMWALK_LEVEL_PTE, .type = VMWALK_CLASS_LEAF };
	struct vmwalk_caps caps;

	machine_x86(&caps, 5);
	entry.value = ~0ULL;
	EXPECT_EQ(vmwalk_arch_address(&caps, &entry), 0xffffffffff000ULL);
	/* In a huge leaf bit 12 is PAT and bits below the page size are reserved. */
	entry.level = VMWALK_LEVEL_PMD;
	EXPECT_EQ(vmwalk_arch_address(&caps, &entry), 0xfffffffe00000ULL);
	entry.type = VMWALK_CLASS_TABLE;
	EXPECT_EQ(vmwalk_arch_address(&caps, &entry), 0xffffffffff000ULL);
	/* Against L1TF, the kernel inverts the PFN of a PROT_NONE entry. */
	entry = (struct vmwalk_entry) {
		.value = (~0x1a7b3c000ULL & 0xffffffffff000ULL) | 0x100,
		.level = VMWALK_LEVEL_PTE, .type = VMWALK_CLASS_PROTNONE,
	};
	EXPECT_EQ(vmwalk_arch_address(&caps, &entry), 0x1a7b3c000ULL);
	EXPECT_EQ(vmwalk_arch_block(&caps, &entry), 0);
}

TEST(user_mode_needs_the_user_bit_at_every_level)
{
	const struct vmwalk_arch_desc *x86 = vmwalk_arch_find(VMWALK_ARCH_X86_64);

	for (unsigned int level = 0; level < VMWALK_LEVELS; level++) {
		EXPECT_EQ(vmwalk_arch_perm(x86, level, 7, 0), 7);
		EXPECT_EQ(vmwalk_arch_perm(x86, level, 5, ~0U), VMWALK_PERM_R | VMWALK_PERM_X);
		EXPECT_EQ(vmwalk_arch_perm(x86, level, 1ULL << 63 | 7, ~0U),
			  VMWALK_PERM_R | VMWALK_PERM_W);
		/*
		 * In a leaf, Dirty without Write is a shadow stack, which stores cannot
		 * write.
		 */
		EXPECT_EQ(vmwalk_arch_perm(x86, level, 1ULL << 63 | 0x45, ~0U), VMWALK_PERM_R);
		EXPECT_EQ(vmwalk_arch_perm(x86, level, 3, ~0U), 0);
		EXPECT_EQ(vmwalk_arch_perm(x86, level, 6, ~0U), 0);
		EXPECT_EQ(x86->kernel_perm(level, 3), 7);
		EXPECT_EQ(x86->kernel_perm(level, 1ULL << 63 | 1), VMWALK_PERM_R);
		EXPECT_EQ(x86->kernel_perm(level, 6), 0);
	}
}

TEST(addresses_outside_the_user_range_are_told_apart)
{
	__u64 end = 0x7ffffffff000ULL;
	struct vmwalk_caps caps;

	machine_x86(&caps, 4);
	EXPECT_EQ(vmwalk_arch_va_bits(&caps), 48);
	EXPECT_EQ(vmwalk_arch_range(&caps, end, end - 1), VMWALK_RANGE_USER);
	EXPECT_EQ(vmwalk_arch_range(&caps, end, end), VMWALK_RANGE_BEYOND);
	EXPECT_EQ(vmwalk_arch_range(&caps, end, 0x7fffffffffffULL), VMWALK_RANGE_BEYOND);
	EXPECT_EQ(vmwalk_arch_range(&caps, end, 0x800000000000ULL), VMWALK_RANGE_NONCANONICAL);
	EXPECT_EQ(vmwalk_arch_range(&caps, end, 0xff007fffffffe000ULL),
		  VMWALK_RANGE_NONCANONICAL);
	EXPECT_EQ(vmwalk_arch_range(&caps, end, 0xffff7fffffffffffULL),
		  VMWALK_RANGE_NONCANONICAL);
	EXPECT_EQ(vmwalk_arch_range(&caps, end, 0xffff800000000000ULL), VMWALK_RANGE_KERNEL);
	end = 0xfffffffffff000ULL;
	machine_x86(&caps, 5);
	EXPECT_EQ(vmwalk_arch_va_bits(&caps), 57);
	EXPECT_EQ(vmwalk_arch_range(&caps, end, 0x800000000000ULL), VMWALK_RANGE_USER);
	EXPECT_EQ(vmwalk_arch_range(&caps, end, 0x100000000000000ULL), VMWALK_RANGE_NONCANONICAL);
	EXPECT_EQ(vmwalk_arch_range(&caps, end, 0xff00000000000000ULL), VMWALK_RANGE_KERNEL);
}

TEST(an_architecture_without_a_table_is_no_accident)
{
	const struct vmwalk_arch_desc *unknown = vmwalk_arch_find(99);
	struct vmwalk_entry entry = {
		.value = ~0ULL, .level = VMWALK_LEVEL_PTE, .type = VMWALK_CLASS_LEAF,
	};
	struct vmwalk_caps caps;

	machine_x86(&caps, 4);
	caps.arch = 99;
	ASSERT_NE(unknown, NULL);
	EXPECT_EQ(unknown->bits->mask, 0);
	EXPECT_STREQ(unknown->json, "unknown");
	EXPECT_EQ(unknown->address_bits(&caps), ~0ULL);
	EXPECT_EQ(vmwalk_arch_address(&caps, &entry), 0);
	EXPECT_EQ(vmwalk_arch_block(&caps, &entry), 0);
	EXPECT_EQ(vmwalk_arch_range(&caps, 0x1000, 0x2000), VMWALK_RANGE_BEYOND);
	EXPECT_EQ(vmwalk_arch_range(&caps, 0x1000, ~0ULL), VMWALK_RANGE_BEYOND);
	memset(&caps, 0, sizeof(caps));
	EXPECT_EQ(vmwalk_arch_va_bits(&caps), 64);
}

TEST_HARNESS_MAIN
