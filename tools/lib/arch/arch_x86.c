// SPDX-License-Identifier: GPL-2.0
/*
 * x86-64 entries. Hardware bits: Intel SDM, volume 3, "4-Level Paging and 5-Level
 * Paging". Software bits (9 to 11, 57, 58): arch/x86/include/asm/pgtable_types.h.
 */
#include "arch.h"

/*
 * Rows in display order. Fields: mask, value, word, column, scope, needed features,
 * excluding features
 */
static const struct vmwalk_bit x86_bits[] = {
	{ BIT(63), BIT(63), "nx",		"NX",	AT(ANY), 0, 0 },
	{ MASK(62, 59), 0,  "pkey",		"PK",	AT(LEAF) | NUMBER, 0, 0 },
	{ BIT(58), BIT(58), "saved-dirty",	NULL,	AT(LEAF), 0, 0 },
	{ BIT(58), BIT(58), "no-pti-shadow",	NULL,	AT(ROOT), 0, 0 },
	{ BIT(57), BIT(57), "devmap",		NULL,	AT(LEAF), 0, 0 },
	/* Bit 7 is PS in a huge leaf, which moves PAT to bit 12. */
	{ BIT(12), BIT(12), "pat",		"PAT",	AT(HUGE) | RARE, 0, 0 },
	{ BIT(7),  BIT(7),  "pat",		"PAT",	AT(LAST) | RARE, 0, 0 },
	{ BIT(11), BIT(11), "softdirty",		NULL,	AT(LEAF) | GENERIC, 0, 0 },
	{ BIT(10), BIT(10), "uffdwp",		NULL,	AT(LEAF) | GENERIC, 0, 0 },
	{ BIT(9),  BIT(9),  "special",		NULL,	AT(LEAF) | GENERIC, 0, 0 },
	/* Without P, the kernel uses the bit of G for PROT_NONE. */
	{ BIT(8),  BIT(8),  "global",		"G",	AT(LEAF) | GENERIC | PRESENT, 0, 0 },
	{ BIT(8),  BIT(8),  "protnone",		NULL,	AT(LEAF) | GENERIC | ABSENT, 0, 0 },
	/* PS: clear in an entry that points to a table. */
	{ BIT(7),  BIT(7),  "huge",		"S",	AT(HUGE) | AT(TABLE) | GENERIC, 0, 0 },
	{ BIT(6),  BIT(6),  "dirty",		"D",	AT(LEAF) | GENERIC, 0, 0 },
	{ BIT(5),  BIT(5),  "accessed",		"A",	AT(ANY) | GENERIC, 0, 0 },
	{ BIT(4),  BIT(4),  "pcd",		"CD",	AT(ANY) | RARE, 0, 0 },
	{ BIT(3),  BIT(3),  "pwt",		"WT",	AT(ANY) | RARE, 0, 0 },
	{ BIT(2),  BIT(2),  "user",		"U",	AT(ANY) | GENERIC, 0, 0 },
	{ BIT(1),  BIT(1),  "write",		"W",	AT(ANY) | GENERIC, 0, 0 },
	{ BIT(0),  BIT(0),  "present",		"P",	AT(ANY) | GENERIC, 0, 0 },
	{ 0 }
};

static __u64 x86_address_bits(const struct vmwalk_caps *caps)
{
	(void)caps;
	return MASK(51, 12);
}

/* The kernel inverts the PFN of entries without P: asm/pgtable-invert.h. */
static __u64 x86_address(const struct vmwalk_caps *caps, __u64 value)
{
	return (value & BIT(0) ? value : ~value) & x86_address_bits(caps);
}

/*
 * Ignore the level: R/W and XD mean the same at every level (SDM, "Determination of
 * Access Rights").
 */
static unsigned int x86_kernel_perm(unsigned int level, __u64 value)
{
	unsigned int perm = VMWALK_PERM_R;

	(void)level;
	if (!(value & BIT(0)))
		return 0;
	if (value & BIT(1))
		perm |= VMWALK_PERM_W;
	if (!(value & BIT(63)))
		perm |= VMWALK_PERM_X;
	return perm;
}

static unsigned int x86_perm(unsigned int level, __u64 value)
{
	return value & BIT(2) ? x86_kernel_perm(level, value) : 0;
}

/* IA32_PAT: Intel SDM, volume 3, "Page Attribute Table" */
static const char *x86_memory_type(const struct vmwalk_caps *caps, unsigned int index)
{
	static const char *const words[] = { "UC", "WC", "?", "?", "WT", "WP", "WB", "UC-" };

	return caps->memory_types && index < 8 ? words[caps->memory_types >> 8 * index & 7] : NULL;
}

const struct vmwalk_arch_desc vmwalk_arch_x86 = {
	.arch = VMWALK_ARCH_X86_64,
	.name = "x86-64",
	.json = "x86_64",
	.root = "CR3",
	.shadow = "user",
	.hardware_present = BIT(0),
	.bits = x86_bits,
	.address_bits = x86_address_bits,
	.address = x86_address,
	.perm = x86_perm,
	.kernel_perm = x86_kernel_perm,
	.memory_type = x86_memory_type,
};
