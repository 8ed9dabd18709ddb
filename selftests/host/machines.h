/* SPDX-License-Identifier: GPL-2.0 */
/*
 * CAPS as the module would give them on machines of each architecture, for tests of the
 * library on any host.
 */
#ifndef MACHINES_H
#define MACHINES_H

#include "libvmwalk.h"

void machine_x86(struct vmwalk_caps *caps, unsigned int levels);

/*
 * 4 KiB pages; five levels have LPA2 and 52-bit virtual addresses, four levels 48-bit
 * ones.
 */
void machine_arm64(struct vmwalk_caps *caps, unsigned int levels);

/*
 * 16 KiB pages; four levels have LPA2 and 52-bit virtual addresses, three levels 47-bit
 * ones.
 */
void machine_arm64_16k(struct vmwalk_caps *caps, unsigned int levels);

/* Three, four or five levels (Sv39, Sv48, Sv57), with soft-dirty, Svnapot and Svpbmt. */
void machine_riscv(struct vmwalk_caps *caps, unsigned int levels);

/*
 * Return the value that the bit called @name has in the entry @value, or ~0U if entries
 * of this level and class have no bit of that name.
 */
unsigned int machine_bit(const struct vmwalk_caps *caps, const char *name, __u64 value,
			 unsigned int level, unsigned int class);

/* Return the mask of the bits that have a name, or ~0 if two names cover the same bit. */
__u64 machine_bits(const struct vmwalk_caps *caps, unsigned int level, unsigned int class);

/**
 * struct named - a bit of an entry, as the architecture manual or the kernel defines it
 * @bit: number of the bit, from 0
 * @name: name that the library must give it; NULL ends an array
 */
struct named {
	int bit;
	const char *name;
};

/*
 * Return the first name in @named that the library gives to another bit or to none, or
 * "".
 */
const char *machine_misnamed(const struct vmwalk_caps *caps, unsigned int level,
			     unsigned int class, const struct named *named);

#endif
