// SPDX-License-Identifier: GPL-2.0
/*
 * Test the names of riscv64 entry bits against the privileged architecture manual and the
 * kernel, the addresses, block sizes and permissions that entries give, and which
 * addresses belong to the user range.
 */
#include "kselftest_harness.h"
#include "machines.h"

#define TABLE	VMWALK_CLASS_TABLE
#define LEAF	VMWALK_CLASS_LEAF
#define NONE	VMWALK_CLASS_PROTNONE
#define PMD	VMWALK_LEVEL_PMD
#define PTE	VMWALK_LEVEL_PTE
#define BIT(n)	(1ULL << (n))
#define PPN	(~0ULL >> 10 & ~0x3ffULL)

static struct vmwalk_caps caps;

static unsigned int get(const char *name, __u64 value, unsigned int level, unsigned int class)
{
	return machine_bit(&caps, name, value, level, class);
}

TEST(every_documented_bit_of_a_leaf_has_its_name)
{
	static const struct named named[] = {
		{ 0, "valid" }, { 1, "read" }, { 2, "write" }, { 3, "exec" }, { 4, "user" },
		{ 5, "global" }, { 6, "accessed" }, { 7, "dirty" }, { 8, "special" },
		{ 9, "devmap" }, { 59, "softdirty" }, { 60, "uffdwp" }, { 0 }
	}, napot[] = { { 63, "napot" }, { 0 } };

	machine_riscv(&caps, 3);
	EXPECT_STREQ(machine_misnamed(&caps, PTE, LEAF, named), "");
	EXPECT_STREQ(machine_misnamed(&caps, PTE, LEAF, napot), "");
	EXPECT_STREQ(machine_misnamed(&caps, PMD, LEAF, named), "");
	/*
	 * All bits but the PPN and the reserved bits 58 to 54. Above the last level N
	 * (bit 63) is reserved, too.
	 */
	EXPECT_EQ(machine_bits(&caps, PTE, LEAF), 0xf8000000000003ffULL);
	EXPECT_EQ(machine_bits(&caps, PMD, LEAF), 0x78000000000003ffULL);
}

TEST(an_entry_that_points_to_a_table_has_no_leaf_bits)
{
	static const struct named named[] = {
		{ 0, "valid" }, { 1, "read" }, { 2, "write" }, { 3, "exec" }, { 5, "global" }, { 0 }
	};

	machine_riscv(&caps, 5);
	for (unsigned int level = VMWALK_LEVEL_PGD; level < PTE; level++) {
		EXPECT_STREQ(machine_misnamed(&caps, level, TABLE, named), "");
		EXPECT_EQ(machine_bits(&caps, level, TABLE), 0x2f);
	}
}

TEST(the_memory_type_is_a_number_of_two_bits)
{
	machine_riscv(&caps, 4);
	EXPECT_EQ(get("pbmt", ~(3ULL << 61), PTE, LEAF), 0);
	EXPECT_EQ(get("pbmt", BIT(61), PTE, LEAF), 1);
	EXPECT_EQ(get("pbmt", BIT(62), PMD, LEAF), 2);
	EXPECT_EQ(get("pbmt", 3ULL << 61, PTE, LEAF), 3);
	EXPECT_EQ(get("vendor-memory-type", ~0ULL, PTE, LEAF), ~0U);
}

TEST(without_an_extension_its_bits_have_no_name)
{
	machine_riscv(&caps, 3);
	caps.features &= ~(VMWALK_FEATURE_SOFTDIRTY | VMWALK_FEATURE_UFFDWP);
	EXPECT_EQ(get("softdirty", ~0ULL, PTE, LEAF), ~0U);
	EXPECT_EQ(get("uffdwp", ~0ULL, PTE, LEAF), ~0U);
	caps.features &= ~VMWALK_FEATURE_SVNAPOT;
	EXPECT_EQ(get("napot", ~0ULL, PTE, LEAF), ~0U);
	EXPECT_EQ(get("vendor-memory-type", ~0ULL, PTE, LEAF), ~0U);
	/*
	 * Without Svpbmt, T-Head processors store their own memory type in bits 63 to 59.
	 */
	caps.features &= ~VMWALK_FEATURE_SVPBMT;
	EXPECT_EQ(get("pbmt", ~0ULL, PTE, LEAF), ~0U);
	EXPECT_EQ(get("vendor-memory-type", 0x16ULL << 59, PTE, LEAF), 0x16);
	EXPECT_EQ(get("vendor-memory-type", ~(0x1fULL << 59), PMD, LEAF), 0);
	EXPECT_EQ(machine_bits(&caps, PTE, LEAF), 0xf8000000000003ffULL);
	EXPECT_EQ(machine_bits(&caps, PMD, TABLE), 0x2f);
}

TEST(a_prot_none_entry_is_not_called_global)
{
	machine_riscv(&caps, 3);
	EXPECT_EQ(get("protnone", BIT(5), PTE, NONE), 1);
	EXPECT_EQ(get("protnone", ~BIT(5), PTE, NONE), 0);
	EXPECT_EQ(get("protnone", BIT(5), PMD, VMWALK_CLASS_NUMA_HINT), 1);
	EXPECT_EQ(get("global", ~0ULL, PTE, NONE), ~0U);
	EXPECT_EQ(get("protnone", ~0ULL, PTE, LEAF), ~0U);
	EXPECT_EQ(machine_bits(&caps, PTE, VMWALK_CLASS_SWAP), 0);
}

static __u64 address(unsigned int level, unsigned int class, __u64 value)
{
	struct vmwalk_entry entry = { .value = value, .level = level, .type = class };

	return vmwalk_arch_address(&caps, &entry);
}

