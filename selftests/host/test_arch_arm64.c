// SPDX-License-Identifier: GPL-2.0
/*
 * Test the names of arm64 entry bits against the Arm ARM (DDI 0487, D8.3) and the kernel,
 * the addresses, contiguous blocks and permissions that entries give, and which addresses
 * belong to the user range.
 */
#include "kselftest_harness.h"
#include "machines.h"

#define TABLE	VMWALK_CLASS_TABLE
#define LEAF	VMWALK_CLASS_LEAF
#define NONE	VMWALK_CLASS_PROTNONE
#define PMD	VMWALK_LEVEL_PMD
#define PTE	VMWALK_LEVEL_PTE
#define BIT(n)	(1ULL << (n))

static struct vmwalk_caps caps;

static unsigned int get(const char *name, __u64 value, unsigned int level, unsigned int class)
{
	return machine_bit(&caps, name, value, level, class);
}

/* Describe a kernel with PTE_PROT_NONE in bit 58, where later ones have uffd-wp. */
static void machine_old(void)
{
	machine_arm64(&caps, 4);
	caps.features &= ~(VMWALK_FEATURE_UFFDWP | VMWALK_FEATURE_PRESENT_INVALID);
}

TEST(every_documented_bit_of_a_page_has_its_name)
{
	static const struct named named[] = {
		{ 0, "valid" }, { 1, "page" }, { 5, "ns" }, { 6, "user" }, { 7, "read-only" },
		{ 10, "accessed" }, { 11, "not-global" }, { 50, "guarded" }, { 51, "dbm" },
		{ 52, "contiguous" }, { 53, "pxn" }, { 54, "uxn" }, { 55, "software-dirty" },
		{ 56, "special" }, { 57, "devmap" }, { 58, "uffdwp" },
		{ 59, "attrindx3-pbha0" }, { 63, "software-63" }, { 0 }
	};

	machine_arm64(&caps, 4);
	EXPECT_STREQ(machine_misnamed(&caps, PTE, LEAF, named), "");
	EXPECT_EQ(get("table", ~0ULL, PTE, LEAF), ~0U);
	EXPECT_EQ(get("nt", ~0ULL, PTE, LEAF), ~0U);
	/*
	 * All bits but the address (47 to 12) and bits 49 and 48, which are RES0 without
	 * LPA2.
	 */
	EXPECT_EQ(machine_bits(&caps, PTE, LEAF), ~0x0003fffffffff000ULL);
}

TEST(every_documented_bit_of_a_block_has_its_name)
{
	static const struct named named[] = {
		{ 0, "valid" }, { 1, "table" }, { 5, "ns" }, { 6, "user" }, { 7, "read-only" },
		{ 10, "accessed" }, { 11, "not-global" }, { 16, "nt" }, { 50, "guarded" },
		{ 51, "dbm" }, { 52, "contiguous" }, { 53, "pxn" }, { 54, "uxn" },
		{ 55, "software-dirty" }, { 56, "special" }, { 57, "devmap" }, { 58, "uffdwp" },
		{ 59, "attrindx3-pbha0" }, { 63, "software-63" }, { 0 }
	};

	machine_arm64(&caps, 4);
	EXPECT_STREQ(machine_misnamed(&caps, PMD, LEAF, named), "");
	EXPECT_STREQ(machine_misnamed(&caps, VMWALK_LEVEL_PUD, LEAF, named), "");
	EXPECT_EQ(get("page", ~0ULL, PMD, LEAF), ~0U);
	EXPECT_EQ(machine_bits(&caps, PMD, LEAF), ~0x0003fffffffef000ULL);
}

TEST(every_documented_bit_of_an_entry_that_points_to_a_table_has_its_name)
{
	static const struct named named[] = {
		{ 0, "valid" }, { 1, "table" }, { 10, "table-accessed" }, { 59, "pxntable" },
		{ 60, "uxntable" }, { 61, "aptable-no-user" }, { 62, "aptable-read-only" },
		{ 63, "nstable" }, { 0 }
	};

	machine_arm64(&caps, 4);
	for (unsigned int level = VMWALK_LEVEL_PGD; level < PTE; level++) {
		EXPECT_STREQ(machine_misnamed(&caps, level, TABLE, named), "");
		EXPECT_EQ(machine_bits(&caps, level, TABLE), 0xf800000000000403ULL);
	}
	EXPECT_EQ(get("uxn", ~0ULL, PMD, TABLE), ~0U);
	EXPECT_EQ(get("user", ~0ULL, PMD, TABLE), ~0U);
}

