// SPDX-License-Identifier: GPL-2.0
/*
 * Decode raw entries of riscv64 by the manual (The RISC-V Instruction Set Manual, volume
 * II) and the layouts in arch/riscv/include/asm/pgtable-bits.h, pgtable-64.h and
 * pgtable.h.
 */
#include "machine.h"
#include "raw.h"

#define V	(1ULL << 0)
#define R	(1ULL << 1)
#define W	(1ULL << 2)
#define X	(1ULL << 3)
#define U	(1ULL << 4)
#define G	(1ULL << 5)	/* without V: PROT_NONE */
#define A	(1ULL << 6)
#define D	(1ULL << 7)
#define SPECIAL	(1ULL << 8)
#define PPN	0x003ffffffffffc00ULL
#define SOFT	(1ULL << 59)
#define UFFD_WP	(1ULL << 60)
#define N	(1ULL << 63)

bool raw_present(uint64_t value)
{
	return value & (V | G);
}

bool raw_leaf(uint64_t value, unsigned int level)
{
	return level == VMWALK_LEVEL_PTE || value & (R | W | X);
}

uint64_t raw_address_bits(void)
{
	return PPN;
}

static bool in_block(uint64_t value, unsigned int level)
{
	return raw_has(VMWALK_FEATURE_SVNAPOT) && level == VMWALK_LEVEL_PTE && value & N;
}

/* Svnapot: the lowest set bit of a block's PPN is half of the block's size in pages. */
uint64_t raw_target(uint64_t value, unsigned int level, uint64_t address)
{
	uint64_t ppn = (value & PPN) >> 10, size;

	if (in_block(value, level)) {
		size = 2 * (ppn & -ppn);
		ppn = (ppn & -size) | (address / machine.page & (size - 1));
	}
	if (raw_leaf(value, level))
		ppn &= -(1ULL << (raw_level_shift(level) - machine.page_shift));
	return ppn << machine.page_shift;
}

uint32_t raw_flags(uint64_t value, unsigned int level)
{
	static const struct {
		uint64_t bit;
		uint32_t flag;
	} map[] = {
		{ W, VMWALK_E_WRITE }, { U, VMWALK_E_USER }, { A, VMWALK_E_ACCESSED },
		{ D, VMWALK_E_DIRTY }, { SPECIAL, VMWALK_E_SPECIAL },
	};
	uint32_t flags = VMWALK_E_PRESENT;
	unsigned int i;

	for (i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (value & map[i].bit)
			flags |= map[i].flag;
	if (raw_has(VMWALK_FEATURE_SOFTDIRTY) && value & SOFT)
		flags |= VMWALK_E_SOFTDIRTY;
	if (raw_has(VMWALK_FEATURE_UFFDWP) && value & UFFD_WP)
		flags |= VMWALK_E_UFFDWP;
	if (raw_leaf(value, level) && level != VMWALK_LEVEL_PTE)
		flags |= VMWALK_E_HUGE;
	if (in_block(value, level))
		flags |= VMWALK_E_CONTIGUOUS;
	if (!(value & V))
		return flags | VMWALK_E_PROTNONE;
	if (value & X)
		flags |= VMWALK_E_EXEC;
	if (value & G)
		flags |= VMWALK_E_GLOBAL;
	if ((value & (R | U)) == (R | U))
		flags |= VMWALK_E_READ;
	return flags;
}

/*
 * An entry that points to a table has R clear: VMWALK_E_READ cannot be derived from it.
 */
uint32_t raw_flags_known(uint64_t value, unsigned int level)
{
	uint32_t known = ~(uint32_t)VMWALK_E_EXCLUSIVE;

	if (!raw_leaf(value, level))
		known &= ~VMWALK_E_READ;
	return known;
}

uint8_t raw_perm(const struct vmwalk_entry *entry)
{
	const uint64_t value = entry->value;
	uint8_t perm = 0;

	if (!(value & V))
		return 0;
	if (!raw_leaf(value, entry->level))
		return VMWALK_PERM_R | VMWALK_PERM_W | VMWALK_PERM_X;
	if (!(value & U))
		return 0;
	/* Zicfiss: W alone is a shadow stack: ordinary stores cannot write it. */
	if (value & W && !(value & (R | X)))
		return VMWALK_PERM_R;
	if (value & R)
		perm |= VMWALK_PERM_R;
	if (value & W)
		perm |= VMWALK_PERM_W;
	if (value & X)
		perm |= VMWALK_PERM_X;
	return perm;
}

unsigned int raw_pkey(uint64_t value)
{
	(void)value;
	return 0;
}

/*
 * __SWP_TYPE_SHIFT and __SWP_OFFSET_SHIFT in pgtable.h of 6.12. In 6.1 both are less by
 * 1, which is not decoded here.
 */
unsigned int raw_swap_type(uint64_t value)
{
	return value >> 7 & 31;
}

uint64_t raw_swap_offset(uint64_t value)
{
	return value >> 12;
}

/* PBMT, of which 0 is ordinary memory: the types have no register. */
unsigned int raw_type_index(uint64_t value)
{
	return value >> 61 & 3;
}

bool raw_type_is_ordinary(uint8_t type)
{
	return !type;
}

unsigned int raw_arch(void)
{
	return VMWALK_ARCH_RISCV64;
}
