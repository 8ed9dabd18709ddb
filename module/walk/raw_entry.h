/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What one raw entry is, by the kernel's own helpers. Inline, so that where the level is
 * known nothing is left of the choice. Lock rule: none; these look at a copy.
 */
#ifndef VMWALK_WORD_H
#define VMWALK_WORD_H

#include "compat/compat.h"

/**
 * vmwalk_entry_is_none() - nothing is there
 * @level: of the entry
 * @value: of the entry
 *
 * Return: whether.
 */
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
 * vmwalk_entry_is_present() - it points to a table or maps memory, accessible or not
 * @level: of the entry
 * @value: of the entry
 *
 * Return: whether.
 */
static __always_inline bool vmwalk_entry_is_present(u8 level, u64 value)
{
	switch (level) {
	case VMWALK_LEVEL_PGD:
		return pgd_present(__pgd(value));
	case VMWALK_LEVEL_P4D:
		return p4d_present(__p4d(value));
	case VMWALK_LEVEL_PUD:
		/* Unlike its neighbours, it may not know of PROT_NONE (hugetlb). */
		return pud_present(__pud(value)) || vmwalk_arch_protnone(value);
	case VMWALK_LEVEL_PMD:
		return pmd_present(__pmd(value));
	default:
		return pte_present(__pte(value));
	}
}

/**
 * vmwalk_entry_is_leaf() - it maps memory
 * @level: of the entry
 * @value: of a present entry: until 6.12 the helpers look at the size bit alone
 *
 * Return: whether.
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
 * vmwalk_entry_is_bad() - a corrupt table entry, which is shown and never followed
 * @level: of the entry
 * @value: of an entry that is present and no leaf; the helpers only look
 *
 * Return: whether.
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
 * vmwalk_entry_goes_on() - does an entry point to a further table?
 * @level: the kernel's level
 * @value: raw entry
 *
 * Return: true for a present and sound table entry.
 */
static __always_inline bool vmwalk_entry_goes_on(u8 level, u64 value)
{
	return !vmwalk_entry_is_none(level, value) && vmwalk_entry_is_present(level, value) &&
	       !vmwalk_entry_is_leaf(level, value) && !vmwalk_entry_is_bad(level, value);
}

/**
 * vmwalk_entry_pfn() - the frame of an address
 * @level: the kernel's level
 * @value: raw entry of a leaf; the helpers know where each level keeps its PFN, and x86
 *	inverts some
 * @addr: the address
 *
 * Return: the PFN of its base page.
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
 * vmwalk_class_is_mapped() - does an entry of this class map memory?
 * @class: enum vmwalk_class
 *
 * Return: true if it does, accessible or not.
 */
static inline bool vmwalk_class_is_mapped(u8 class)
{
	return class == VMWALK_CLASS_LEAF || class == VMWALK_CLASS_PROTNONE ||
	       class == VMWALK_CLASS_NUMA_HINT;
}

/**
 * vmwalk_level_label() - the name of a level, from the kernel's number of it
 * @level: level as the kernel's types number it
 *
 * Where levels fold, the kernel folds from the top. People call the root PGD
 * whatever its type, so the names fold from below the root.
 *
 * Return: enum vmwalk_level.
 */
static inline u8 vmwalk_level_label(u8 level)
{
	return level == vmwalk_arch_top() ? VMWALK_LEVEL_PGD : level;
}

/**
 * vmwalk_level_index() - which entry of its table an address selects
 * @level: the kernel's level
 * @addr: any address
 *
 * Return: its index.
 */
static inline u16 vmwalk_level_index(u8 level, unsigned long addr)
{
	return (addr >> vmwalk_arch_shift(level)) & (vmwalk_arch_entries(level) - 1);
}

#endif /* VMWALK_WORD_H */