TEST(fields_of_several_bits_are_numbers)
{
	machine_arm64(&caps, 4);
	EXPECT_EQ(get("attrindx", ~0x1cULL, PTE, LEAF), 0);
	EXPECT_EQ(get("attrindx", 0x1c, PTE, LEAF), 7);
	EXPECT_EQ(get("attrindx", 0x04, PMD, LEAF), 1);
	EXPECT_EQ(get("sh", ~0x300ULL, PTE, LEAF), 0);
	EXPECT_EQ(get("sh", 0x200, PTE, LEAF), 2);
	EXPECT_EQ(get("sh", 0x300, PMD, LEAF), 3);
	EXPECT_EQ(get("pkey", 7ULL << 60, PTE, LEAF), 7);
	EXPECT_EQ(get("pkey", BIT(60), PTE, LEAF), 1);
	EXPECT_EQ(get("pkey", ~(7ULL << 60), PTE, LEAF), 0);
}

TEST(with_lpa2_the_bits_of_shareability_are_address_bits)
{
	machine_arm64(&caps, 5);
	EXPECT_EQ(get("sh", 0x300, PTE, LEAF), ~0U);
	EXPECT_EQ(machine_bits(&caps, PTE, LEAF), ~0x0003fffffffff300ULL);
	EXPECT_EQ(vmwalk_arch_find(caps.arch)->address_bits(&caps), 0x0003fffffffff300ULL);
	machine_arm64(&caps, 4);
	EXPECT_EQ(vmwalk_arch_find(caps.arch)->address_bits(&caps), 0x0000fffffffff000ULL);
	machine_arm64_16k(&caps, 4);
	EXPECT_EQ(vmwalk_arch_find(caps.arch)->address_bits(&caps), 0x0003ffffffffc300ULL);
	machine_arm64_16k(&caps, 3);
	EXPECT_EQ(vmwalk_arch_find(caps.arch)->address_bits(&caps), 0x0000ffffffffc000ULL);
}

TEST(what_is_not_valid_says_so_in_bit_11_from_6_11_on)
{
	machine_arm64(&caps, 4);
	EXPECT_EQ(get("present-invalid", BIT(11), PTE, NONE), 1);
	EXPECT_EQ(get("present-invalid", ~BIT(11), PTE, NONE), 0);
	EXPECT_EQ(get("present-invalid", BIT(11), PMD, VMWALK_CLASS_NUMA_HINT), 1);
	EXPECT_EQ(get("not-global", ~0ULL, PTE, NONE), ~0U);
	EXPECT_EQ(get("uffdwp", BIT(58), PTE, NONE), 1);
	EXPECT_EQ(get("protnone", ~0ULL, PTE, NONE), ~0U);
	EXPECT_EQ(get("present-invalid", ~0ULL, PTE, LEAF), ~0U);
	/*
	 * If an entry is not valid, bit 11 has another name than in a leaf, and bit 59
	 * has none in a PMD entry.
	 */
	EXPECT_EQ(machine_bits(&caps, PTE, NONE), machine_bits(&caps, PTE, LEAF));
	EXPECT_EQ(machine_bits(&caps, PMD, NONE),
		  machine_bits(&caps, PMD, LEAF) & ~BIT(59));
}

TEST(before_6_11_what_is_not_valid_says_so_in_bit_58_or_59)
{
	machine_old();
	EXPECT_EQ(get("protnone", BIT(58), PTE, NONE), 1);
	EXPECT_EQ(get("protnone", ~BIT(58), PTE, NONE), 0);
	EXPECT_EQ(get("protnone", BIT(58), PMD, NONE), 1);
	EXPECT_EQ(get("not-global", BIT(11), PTE, NONE), 1);
	EXPECT_EQ(get("not-global", BIT(11), PMD, NONE), 1);
	EXPECT_EQ(get("uffdwp", ~0ULL, PTE, NONE), ~0U);
	EXPECT_EQ(get("uffdwp", ~0ULL, PTE, LEAF), ~0U);
	EXPECT_EQ(get("present-invalid", BIT(59), PMD, NONE), 1);
	EXPECT_EQ(get("present-invalid", ~BIT(59), PMD, NONE), 0);
	EXPECT_EQ(get("present-invalid", BIT(59), PTE, NONE), ~0U);
	EXPECT_EQ(get("protnone", ~0ULL, PTE, LEAF), ~0U);
	EXPECT_EQ(machine_bits(&caps, PTE, LEAF), machine_bits(&caps, PTE, NONE) & ~BIT(58));
	EXPECT_EQ(machine_bits(&caps, PMD, LEAF), machine_bits(&caps, PMD, NONE) & ~BIT(58));
	EXPECT_EQ(get("attrindx3-pbha0", BIT(59), PMD, NONE), ~0U);
}