static __u64 block(unsigned int level, __u64 value)
{
	struct vmwalk_entry entry = { .value = value, .level = level, .type = LEAF };

	return vmwalk_arch_block(&caps, &entry);
}

TEST(the_address_is_the_ppn_shifted)
{
	machine_riscv(&caps, 3);
	EXPECT_EQ(vmwalk_arch_find(caps.arch)->address_bits(&caps), PPN);
	EXPECT_EQ(address(PMD, TABLE, PPN | 1), 0xfffffffffff000ULL);
	EXPECT_EQ(address(PMD, LEAF, PPN | 0xf), 0xffffffffe00000ULL);
	EXPECT_EQ(address(PTE, LEAF, 0x1a7b3cULL << 10 | 0xd7), 0x1a7b3c000ULL);
	EXPECT_EQ(address(PTE, NONE, 0x1a7b3cULL << 10 | 0xf2), 0x1a7b3c000ULL);
}

TEST(a_napot_entry_has_the_size_of_its_block_in_the_ppn)
{
	__u64 napot = BIT(63) | 0x1a7b38ULL << 10 | 0xd7;

	machine_riscv(&caps, 3);
	EXPECT_EQ(block(PTE, napot), 64 << 10);
	EXPECT_EQ(address(PTE, LEAF, napot), 0x1a7b30000ULL);
	EXPECT_EQ(block(PTE, napot & ~BIT(63)), 0);
	EXPECT_EQ(address(PTE, LEAF, napot & ~BIT(63)), 0x1a7b38000ULL);
	/*
	 * A redacted PPN does not tell the size, but 64 KiB is the only size of Svnapot.
	 */
	EXPECT_EQ(block(PTE, BIT(63) | 0xd7), 64 << 10);
	/* Low PPN bits other than 1000, and N in a PMD entry, are reserved encodings. */
	EXPECT_EQ(block(PTE, BIT(63) | 0x1a7b34ULL << 10 | 0xd7), 0);
	EXPECT_EQ(block(PMD, napot), 0);
	caps.features &= ~VMWALK_FEATURE_SVNAPOT;
	EXPECT_EQ(block(PTE, napot), 0);
	EXPECT_EQ(address(PTE, LEAF, napot), 0x1a7b38000ULL);
}

TEST(a_leaf_gives_what_its_bits_say_and_a_table_takes_nothing)
{
	const struct vmwalk_arch_desc *riscv = vmwalk_arch_find(VMWALK_ARCH_RISCV64);

	for (unsigned int level = 0; level < VMWALK_LEVELS; level++) {
		EXPECT_EQ(vmwalk_arch_perm(riscv, level, 0x01, 0), 7);
		EXPECT_EQ(vmwalk_arch_perm(riscv, level, 0x13, 0), VMWALK_PERM_R);
		EXPECT_EQ(vmwalk_arch_perm(riscv, level, 0x17, 0), VMWALK_PERM_R | VMWALK_PERM_W);
		/* W without R is a shadow stack (Zicfiss), which stores cannot write. */
		EXPECT_EQ(vmwalk_arch_perm(riscv, level, 0x15, 0), VMWALK_PERM_R);
		EXPECT_EQ(vmwalk_arch_perm(riscv, level, 0x19, 0), VMWALK_PERM_X);
		EXPECT_EQ(vmwalk_arch_perm(riscv, level, 0x1f, 0), 7);
		EXPECT_EQ(vmwalk_arch_perm(riscv, level, 0x0f, ~0U), 0);
		EXPECT_EQ(vmwalk_arch_perm(riscv, level, 0x1e, ~0U), 0);
		EXPECT_EQ(vmwalk_arch_perm(riscv, level, 0x00, ~0U), 0);
		EXPECT_EQ(riscv->kernel_perm(level, 0x07), VMWALK_PERM_R | VMWALK_PERM_W);
		EXPECT_EQ(riscv->kernel_perm(level, 0x0b), VMWALK_PERM_R | VMWALK_PERM_X);
		EXPECT_EQ(riscv->kernel_perm(level, 0x01), 7);
		EXPECT_EQ(riscv->kernel_perm(level, 0x0e), 0);
	}
}

TEST(addresses_outside_the_user_range_are_told_apart)
{
	static const unsigned int bits[] = { 0, 0, 0, 39, 48, 57 };

	for (unsigned int levels = 3; levels <= 5; levels++) {
		__u64 end = BIT(bits[levels] - 1);

		machine_riscv(&caps, levels);
		EXPECT_EQ(vmwalk_arch_va_bits(&caps), bits[levels]);
		EXPECT_EQ(vmwalk_arch_range(&caps, end, end - 1), VMWALK_RANGE_USER);
		EXPECT_EQ(vmwalk_arch_range(&caps, end - 4096, end - 1), VMWALK_RANGE_BEYOND);
		EXPECT_EQ(vmwalk_arch_range(&caps, end, end), VMWALK_RANGE_NONCANONICAL);
		EXPECT_EQ(vmwalk_arch_range(&caps, end, -end), VMWALK_RANGE_KERNEL);
		EXPECT_EQ(vmwalk_arch_range(&caps, end, -end - 1), VMWALK_RANGE_NONCANONICAL);
		/*
		 * Tagged addresses (Ssnpm) are not recognised, even if the process may
		 * use them.
		 */
		EXPECT_EQ(vmwalk_arch_range(&caps, end, BIT(63) | 4096),
			  VMWALK_RANGE_NONCANONICAL);
	}
}

TEST_HARNESS_MAIN
