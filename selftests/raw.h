/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Raw entries of x86-64 decoded by the manual (Intel SDM volume 3, 4.5) and by the
 * layout in arch/x86/include/asm/pgtable_types.h, without a line of the module's.
 */
#ifndef VMWALK_SELFTESTS_RAW_H
#define VMWALK_SELFTESTS_RAW_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/vmwalk.h>

/* log2 of what one entry of a level covers; with four levels the root covers less. */
unsigned int raw_shift(const struct vmwalk_walk *walk, unsigned int level);
/* The index that the address has in the table of a level. */
unsigned int raw_index(const struct vmwalk_walk *walk, unsigned int level);

/* What a present or PROT_NONE entry points to. */
uint64_t raw_target(uint64_t value, unsigned int level);
/*
 * The flags that follow from the bits of an entry which is present to the kernel,
 * of the ones that raw_flags_known() gives.
 */
uint32_t raw_flags(uint64_t value, unsigned int level);
uint32_t raw_flags_known(uint64_t value, unsigned int level);
bool raw_present(uint64_t value);
bool raw_leaf(uint64_t value, unsigned int level);

/* Type and offset of a swap entry. */
unsigned int raw_swap_type(uint64_t value);
uint64_t raw_swap_offset(uint64_t value);

/* Rights over all levels down to the leaf, and which level withholds each. */
uint8_t raw_effective(const struct vmwalk_walk *walk);
uint8_t raw_withheld(const struct vmwalk_walk *walk, unsigned int right);

#endif
