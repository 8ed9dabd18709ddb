/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Test one raw entry by the kernel's own helpers.
 *
 * vmwalk_entry_is_*() and vmwalk_entry_goes_on() are always inlined, so that a constant
 * level leaves no switch in the code. Lock rule: none; all functions work on copies.
 */
#ifndef VMWALK_RAW_ENTRY_H
#define VMWALK_RAW_ENTRY_H

#include "compat/compat.h"

static __always_inline bool vmwalk_entry_is_none(u8 level, u64 value)
{
	switch (level) {
	case VMWALK_LEVEL_PGD:
		return pgd_none(__pgd(value));
	case VMWALK_LEVEL_P4D:
		return p4d_none(__p4d(value));
	case VMWALK_LEVEL_PUD:
		return pud_none(__pud(value));
	case VMWALK_LEVEL_PMD:
		return pmd_none(__pmd(value));
	default:
		return pte_none(__pte(value));
	}
}

/**
 * vmwalk_entry_is_present() - test if an entry points to a table or maps memory
 * @level: the kernel's level of the entry
 * @value: raw entry
 *
 * Return: true if the entry does; mapped memory need not be accessible.
 */
static __always_inline bool vmwalk_entry_is_present(u8 level, u64 value)
{
	switch (level) {
	case VMWALK_LEVEL_PGD:
		return pgd_present(__pgd(value));
	case VMWALK_LEVEL_P4D:
		return p4d_present(__p4d(value));
	case VMWALK_LEVEL_PUD:
		/*
		 * On some architectures pud_present() is false for PROT_NONE (hugetlb).
		 */
		return pud_present(__pud(value)) || vmwalk_arch_protnone(value);
	case VMWALK_LEVEL_PMD:
		return pmd_present(__pmd(value));
	default:
		return pte_present(__pte(value));
	}
}

/**
 * vmwalk_entry_is_leaf() - test if an entry maps memory
 * @level: the kernel's level of the entry
 * @value: raw entry, which must be present: some helpers look at the size bit alone
 *
 * Return: true if it maps memory.
 */
static __always_inline bool vmwalk_entry_is_leaf(u8 level, u64 value)
{
	switch (level) {
	case VMWALK_LEVEL_PGD:
		return pgd_leaf(__pgd(value));
	case VMWALK_LEVEL_P4D:
		return p4d_leaf(__p4d(value));
	case VMWALK_LEVEL_PUD:
		return pud_leaf(__pud(value)) || vmwalk_arch_protnone(value);
	case VMWALK_LEVEL_PMD:
		return pmd_leaf(__pmd(value)) || vmwalk_arch_protnone(value);
	default:
		return true;
	}
}

/**
 * vmwalk_entry_is_bad() - test if a table entry is corrupt, so that it must not be
 * followed
 * @level: the kernel's level of the entry
 * @value: raw entry that is present and not a leaf
 *
 * The pXd_bad() helpers only test; pXd_none_or_clear_bad() would clear the entry.
 *
 * Return: true if it is corrupt.
 */
static __always_inline bool vmwalk_entry_is_bad(u8 level, u64 value)
{
	switch (level) {
	case VMWALK_LEVEL_PGD:
		return pgd_bad(__pgd(value));
	case VMWALK_LEVEL_P4D:
		return p4d_bad(__p4d(value));
	case VMWALK_LEVEL_PUD:
		return pud_bad(__pud(value));
	case VMWALK_LEVEL_PMD:
		return pmd_bad(__pmd(value));
	default:
		return false;
	}
}

/**
 * vmwalk_entry_goes_on() - test if an entry points to a table that can be followed
 * @level: the kernel's level
 * @value: any raw entry, even an empty one
 *
 * Return: true for a present and sound table entry.
 */
static __always_inline bool vmwalk_entry_goes_on(u8 level, u64 value)
{
	if (likely(vmwalk_arch_plain_table(value)))
		return true;
	return !vmwalk_entry_is_none(level, value) && vmwalk_entry_is_present(level, value) &&
	       !vmwalk_entry_is_leaf(level, value) && !vmwalk_entry_is_bad(level, value);
}

/**
 * vmwalk_entry_pfn() - find the frame of an address
 * @level: the kernel's level
 * @value: raw entry of a leaf; x86 inverts the PFN of PROT_NONE entries, so the
 *	helper of the level extracts it
 * @addr: address that the leaf maps
 *
 * Return: PFN of the base page that holds @addr.
 */
static inline u64 vmwalk_entry_pfn(u8 level, u64 value, unsigned long addr)
{
	u64 offset = addr & (BIT_ULL(vmwalk_arch_shift(level)) - 1);

	switch (level) {
	case VMWALK_LEVEL_PUD:
		return pud_pfn(__pud(value)) + (offset >> PAGE_SHIFT);
	case VMWALK_LEVEL_PMD:
		return pmd_pfn(__pmd(value)) + (offset >> PAGE_SHIFT);
	default:
		return vmwalk_arch_pte_pfn(value, addr);
	}
}

/**
 * vmwalk_class_is_mapped() - test if an entry of this class maps memory
 * @class: enum vmwalk_class
 *
 * Return: true if the entry maps memory, accessible or not. Migration, poison and device
 * entries refer to a frame, but do not map it.
 */
static inline bool vmwalk_class_is_mapped(u8 class)
{
	return class == VMWALK_CLASS_LEAF || class == VMWALK_CLASS_PROTNONE ||
	       class == VMWALK_CLASS_NUMA_HINT;
}

/**
 * vmwalk_level_label() - translate the kernel's number of a level to the uapi's
 * @level: level as the kernel's types number it
 *
 * The kernel folds levels from the top, but the root is commonly called PGD whatever
 * its type, so the uapi folds the levels below the root instead.
 *
 * Return: enum vmwalk_level.
 */
static inline u8 vmwalk_level_label(u8 level)
{
	return level == vmwalk_arch_top() ? VMWALK_LEVEL_PGD : level;
}

/* Return the VMWALK_E_* of an entry that points to a table. */
static inline u32 vmwalk_entry_table_flags(u8 level, u64 value)
{
	u32 flags = VMWALK_E_PRESENT | vmwalk_arch_flags(level, value);

	return vmwalk_arch_entry_perm(level, value) & VMWALK_PERM_R ? flags | VMWALK_E_READ :
								      flags;
}

/**
 * vmwalk_entry_pinned() - test if the lock of its table pins the page of an entry
 * @context: state of the VMA that holds the entry
 * @level: the kernel's level
 * @value: raw entry, read under the lock
 *
 * A plain entry of the last level holds a reference to its folio, but in a VMA of frames
 * without references. The reference is dropped only under the lock.
 *
 * Return: the bits of the frame in @value; 0 if nothing pins the page.
 */
static __always_inline u64 vmwalk_entry_pinned(const struct vmwalk_entry_context *context,
					       u8 level, u64 value)
{
	if (level != VMWALK_LEVEL_PTE || context->unpinned || context->kernel)
		return 0;
	return vmwalk_arch_frame_mask(VMWALK_LEVEL_PTE, value);
}

static inline u16 vmwalk_level_index(u8 level, unsigned long addr)
{
	return (addr >> vmwalk_arch_shift(level)) & (vmwalk_arch_entries(level) - 1);
}

#endif
