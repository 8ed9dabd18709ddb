// SPDX-License-Identifier: GPL-2.0
/*
 * Decode raw entries of x86-64 by the manual (Intel SDM volume 3, 4.5) and the layout in
 * arch/x86/include/asm/pgtable_types.h.
 */
#include "machine.h"
#include "raw.h"

#define P	(1ULL << 0)
#define RW	(1ULL << 1)
#define US	(1ULL << 2)
#define A	(1ULL << 5)
#define D	(1ULL << 6)
#define PS	(1ULL << 7)
#define G	(1ULL << 8)
#define SPECIAL	(1ULL << 9)
#define UFFD_WP	(1ULL << 10)
#define SOFT	(1ULL << 11)
#define NX	(1ULL << 63)
#define ADDRESS	0x000ffffffffff000ULL
#define SAVED_D	(3ULL << 57)	/* including _PAGE_SAVED_DIRTY, bit 58 */

bool raw_present(uint64_t value)
{
	/*
	 * PROT_NONE clears P and sets G, which has no other use without P
	 * (_PAGE_PROTNONE).
	 */
	return value & (P | G);
}

bool raw_leaf(uint64_t value, unsigned int level)
{
	return level == VMWALK_LEVEL_PTE || (value & PS);
}

uint64_t raw_address_bits(void)
{
	return ADDRESS;
}

uint64_t raw_target(uint64_t value, unsigned int level, uint64_t address)
{
	uint64_t mask = ADDRESS;

	(void)address;
	if (raw_leaf(value, level))
		mask &= ~((1ULL << raw_level_shift(level)) - 1);
	/* Without P the frame number is inverted against L1TF (pgtable-invert.h). */
	return (value & P ? value : ~value) & mask;
}

uint32_t raw_flags(uint64_t value, unsigned int level)
{
	static const struct {
		uint64_t bit;
		uint32_t flag;
	} map[] = {
		{ RW, VMWALK_E_WRITE }, { US, VMWALK_E_USER }, { A, VMWALK_E_ACCESSED },
		{ D, VMWALK_E_DIRTY }, { SOFT, VMWALK_E_SOFTDIRTY },
		{ UFFD_WP, VMWALK_E_UFFDWP },
	};
	uint32_t flags = VMWALK_E_PRESENT;
	unsigned int i;

	for (i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (value & map[i].bit)
			flags |= map[i].flag;
	if ((value & (P | NX)) == P)
		flags |= VMWALK_E_EXEC;
	if (!(value & P))
		flags |= VMWALK_E_PROTNONE;
	if (value & PS && level != VMWALK_LEVEL_PTE)
		flags |= VMWALK_E_HUGE;
	if (value & SPECIAL && level == VMWALK_LEVEL_PTE)
		flags |= VMWALK_E_SPECIAL;
	return flags;
}

uint32_t raw_flags_known(uint64_t value, unsigned int level)
{
	uint32_t known = VMWALK_E_PRESENT | VMWALK_E_WRITE | VMWALK_E_USER |
			 VMWALK_E_ACCESSED | VMWALK_E_DIRTY | VMWALK_E_EXEC |
			 VMWALK_E_PROTNONE | VMWALK_E_HUGE;

	/* The processor ignores D in an entry that points to a table. */
	if (value & SAVED_D || !raw_leaf(value, level))
		known &= ~VMWALK_E_DIRTY;
	return known;
}

/* The type is in bits 63 to 59, the inverted offset in bits 58 to 9 (pgtable_64.h). */
unsigned int raw_swap_type(uint64_t value)
{
	return value >> 59;
}

uint64_t raw_swap_offset(uint64_t value)
{
	return (~value & ((1ULL << 59) - 1)) >> 9;
}

/*
 * With page-table isolation the kernel's root has NX set for user addresses. User mode
 * runs on the shadow root: take NX from there.
 */
uint8_t raw_perm(const struct vmwalk_entry *entry)
{
	const uint64_t value = entry->value;
	uint64_t no_exec = value & NX;
	uint8_t perm = VMWALK_PERM_R;

	if (entry->level == VMWALK_LEVEL_PGD && entry->shadow)
		no_exec = entry->shadow & NX;
	if (!(value & P && value & US))
		return 0;
	if (value & RW)
		perm |= VMWALK_PERM_W;
	if (!no_exec)
		perm |= VMWALK_PERM_X;
	return perm;
}

/* Bits 62 to 59: Intel SDM volume 3, 4.6.2. */
unsigned int raw_pkey(uint64_t value)
{
	return value >> 59 & 15;
}

/* PAT, PCD and PWT: Intel SDM volume 3, table "Selection of PAT Entries" */
unsigned int raw_type_index(uint64_t value)
{
	return (value >> 7 & 1) << 2 | (value >> 3 & 3);
}

bool raw_type_is_ordinary(uint8_t type)
{
	return type == 6;
}

unsigned int raw_arch(void)
{
	return VMWALK_ARCH_X86_64;
}
