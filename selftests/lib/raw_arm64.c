// SPDX-License-Identifier: GPL-2.0
/*
 * Decode raw entries of arm64 by the manual (Arm DDI 0487, D8.3) and the layouts in
 * arch/arm64/include/asm/pgtable-hwdef.h, pgtable-prot.h and pgtable.h.
 */
#include "machine.h"
#include "raw.h"

#define VALID	(1ULL << 0)
#define TABLE	(3ULL << 0)	/* both bits set: a table, or in a PTE a page */
#define AP_USER	(1ULL << 6)	/* AP[1] */
#define AP_RO	(1ULL << 7)	/* AP[2] */
#define AF	(1ULL << 10)
#define NG	(1ULL << 11)
#define DBM	(1ULL << 51)	/* writable */
#define CONT	(1ULL << 52)
#define PXN	(1ULL << 53)
#define UXN	(1ULL << 54)
/* Bits that the kernel defines and the processor ignores */
#define DIRTY	(1ULL << 55)
#define SPECIAL	(1ULL << 56)
#define BIT58	(1ULL << 58)
#define BIT59	(1ULL << 59)
/* Bits of table descriptors; Arm DDI 0487, D8.3 */
#define UXN_TABLE	(1ULL << 60)
#define NO_USER_TABLE	(1ULL << 61)	/* APTable[0] */
#define NO_WRITE_TABLE	(1ULL << 62)	/* APTable[1] */

#define BITS(high, low)	((2ULL << (high)) - (1ULL << (low)))

/* In the new layout, NG without VALID marks an entry as present (PTE_PRESENT_INVALID). */
static bool layout_is_new(void)
{
	return raw_has(VMWALK_FEATURE_PRESENT_INVALID);
}

bool raw_present(uint64_t value)
{
	if (value & VALID)
		return true;
	/*
	 * In the old layout, without VALID, bit 58 marks PROT_NONE (PTE_PROT_NONE), and
	 * bit 59 a huge leaf that the kernel has invalidated for a change
	 * (PMD_PRESENT_INVALID).
	 */
	return value & (layout_is_new() ? NG : BIT58 | BIT59);
}

bool raw_leaf(uint64_t value, unsigned int level)
{
	return level == VMWALK_LEVEL_PTE || (value & TABLE) != TABLE;
}

/* With LPA2, bits 9 and 8 are address bits 51 and 50 instead of shareability. */
uint64_t raw_address_bits(void)
{
	if (raw_has(VMWALK_FEATURE_LPA2))
		return BITS(49, machine.page_shift) | BITS(9, 8);
	return BITS(47, machine.page_shift);
}

uint64_t raw_target(uint64_t value, unsigned int level, uint64_t address)
{
	uint64_t target = value & raw_address_bits() & ~BITS(9, 8);

	(void)address;
	if (raw_has(VMWALK_FEATURE_LPA2))
		target |= (value & BITS(9, 8)) << (50 - 8);
	if (raw_leaf(value, level))
		target &= -(1ULL << raw_level_shift(level));
	return target;
}

static uint32_t table_flags(uint64_t value)
{
	uint32_t flags = VMWALK_E_PRESENT;

	if (!(value & NO_USER_TABLE))
		flags |= VMWALK_E_USER | VMWALK_E_READ;
	if (!(value & NO_WRITE_TABLE))
		flags |= VMWALK_E_WRITE;
	if (!(value & UXN_TABLE))
		flags |= VMWALK_E_EXEC;
	return flags;
}

uint32_t raw_flags(uint64_t value, unsigned int level)
{
	uint32_t flags = VMWALK_E_PRESENT;

	if (!raw_leaf(value, level))
		return table_flags(value);
	if (level != VMWALK_LEVEL_PTE)
		flags |= VMWALK_E_HUGE;
	if (value & AP_USER)
		flags |= VMWALK_E_USER;
	if (value & DBM)
		flags |= VMWALK_E_WRITE;
	if (value & AF)
		flags |= VMWALK_E_ACCESSED;
	/* The processor marks a page with DBM dirty by clearing AP_RO. */
	if (value & DIRTY || (value & (DBM | AP_RO)) == DBM)
		flags |= VMWALK_E_DIRTY;
	if (value & SPECIAL)
		flags |= VMWALK_E_SPECIAL;
	if (value & CONT)
		flags |= VMWALK_E_CONTIGUOUS;
	if (layout_is_new() && value & BIT58)
		flags |= VMWALK_E_UFFDWP;
	if (!(value & VALID))
		return flags | VMWALK_E_PROTNONE;
	if (value & AP_USER)
		flags |= VMWALK_E_READ;
	if (!(value & UXN))
		flags |= VMWALK_E_EXEC;
	if (!(value & NG))
		flags |= VMWALK_E_GLOBAL;
	return flags;
}

/*
 * Only swap and migration entries have VMWALK_E_EXCLUSIVE; raw_flags() decodes neither.
 */
uint32_t raw_flags_known(uint64_t value, unsigned int level)
{
	(void)value;
	(void)level;
	return ~(uint32_t)VMWALK_E_EXCLUSIVE;
}

uint8_t raw_perm(const struct vmwalk_entry *entry)
{
	const uint64_t value = entry->value;
	uint8_t perm = 0;

	if (!(value & VALID))
		return 0;
	if (!raw_leaf(value, entry->level)) {
		perm = VMWALK_PERM_R | VMWALK_PERM_W | VMWALK_PERM_X;
		if (value & NO_USER_TABLE)
			perm &= ~(VMWALK_PERM_R | VMWALK_PERM_W);
		if (value & NO_WRITE_TABLE)
			perm &= ~VMWALK_PERM_W;
		if (value & UXN_TABLE)
			perm &= ~VMWALK_PERM_X;
		return perm;
	}
	if (value & AP_USER)
		perm |= VMWALK_PERM_R;
	if (value & AP_USER && (value & DBM || !(value & AP_RO)))
		perm |= VMWALK_PERM_W;
	/*
	 * AP_USER and UXN without PXN are index 9 of PIRE0_EL1, with DBM 11. PIE_E0 in
	 * pgtable-prot.h of Linux 7.2 makes 9 read-only and 11 a guarded control stack,
	 * which no ordinary store can write (Arm DDI 0487, D8.4).
	 */
	if (value & AP_USER && value & UXN && !(value & PXN))
		perm &= ~VMWALK_PERM_W;
	if (!(value & UXN))
		perm |= VMWALK_PERM_X;
	return perm;
}

/* POIndex: PTE_PO_IDX_MASK in pgtable-hwdef.h. */
unsigned int raw_pkey(uint64_t value)
{
	return value >> 60 & 7;
}

/*
 * __SWP_TYPE_SHIFT and __SWP_OFFSET_SHIFT in pgtable.h are 6 and 12 in the new layout
 * (Linux 6.12), 3 and 8 in the old one (6.1).
 */
unsigned int raw_swap_type(uint64_t value)
{
	return value >> (layout_is_new() ? 6 : 3) & 31;
}

uint64_t raw_swap_offset(uint64_t value)
{
	return value >> (layout_is_new() ? 12 : 8) & ((1ULL << 50) - 1);
}

/* AttrIndx[2:0]: DDI 0487, D8.3 */
unsigned int raw_type_index(uint64_t value)
{
	return value >> 2 & 7;
}

/* Inner and outer write-back, non-transient, with both allocation hints; or that, tagged */
bool raw_type_is_ordinary(uint8_t type)
{
	return type == 0xff || type == 0xf0;
}

unsigned int raw_arch(void)
{
	return VMWALK_ARCH_ARM64;
}
