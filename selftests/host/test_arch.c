// SPDX-License-Identifier: GPL-2.0
/* The bits of x86 entries, and what addresses a machine can have. */
#include <string.h>

#include "kselftest_harness.h"
#include "libvmwalk.h"

static unsigned int get(const char *name, __u64 value, unsigned int level, unsigned int class)
{
	const struct vmwalk_bit *bit = vmwalk_arch_find(VMWALK_ARCH_X86_64)->bits;
	struct vmwalk_entry entry = { .value = value, .level = level, .type = class };

	for (; bit->mask; bit++)
		if (!strcmp(bit->name, name) && vmwalk_bit_applies(bit, &entry))
			return vmwalk_bit_get(bit, value);
	return ~0U;
}

static unsigned int leaf(const char *name, __u64 value)
{
	return get(name, value, VMWALK_LEVEL_PTE, VMWALK_CLASS_LEAF);
}

TEST(every_documented_bit_of_a_pte_has_its_name)
{
	static const struct { int bit; const char *name; } bits[] = {
		{ 0, "present" }, { 1, "write" }, { 2, "user" }, { 3, "pwt" }, { 4, "pcd" },
		{ 5, "accessed" }, { 6, "dirty" }, { 7, "pat" }, { 8, "global" }, { 9, "special" },
		{ 10, "uffd-wp" }, { 11, "soft-dirty" }, { 57, "devmap" }, { 58, "saved-dirty" },
		{ 63, "nx" },
	};

	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		EXPECT_EQ(leaf(bits[i].name, 1ULL << bits[i].bit), 1)
			TH_LOG("%s", bits[i].name);
		EXPECT_EQ(leaf(bits[i].name, ~(1ULL << bits[i].bit)), 0)
			TH_LOG("%s", bits[i].name);
	}
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
	EXPECT_EQ(leaf("global", 1 << 8), 1);
}

TEST(an_entry_that_is_not_present_has_no_bits)
{
	EXPECT_EQ(get("present", ~0ULL, VMWALK_LEVEL_PTE, VMWALK_CLASS_SWAP), ~0U);
	EXPECT_EQ(get("nx", ~0ULL, VMWALK_LEVEL_PTE, VMWALK_CLASS_NONE), ~0U);
}

TEST(addresses_outside_the_user_range_are_told_apart)
{
	const struct vmwalk_arch_desc *x86 = vmwalk_arch_find(VMWALK_ARCH_X86_64);
	__u64 end = 0x7ffffffff000ULL;

	EXPECT_EQ(vmwalk_arch_range(x86, 4, end, end - 1), VMWALK_RANGE_USER);
	EXPECT_EQ(vmwalk_arch_range(x86, 4, end, end), VMWALK_RANGE_BEYOND);
	EXPECT_EQ(vmwalk_arch_range(x86, 4, end, 0x7fffffffffffULL), VMWALK_RANGE_BEYOND);
	EXPECT_EQ(vmwalk_arch_range(x86, 4, end, 0x800000000000ULL), VMWALK_RANGE_NONCANONICAL);
	EXPECT_EQ(vmwalk_arch_range(x86, 4, end, 0xffff7fffffffffffULL),
		  VMWALK_RANGE_NONCANONICAL);
	EXPECT_EQ(vmwalk_arch_range(x86, 4, end, 0xffff800000000000ULL), VMWALK_RANGE_KERNEL);
	end = 0xfffffffffff000ULL;
	EXPECT_EQ(vmwalk_arch_range(x86, 5, end, 0x800000000000ULL), VMWALK_RANGE_USER);
	EXPECT_EQ(vmwalk_arch_range(x86, 5, end, 0x100000000000000ULL),
		  VMWALK_RANGE_NONCANONICAL);
	EXPECT_EQ(vmwalk_arch_range(x86, 5, end, 0xff00000000000000ULL), VMWALK_RANGE_KERNEL);
}

TEST(an_architecture_without_a_table_is_no_accident)
{
	const struct vmwalk_arch_desc *unknown = vmwalk_arch_find(99);

	ASSERT_NE(unknown, NULL);
	EXPECT_EQ(unknown->bits->mask, 0);
	EXPECT_EQ(vmwalk_arch_range(unknown, 4, 0x1000, 0x2000), VMWALK_RANGE_BEYOND);
}

TEST_HARNESS_MAIN
