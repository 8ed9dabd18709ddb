// SPDX-License-Identifier: GPL-2.0
/*
 * x86-64: the hardware's bits are those of the Intel SDM, volume 3, chapter 4.5;
 * the software's (9 to 11, 57, 58) those of arch/x86/include/asm/pgtable_types.h.
 */
#include "arch.h"

#define BIT(n)		(1ULL << (n))
#define AT(where)	VMWALK_BIT_AT_##where
#define GENERIC		VMWALK_BIT_GENERIC
#define RARE		VMWALK_BIT_RARE

/* Mask, value, word, column, where. */
static const struct vmwalk_bit x86_bits[] = {
	{ BIT(63), BIT(63), "nx",		"NX",	AT(ANY) },
	{ 0xfULL << 59, 0,  "pkey",		"PK",	AT(LEAF) | VMWALK_BIT_NUMBER },
	{ BIT(58), BIT(58), "saved-dirty",	NULL,	AT(LEAF) },
	{ BIT(58), BIT(58), "no-pti-shadow",	NULL,	AT(ROOT) },
	{ BIT(57), BIT(57), "devmap",		NULL,	AT(LEAF) },
	/* Bit 7 makes a huge leaf, so that PAT had to move there. */
	{ BIT(12), BIT(12), "pat",		"PAT",	AT(HUGE) | RARE },
	{ BIT(7),  BIT(7),  "pat",		"PAT",	AT(LAST) | RARE },
	{ BIT(11), BIT(11), "soft-dirty",	NULL,	AT(LEAF) | GENERIC },
	{ BIT(10), BIT(10), "uffd-wp",		NULL,	AT(LEAF) | GENERIC },
	{ BIT(9),  BIT(9),  "special",		NULL,	AT(LEAF) | GENERIC },
	/* Without P, the kernel stores PROT_NONE in the bit of G. */
	{ BIT(8),  BIT(8),  "global",		"G",	AT(LEAF) | GENERIC | VMWALK_BIT_PRESENT },
	/* In an entry that points to a table it is there, and clear. */
	{ BIT(7),  BIT(7),  "huge",		"S",	AT(HUGE) | AT(TABLE) | GENERIC },
	{ BIT(6),  BIT(6),  "dirty",		"D",	AT(LEAF) | GENERIC },
	{ BIT(5),  BIT(5),  "accessed",		"A",	AT(ANY) | GENERIC },
	{ BIT(4),  BIT(4),  "pcd",		"CD",	AT(ANY) | RARE },
	{ BIT(3),  BIT(3),  "pwt",		"WT",	AT(ANY) | RARE },
	{ BIT(2),  BIT(2),  "user",		"U",	AT(ANY) | GENERIC },
	{ BIT(1),  BIT(1),  "write",		"W",	AT(ANY) | GENERIC },
	{ BIT(0),  BIT(0),  "present",		"P",	AT(ANY) | GENERIC },
	{ 0 }
};

/* SDM 4.6.1: the same at every level. */
static unsigned int x86_perm(__u64 value)
{
	unsigned int perm = VMWALK_PERM_R;

	if ((value & (BIT(0) | BIT(2))) != (BIT(0) | BIT(2)))
		return 0;
	if (value & BIT(1))
		perm |= VMWALK_PERM_W;
	if (!(value & BIT(63)))
		perm |= VMWALK_PERM_X;
	return perm;
}

const struct vmwalk_arch_desc vmwalk_arch_x86 = {
	.arch = VMWALK_ARCH_X86_64,
	.name = "x86-64",
	.json = "x86_64",
	.root = "CR3",
	.shadow = "user",
	.hardware_present = BIT(0),
	.address_mask = 0x000ffffffffff000ULL,
	.va_bits = { 64, 64, 64, 64, 48, 57 },
	.bits = x86_bits,
	.perm = x86_perm,
};