TEST(an_entry_that_is_not_present_has_no_bits)
{
	machine_arm64(&caps, 4);
	EXPECT_EQ(machine_bits(&caps, PTE, VMWALK_CLASS_SWAP), 0);
	EXPECT_EQ(machine_bits(&caps, PMD, VMWALK_CLASS_NONE), 0);
}

static __u64 address(unsigned int level, unsigned int class, __u64 value)
{
	struct vmwalk_entry entry = { .value = value, .level = level, .type = class };

	return vmwalk_arch_address(&caps, &entry);
}

TEST(an_entry_points_to_its_address_bits)
{
	machine_arm64(&caps, 4);
	EXPECT_EQ(address(PTE, LEAF, ~0ULL), 0xfffffffff000ULL);
	EXPECT_EQ(address(PMD, TABLE, ~0ULL), 0xfffffffff000ULL);
	EXPECT_EQ(address(PMD, LEAF, ~0ULL), 0xffffffe00000ULL);
	EXPECT_EQ(address(PTE, LEAF, 0x00e80001a7b3cf43ULL), 0x1a7b3c000ULL);
	EXPECT_EQ(address(PTE, NONE, 0x00600001a7b3cb80ULL), 0x1a7b3c000ULL);
	machine_arm64_16k(&caps, 3);
	EXPECT_EQ(address(PTE, LEAF, ~0ULL), 0xffffffffc000ULL);
	EXPECT_EQ(address(PMD, LEAF, ~0ULL), 0xfffffe000000ULL);
}

TEST(with_lpa2_the_highest_address_bits_are_the_lowest_of_the_field)
{
	machine_arm64(&caps, 5);
	EXPECT_EQ(address(PTE, LEAF, ~0ULL), 0xffffffffff000ULL);
	EXPECT_EQ(address(PMD, TABLE, 0x203), 0x8000000000000ULL);
	EXPECT_EQ(address(PMD, TABLE, 0x103), 0x4000000000000ULL);
	EXPECT_EQ(address(PTE, LEAF, BIT(49) | 3), 0x2000000000000ULL);
	EXPECT_EQ(address(PMD, LEAF, 0x1a7b3c301ULL), 0xc0001a7a00000ULL);
	machine_arm64_16k(&caps, 4);
	EXPECT_EQ(address(PTE, LEAF, ~0ULL), 0xfffffffffc000ULL);
}

static __u64 block(unsigned int level, unsigned int class, __u64 value)
{
	struct vmwalk_entry entry = { .value = value, .level = level, .type = class };

	return vmwalk_arch_block(&caps, &entry);
}

TEST(a_contiguous_block_has_the_size_of_its_level_and_granule)
{
	machine_arm64(&caps, 4);
	EXPECT_EQ(block(PTE, LEAF, BIT(52) | 3), 64 << 10);
	EXPECT_EQ(block(PMD, LEAF, BIT(52) | 1), 32 << 20);
	EXPECT_EQ(block(VMWALK_LEVEL_PUD, LEAF, BIT(52) | 1), 16ULL << 30);
	EXPECT_EQ(block(PTE, LEAF, ~BIT(52)), 0);
	/* In a table descriptor bit 52 is ignored. */
	EXPECT_EQ(block(PMD, TABLE, BIT(52) | 3), 0);
	EXPECT_EQ(block(PTE, VMWALK_CLASS_SWAP, BIT(52)), 0);
	machine_arm64_16k(&caps, 3);
	EXPECT_EQ(block(PTE, LEAF, BIT(52) | 3), 2 << 20);
	EXPECT_EQ(block(PMD, LEAF, BIT(52) | 1), 1 << 30);
}

static unsigned int perm(unsigned int level, __u64 value)
{
	return vmwalk_arch_perm(vmwalk_arch_find(VMWALK_ARCH_ARM64), level, value, ~0U);
}

TEST(a_leaf_gives_what_ap_and_uxn_and_dbm_say)
{
	static const unsigned int levels[] = { VMWALK_LEVEL_PUD, PMD, PTE };
	__u64 user = BIT(6), read_only = BIT(7), dbm = BIT(51), uxn = BIT(54) | BIT(53), valid;

	for (size_t i = 0; i < 3; i++) {
		valid = levels[i] == PTE ? 3 : 1;
		EXPECT_EQ(perm(levels[i], valid | user), 7);
		EXPECT_EQ(perm(levels[i], valid | user | uxn), VMWALK_PERM_R | VMWALK_PERM_W);
		EXPECT_EQ(perm(levels[i], valid | user | uxn | read_only), VMWALK_PERM_R);
		/*
		 * With DBM, a read-only page is writable and clean: the first write
		 * clears bit 7.
		 */
		EXPECT_EQ(perm(levels[i], valid | user | uxn | read_only | dbm),
			  VMWALK_PERM_R | VMWALK_PERM_W);
		EXPECT_EQ(perm(levels[i], valid | read_only), VMWALK_PERM_X);
		EXPECT_EQ(perm(levels[i], valid | uxn | dbm), 0);
		EXPECT_EQ(perm(levels[i], user | dbm), 0);
	}
}

