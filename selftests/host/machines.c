// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "machines.h"

/*
 * Below the root each table fills a page; @root_entries can be fewer. The levels that the
 * machine lacks are folded, from the one below the root on.
 */
static void init(struct vmwalk_caps *caps, __u32 arch, unsigned int page_shift,
		 unsigned int levels, unsigned int root_entries)
{
	unsigned int level, bits = page_shift - 3;

	*caps = (struct vmwalk_caps) {
		.size = sizeof(*caps), .abi_version = VMWALK_ABI_VERSION, .arch = arch,
		.page_size = 1U << page_shift, .nr_levels = levels,
		.features = VMWALK_FEATURE_FOLIO_KPAGEFLAGS | VMWALK_FEATURE_UFFDWP,
	};
	for (level = 0; level < VMWALK_LEVELS; level++) {
		caps->level[level].level = level;
		if (level && level <= VMWALK_LEVELS - levels) {
			caps->level[level].folded = 1;
			continue;
		}
		caps->level[level].shift = page_shift + bits * (VMWALK_LEVEL_PTE - level);
		caps->level[level].entries = 1U << bits;
	}
	caps->level[VMWALK_LEVEL_PGD].shift = page_shift + bits * (levels - 1);
	caps->level[VMWALK_LEVEL_PGD].entries = root_entries;
}

void machine_x86(struct vmwalk_caps *caps, unsigned int levels)
{
	init(caps, VMWALK_ARCH_X86_64, 12, levels, 512);
	caps->features |= VMWALK_FEATURE_SOFTDIRTY;
}

void machine_arm64(struct vmwalk_caps *caps, unsigned int levels)
{
	init(caps, VMWALK_ARCH_ARM64, 12, levels, levels == 5 ? 16 : 512);
	caps->features |= VMWALK_FEATURE_PRESENT_INVALID | (levels == 5 ? VMWALK_FEATURE_LPA2 : 0);
}

void machine_arm64_16k(struct vmwalk_caps *caps, unsigned int levels)
{
	init(caps, VMWALK_ARCH_ARM64, 14, levels, levels == 4 ? 32 : 2048);
	caps->features |= VMWALK_FEATURE_PRESENT_INVALID | (levels == 4 ? VMWALK_FEATURE_LPA2 : 0);
}

void machine_riscv(struct vmwalk_caps *caps, unsigned int levels)
{
	init(caps, VMWALK_ARCH_RISCV64, 12, levels, 512);
	caps->features |= VMWALK_FEATURE_SOFTDIRTY | VMWALK_FEATURE_SVNAPOT |
			  VMWALK_FEATURE_SVPBMT;
}

unsigned int machine_bit(const struct vmwalk_caps *caps, const char *name, __u64 value,
			 unsigned int level, unsigned int class)
{
	const struct vmwalk_bit *bit = vmwalk_arch_find(caps->arch)->bits;
	const struct vmwalk_entry entry = { .value = value, .level = level, .type = class };

	for (; bit->mask; bit++)
		if (!strcmp(bit->name, name) && vmwalk_bit_applies(caps, bit, &entry))
			return vmwalk_bit_get(bit, value);
	return ~0U;
}

__u64 machine_bits(const struct vmwalk_caps *caps, unsigned int level, unsigned int class)
{
	const struct vmwalk_bit *bit = vmwalk_arch_find(caps->arch)->bits;
	const struct vmwalk_entry entry = { .level = level, .type = class };
	__u64 mask = 0;

	for (; bit->mask; bit++) {
		if (!vmwalk_bit_applies(caps, bit, &entry))
			continue;
		if (mask & bit->mask)
			return ~0ULL;
		mask |= bit->mask;
	}
	return mask;
}

const char *machine_misnamed(const struct vmwalk_caps *caps, unsigned int level,
			     unsigned int class, const struct named *named)
{
	for (; named->name; named++)
		if (machine_bit(caps, named->name, 1ULL << named->bit, level, class) != 1 ||
		    machine_bit(caps, named->name, ~(1ULL << named->bit), level, class) != 0)
			return named->name;
	return "";
}
