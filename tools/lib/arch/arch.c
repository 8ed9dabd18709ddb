// SPDX-License-Identifier: GPL-2.0
#include "arch.h"

/* For architectures that this library does not know: a newer module may report one. */
static const struct vmwalk_bit no_bits[] = { { 0 } };

static __u64 any_bits(const struct vmwalk_caps *caps)
{
	(void)caps;
	return ~0ULL;
}

static __u64 no_address(const struct vmwalk_caps *caps, __u64 value)
{
	(void)caps;
	(void)value;
	return 0;
}

static const struct vmwalk_arch_desc unknown = {
	.name = "unknown architecture",
	.json = "unknown",
	.root = "root",
	.bits = no_bits,
	.address_bits = any_bits,
	.address = no_address,
};

const struct vmwalk_arch_desc *vmwalk_arch_find(__u32 arch)
{
	switch (arch) {
	case VMWALK_ARCH_X86_64:
		return &vmwalk_arch_x86;
	case VMWALK_ARCH_ARM64:
		return &vmwalk_arch_arm64;
	case VMWALK_ARCH_RISCV64:
		return &vmwalk_arch_riscv;
	default:
		return &unknown;
	}
}

bool vmwalk_bit_applies(const struct vmwalk_caps *caps, const struct vmwalk_bit *bit,
			const struct vmwalk_entry *entry)
{
	bool absent = vmwalk_class_is_mapped(entry->type) && entry->type != VMWALK_CLASS_LEAF;
	unsigned int scope;

	if ((caps->features & bit->needs) != bit->needs || caps->features & bit->without)
		return false;
	if (bit->scope & (absent ? VMWALK_BIT_PRESENT : VMWALK_BIT_ABSENT))
		return false;
	if (entry->type == VMWALK_CLASS_TABLE)
		scope = VMWALK_BIT_AT_TABLE;
	else if (vmwalk_class_is_mapped(entry->type))
		scope = entry->level == VMWALK_LEVEL_PTE ? VMWALK_BIT_AT_LAST : VMWALK_BIT_AT_HUGE;
	else
		return false;
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

static __u64 covers(const struct vmwalk_caps *caps, unsigned int level)
{
	return level < VMWALK_LEVELS ? 1ULL << (caps->level[level].shift & 63) : 1;
}

__u64 vmwalk_arch_address(const struct vmwalk_caps *caps, const struct vmwalk_entry *entry)
{
	__u64 address = vmwalk_arch_find(caps->arch)->address(caps, entry->value);

	/* In a huge leaf, attribute bits may lie where a table has low address bits. */
	return vmwalk_class_is_mapped(entry->type) ?
	       address & -covers(caps, entry->level) : address;
}

__u64 vmwalk_arch_block(const struct vmwalk_caps *caps, const struct vmwalk_entry *entry)
{
	const struct vmwalk_arch_desc *desc = vmwalk_arch_find(caps->arch);

	if (!desc->block || !vmwalk_class_is_mapped(entry->type))
		return 0;
	return desc->block(caps, entry->level, entry->value) * covers(caps, entry->level);
}

unsigned int vmwalk_arch_perm(const struct vmwalk_arch_desc *desc, unsigned int level,
			      __u64 value, __u32 flags)
{
	unsigned int perm = 0;

	if (desc->perm)
		return desc->perm(level, value);
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

const char *vmwalk_arch_memory_type(const struct vmwalk_caps *caps, unsigned int index)
{
	const struct vmwalk_arch_desc *desc = vmwalk_arch_find(caps->arch);

	return desc->memory_type ? desc->memory_type(caps, index) : NULL;
}

unsigned int vmwalk_arch_va_bits(const struct vmwalk_caps *caps)
{
	const struct vmwalk_caps_level *root = &caps->level[VMWALK_LEVEL_PGD];
	unsigned int bits = root->shift;

	if (!root->entries)
		return 64;
	bits += 31 - __builtin_clz(root->entries);
	return bits < 64 ? bits : 64;
}

enum vmwalk_range vmwalk_arch_range(const struct vmwalk_caps *caps, __u64 task_size,
				    __u64 address)
{
	const struct vmwalk_arch_desc *desc = vmwalk_arch_find(caps->arch);
	unsigned int bits = vmwalk_arch_va_bits(caps);

	if (address < task_size)
		return VMWALK_RANGE_USER;
	/* If one root maps both halves, the highest translated bit selects the half. */
	if (!desc->kernel_root)
		bits--;
	if (!desc->arch || bits >= 63 || !(address >> bits))
		return VMWALK_RANGE_BEYOND;
	/* In canonical addresses of the kernel half, bits from number @bits up are 1. */
	if (address >> bits == ~0ULL >> bits)
		return VMWALK_RANGE_KERNEL;
	if (desc->tag_bits && (address & ~0ULL >> desc->tag_bits) < task_size)
		return VMWALK_RANGE_TAGGED;
	return VMWALK_RANGE_NONCANONICAL;
}