/* _PAGE_GCS and _PAGE_GCS_RO of pgtable-prot.h: UXN without PXN, with and without DBM */
TEST(a_guarded_control_stack_is_read_and_written_by_no_store)
{
	__u64 stack = BIT(54) | BIT(11) | BIT(10) | BIT(6) | 3;

	EXPECT_EQ(perm(PTE, stack), VMWALK_PERM_R);
	EXPECT_EQ(perm(PTE, stack | BIT(51)), VMWALK_PERM_R);
	EXPECT_EQ(perm(PTE, stack | BIT(51) | BIT(7)), VMWALK_PERM_R);
	EXPECT_EQ(perm(PTE, stack | BIT(51) | BIT(53)), VMWALK_PERM_R | VMWALK_PERM_W);
	/* Without bit 6 (AP[1]) user mode has no access. */
	EXPECT_EQ(perm(PTE, (stack | BIT(51)) & ~BIT(6)), 0);
}

TEST(a_table_withholds_from_all_below_it)
{
	EXPECT_EQ(perm(PMD, 3), 7);
	EXPECT_EQ(perm(PMD, BIT(59) | 3), 7);
	EXPECT_EQ(perm(PMD, BIT(60) | 3), VMWALK_PERM_R | VMWALK_PERM_W);
	EXPECT_EQ(perm(PMD, BIT(61) | 3), VMWALK_PERM_X);
	EXPECT_EQ(perm(VMWALK_LEVEL_PGD, BIT(62) | 3), VMWALK_PERM_R | VMWALK_PERM_X);
	/* In a page descriptor bits 62 to 60 are POIndex, not APTable and UXNTable. */
	EXPECT_EQ(perm(PTE, 7ULL << 60 | BIT(6) | 3), 7);
	EXPECT_EQ(perm(PMD, 2), 0);
}

TEST(addresses_outside_the_user_range_are_told_apart)
{
	__u64 end = BIT(48);

	machine_arm64(&caps, 4);
	EXPECT_EQ(vmwalk_arch_va_bits(&caps), 48);
	EXPECT_EQ(vmwalk_arch_range(&caps, end, end - 1), VMWALK_RANGE_USER);
	EXPECT_EQ(vmwalk_arch_range(&caps, end - 4096, end - 1), VMWALK_RANGE_BEYOND);
	EXPECT_EQ(vmwalk_arch_range(&caps, end, end), VMWALK_RANGE_NONCANONICAL);
	EXPECT_EQ(vmwalk_arch_range(&caps, end, 0xffff000000000000ULL), VMWALK_RANGE_KERNEL);
	EXPECT_EQ(vmwalk_arch_range(&caps, end, 0xfffeffffffffffffULL),
		  VMWALK_RANGE_NONCANONICAL);
	/* With TBI0 the processor ignores the top byte of user addresses. */
	EXPECT_EQ(vmwalk_arch_range(&caps, end, 0xb4007f3a1c2a4010ULL), VMWALK_RANGE_TAGGED);
	EXPECT_EQ(vmwalk_arch_range(&caps, end, 0x01007f3a1c2a4010ULL), VMWALK_RANGE_TAGGED);
	EXPECT_EQ(vmwalk_arch_range(&caps, end, 0xb4017f3a1c2a4010ULL),
		  VMWALK_RANGE_NONCANONICAL);
}

TEST(every_geometry_has_its_number_of_address_bits)
{
	machine_arm64(&caps, 5);
	EXPECT_EQ(vmwalk_arch_va_bits(&caps), 52);
	EXPECT_EQ(vmwalk_arch_range(&caps, BIT(52), BIT(52) - 1), VMWALK_RANGE_USER);
	EXPECT_EQ(vmwalk_arch_range(&caps, BIT(52), 0xfff0000000000000ULL), VMWALK_RANGE_KERNEL);
	machine_arm64_16k(&caps, 4);
	EXPECT_EQ(vmwalk_arch_va_bits(&caps), 52);
	machine_arm64_16k(&caps, 3);
	EXPECT_EQ(vmwalk_arch_va_bits(&caps), 47);
	EXPECT_EQ(vmwalk_arch_range(&caps, BIT(47), 0xffff800000000000ULL), VMWALK_RANGE_KERNEL);
	EXPECT_EQ(vmwalk_arch_range(&caps, BIT(47), 0xffff7fffffffffffULL),
		  VMWALK_RANGE_NONCANONICAL);
}

TEST_HARNESS_MAIN
