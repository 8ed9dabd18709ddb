/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Raw entries decoded by the manual of the architecture and by the layout in the
 * kernel's headers, without a line of the module's: raw_x86.c, raw_arm64.c, raw_riscv.c,
 * of which one is built. What is the same of all is in raw.c.
 *
 * Of the module only CAPS is asked, and only which of two layouts entries have.
 */
#ifndef VMWALK_TEST_RAW_H
#define VMWALK_TEST_RAW_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/vmwalk.h>

/* log2 of what one entry of a level covers. */
unsigned int raw_level_shift(unsigned int level);
/* The index that the address has in the table of a level. */
unsigned int raw_index(const struct vmwalk_walk *walk, unsigned int level);
/* Where the table of an entry begins: at a multiple of its size. */
uint64_t raw_table(const struct vmwalk_entry *entry);
uint64_t raw_table_size(unsigned int level);
/* CAPS of the module: a bit of enum vmwalk_features. */
bool raw_has(uint64_t feature);

/* The rest is the architecture's; leaves are leaves of their level alone. */

/* What a present or PROT_NONE entry points to; of a page in a block, the page of address. */
uint64_t raw_target(uint64_t value, unsigned int level, uint64_t address);
/* The bits of a present entry that are an address. */
uint64_t raw_address_bits(void);
/*
 * The flags that follow from the bits of an entry which is present to the kernel,
 * of the ones that raw_flags_known() gives.
 */
uint32_t raw_flags(uint64_t value, unsigned int level);
uint32_t raw_flags_known(uint64_t value, unsigned int level);
bool raw_present(uint64_t value);
bool raw_leaf(uint64_t value, unsigned int level);
/* What user mode may do, enum vmwalk_perm, as far as this entry, of this level, has a say. */
uint8_t raw_perm(const struct vmwalk_entry *entry);
/* The protection key in an entry. */
unsigned int raw_pkey(uint64_t value);
/* enum vmwalk_arch */
unsigned int raw_arch(void);

/* Type and offset of a swap entry. */
unsigned int raw_swap_type(uint64_t value);
uint64_t raw_swap_offset(uint64_t value);

/* Rights over all levels down to the leaf, and which level withholds each. */
uint8_t raw_effective(const struct vmwalk_walk *walk);
uint8_t raw_withheld(const struct vmwalk_walk *walk, unsigned int right);

#endif
