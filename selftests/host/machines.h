/* SPDX-License-Identifier: GPL-2.0 */
/* What CAPS says on machines of every architecture, and what their bits are called. */
#ifndef MACHINES_H
#define MACHINES_H

#include "libvmwalk.h"

/* Four or five levels. */
void machine_x86(struct vmwalk_caps *caps, unsigned int levels);

/* Pages of 4 KiB; with five levels, of 52 bits each (LPA2), else four levels of 48. */
void machine_arm64(struct vmwalk_caps *caps, unsigned int levels);

/* Pages of 16 KiB; with four levels, of 52 bits each (LPA2), else three levels of 47. */
void machine_arm64_16k(struct vmwalk_caps *caps, unsigned int levels);

/* Sv39, Sv48 and Sv57, with all extensions that the kernel knows. */
void machine_riscv(struct vmwalk_caps *caps, unsigned int levels);

/* machine_bit() - what the named bit of an entry reads; ~0U if there is none */
unsigned int machine_bit(const struct vmwalk_caps *caps, const char *name, __u64 value,
			 unsigned int level, unsigned int class);

/* machine_bits() - all bits that have a name in such an entry; ~0 if one has two */
__u64 machine_bits(const struct vmwalk_caps *caps, unsigned int level, unsigned int class);

/**
 * struct named - a documented bit
 * @bit: its number
 * @name: its word
 */
struct named {
	int bit;
	const char *name;
};

/* machine_misnamed() - the first word that does not follow its bit alone, or "" */
const char *machine_misnamed(const struct vmwalk_caps *caps, unsigned int level,
			     unsigned int class, const struct named *named);

#endif /* MACHINES_H */
