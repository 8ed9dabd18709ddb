// SPDX-License-Identifier: GPL-2.0
/*
 * The raw bits of an entry. What an architecture gives its bits is a table, one
 * file each; nothing here knows a bit.
 */
#include "arch.h"

/* For a module of an architecture that this library has no table of. */
static const struct vmwalk_bit no_bits[] = { { 0 } };

static const struct vmwalk_arch_desc unknown = {
	.name = "unknown architecture",
	.json = "unknown",
	.root = "root",
	.address_mask = ~0ULL,
	.va_bits = { 64, 64, 64, 64, 64, 64 },
	.bits = no_bits,
};

const struct vmwalk_arch_desc *vmwalk_arch_find(__u32 arch)
{
	switch (arch) {
	case VMWALK_ARCH_X86_64:
		return &vmwalk_arch_x86;
	default:
		return &unknown;
	}
}

bool vmwalk_bit_applies(const struct vmwalk_bit *bit, const struct vmwalk_entry *entry)
{
	unsigned int scope;

	switch (entry->type) {
	case VMWALK_CLASS_TABLE:
		scope = VMWALK_BIT_AT_TABLE;
		break;
	case VMWALK_CLASS_PROTNONE:
	case VMWALK_CLASS_NUMA_HINT:
		if (bit->scope & VMWALK_BIT_PRESENT)
			return false;
		__attribute__((fallthrough));
	case VMWALK_CLASS_LEAF:
		scope = entry->level == VMWALK_LEVEL_PTE ? VMWALK_BIT_AT_LAST : VMWALK_BIT_AT_HUGE;
		break;
	default:
		return false;
	}
	if (entry->level == VMWALK_LEVEL_PGD)
		scope |= VMWALK_BIT_AT_ROOT;
	return bit->scope & scope;
}

unsigned int vmwalk_bit_get(const struct vmwalk_bit *bit, __u64 value)
{
	if (bit->scope & VMWALK_BIT_NUMBER)
		return (value & bit->mask) / (bit->mask & -bit->mask);
	return (value & bit->mask) == bit->value;
}

unsigned int vmwalk_arch_perm(const struct vmwalk_arch_desc *desc, __u64 value, __u32 flags)
{
	unsigned int perm = 0;

	if (desc->perm)
		return desc->perm(value);
	if (!(flags & VMWALK_E_USER))
		return 0;
	if (flags & VMWALK_E_READ)
		perm |= VMWALK_PERM_R;
	if (flags & VMWALK_E_WRITE)
		perm |= VMWALK_PERM_W;
	if (flags & VMWALK_E_EXEC)
		perm |= VMWALK_PERM_X;
	return perm;
}

enum vmwalk_range vmwalk_arch_range(const struct vmwalk_arch_desc *desc, unsigned int levels,
				    __u64 task_size, __u64 address)
{
	unsigned int bits = desc->va_bits[levels <= VMWALK_LEVEL_MAX ? levels : VMWALK_LEVEL_MAX];
	__u64 above;

	if (address < task_size)
		return VMWALK_RANGE_USER;
	if (bits >= 64)
		return VMWALK_RANGE_BEYOND;
	/* Canonical: all bits from the highest one that is translated are equal. */
	above = address >> (bits - 1);
	if (!above)
		return VMWALK_RANGE_BEYOND;
	return above == ~0ULL >> (bits - 1) ? VMWALK_RANGE_KERNEL : VMWALK_RANGE_NONCANONICAL;
}
