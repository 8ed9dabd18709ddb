/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Decode raw entries by the architecture's manual and the kernel's headers, without any
 * code of the module. One of raw_x86.c, raw_arm64.c and raw_riscv.c is built; raw.c is
 * common.
 *
 * The module is asked for one thing only: CAPS, to choose between entry layouts.
 */
#ifndef VMWALK_TEST_RAW_H
#define VMWALK_TEST_RAW_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/vmwalk.h>

/* Return log2 of the bytes that one entry of a level maps. */
unsigned int raw_level_shift(unsigned int level);
/* Return the index by walk->call.address, not by what the module reports. */
unsigned int raw_index(const struct vmwalk_address *walk, unsigned int level);
/* Return the physical address of the table that holds an entry. */
uint64_t raw_table(const struct vmwalk_entry *entry);
uint64_t raw_table_size(unsigned int level);
/*
 * Return true if CAPS has this bit of enum vmwalk_features; false also without a device.
 */
bool raw_has(uint64_t feature);

/*
 * Each architecture implements the functions from here to raw_swap_offset(). They look at
 * one entry alone, without the levels above.
 */

/*
 * Return the physical address that a present or PROT_NONE entry maps; within a block of
 * entries, that of the page of @address.
 */
uint64_t raw_target(uint64_t value, unsigned int level, uint64_t address);
uint64_t raw_address_bits(void);
/*
 * Return the VMWALK_E_* flags of an entry that is present to the kernel. Only the flags
 * in raw_flags_known() can be derived from the entry.
 */
uint32_t raw_flags(uint64_t value, unsigned int level);
uint32_t raw_flags_known(uint64_t value, unsigned int level);
bool raw_present(uint64_t value);
bool raw_leaf(uint64_t value, unsigned int level);
/* Return the user's rights, enum vmwalk_perm, that this one entry grants. */
uint8_t raw_perm(const struct vmwalk_entry *entry);
unsigned int raw_pkey(uint64_t value);
/*
 * Return the index in &vmwalk_caps.memory_types that a last-level entry selects, and test
 * if a byte there is the type of ordinary memory: write-back, cacheable.
 */
unsigned int raw_type_index(uint64_t value);
bool raw_type_is_ordinary(uint8_t type);
unsigned int raw_arch(void);

unsigned int raw_swap_type(uint64_t value);
uint64_t raw_swap_offset(uint64_t value);

/*
 * Return the rights that all levels down to the leaf grant; and the first level that
 * withholds a right, given as a bit number in enum vmwalk_perm, or VMWALK_LEVEL_NONE.
 */
uint8_t raw_effective(const struct vmwalk_address *walk);
uint8_t raw_withheld(const struct vmwalk_address *walk, unsigned int right);

#endif
