/* SPDX-License-Identifier: GPL-2.0 */
/* Declares CAPS of machines of every architecture, and look-ups of entry bits by name. */
#ifndef MACHINES_H
#define MACHINES_H

#include "libvmwalk.h"

void machine_x86(struct vmwalk_caps *caps, unsigned int levels);

/* 4 KiB pages: five levels with LPA2 (52 bits), or four levels with 48 bits. */
void machine_arm64(struct vmwalk_caps *caps, unsigned int levels);

/* 16 KiB pages: four levels with LPA2 (52 bits), or three levels with 47 bits. */
void machine_arm64_16k(struct vmwalk_caps *caps, unsigned int levels);

/* Sv39, Sv48 and Sv57 with all extensions that the kernel supports. */
void machine_riscv(struct vmwalk_caps *caps, unsigned int levels);

/* machine_bit() - value of the named bit in an entry; ~0U if there is no such bit */
unsigned int machine_bit(const struct vmwalk_caps *caps, const char *name, __u64 value,
			 unsigned int level, unsigned int class);

/* machine_bits() - mask of all named bits; ~0 if a bit has two names */
__u64 machine_bits(const struct vmwalk_caps *caps, unsigned int level, unsigned int class);

/**
 * struct named - a documented bit
 * @bit: number of the bit in the entry
 * @name: name in the documentation
 */
struct named {
	int bit;
	const char *name;
};

/* machine_misnamed() - the first name that does not depend on its bit alone, or "" */
const char *machine_misnamed(const struct vmwalk_caps *caps, unsigned int level,
			     unsigned int class, const struct named *named);

#endif
