// SPDX-License-Identifier: GPL-2.0
/* Raw entries of x86-64 decoded by the manual. */
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
#define SAVED_D	(3ULL << 57)	/* a dirty bit moved aside: 57 or 58 by version */

static const unsigned int shifts[] = { 48, 39, 30, 21, 12 };

unsigned int raw_shift(const struct vmwalk_walk *walk, unsigned int level)
{
	/* Without the p4d the root takes its place. */
	if (level == VMWALK_LEVEL_PGD &&
	    walk->entry[VMWALK_LEVEL_P4D].type == VMWALK_CLASS_FOLDED)
		level = VMWALK_LEVEL_P4D;
	return shifts[level];
}

unsigned int raw_index(const struct vmwalk_walk *walk, unsigned int level)
{
	return walk->address >> raw_shift(walk, level) & 511;
}

bool raw_present(uint64_t value)
{
	/* PROT_NONE: P is clear and G, which means nothing then, is set. */
	return value & (P | G);
}

bool raw_leaf(uint64_t value, unsigned int level)
{
	return level == VMWALK_LEVEL_PTE || (value & PS);
}

uint64_t raw_target(uint64_t value, unsigned int level)
{
	uint64_t mask = ADDRESS;

	if (raw_leaf(value, level))
		mask &= ~((1ULL << shifts[level]) - 1);
	/* Without P the frame number is stored inverted, against speculation (L1TF). */
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

/* SWP_TYPE_BITS 5 on top, then the offset, inverted, down to bit 14. */
unsigned int raw_swap_type(uint64_t value)
{
	return value >> 59;
}

uint64_t raw_swap_offset(uint64_t value)
{
	return (~value & ((1ULL << 59) - 1)) >> 9;
}

uint8_t raw_withheld(const struct vmwalk_walk *walk, unsigned int right)
{
	unsigned int level;
	uint64_t value;
	bool gives;

	for (level = 0; level <= walk->leaf_level; level++) {
		if (walk->entry[level].type == VMWALK_CLASS_FOLDED)
			continue;
		value = walk->entry[level].value;
		gives = value & P && value & US;
		if (right == 1)
			gives = gives && value & RW;
		/* With page-table isolation the kernel's own root has a false NX. */
		if (right == 2 && level == VMWALK_LEVEL_PGD && walk->entry[level].shadow)
			gives = gives && !(walk->entry[level].shadow & NX);
		else if (right == 2)
			gives = gives && !(value & NX);
		if (!gives)
			return level;
	}
	return VMWALK_LEVEL_NONE;
}

uint8_t raw_effective(const struct vmwalk_walk *walk)
{
	uint8_t effective = 0;
	unsigned int right;

	for (right = 0; right < 3; right++)
		if (raw_withheld(walk, right) == VMWALK_LEVEL_NONE)
			effective |= 1 << right;
	return effective;
}
