// SPDX-License-Identifier: GPL-2.0
#include "device.h"
#include "machine.h"
#include "raw.h"

/*
 * A table below the root is a page of 8-byte entries. The root is the PGD, however many
 * of the levels below it are folded.
 */
unsigned int raw_level_shift(unsigned int level)
{
	if (level == VMWALK_LEVEL_PGD)
		return machine.root_shift;
	return machine.page_shift + (VMWALK_LEVEL_PTE - level) * (machine.page_shift - 3);
}

unsigned int raw_index(const struct vmwalk_address *walk, unsigned int level)
{
	return walk->call.address >> raw_level_shift(level) & (machine.page / 8 - 1);
}

uint64_t raw_table(const struct vmwalk_entry *entry)
{
	return entry->address - entry->index * 8ULL;
}

/*
 * arm64 allocates a root that is smaller than a page from a slab cache, aligned to its
 * size (arch/arm64/mm/pgd.c). Assume 64 bytes at least, which the architecture requires
 * with 52-bit physical addresses.
 */
uint64_t raw_table_size(unsigned int level)
{
	uint64_t size = machine.root_entries * sizeof(uint64_t);

	if (level != VMWALK_LEVEL_PGD || machine.shared_root)
		return machine.page;
	return size < 64 ? 64 : size;
}

bool raw_has(uint64_t feature)
{
	static struct vmwalk_caps caps;
	int fd;

	if (!caps.caps_size) {
		fd = device_open();
		device_caps(fd, &caps);
		close(fd);
	}
	return caps.features & feature;
}

uint8_t raw_withheld(const struct vmwalk_address *walk, unsigned int right)
{
	unsigned int level;

	for (level = 0; level <= walk->call.leaf_level; level++) {
		if (walk->entry[level].type == VMWALK_CLASS_FOLDED)
			continue;
		if (!(raw_perm(&walk->entry[level]) & 1 << right))
			return level;
	}
	return VMWALK_LEVEL_NONE;
}

uint8_t raw_effective(const struct vmwalk_address *walk)
{
	uint8_t effective = 0;
	unsigned int right;

	for (right = 0; right < 3; right++)
		if (raw_withheld(walk, right) == VMWALK_LEVEL_NONE)
			effective |= 1 << right;
	return effective;
}
