// SPDX-License-Identifier: GPL-2.0
/*
 * The single classifier: what one entry at one level is.
 *
 * Works on a copy of the entry and of what matters of its VMA. Lock rule: none;
 * nothing here follows a pointer or looks at live memory.
 *
 * A leaf has the same bits at every level, so that the kernel's pte helpers
 * answer for all of them; what differs by level (present, leaf, PFN) is asked
 * of the level's own helper.
 */
#include "compat.h"
#include "vmwalk.h"

static bool entry_is_none(u8 level, u64 value)
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

static bool entry_is_present(u8 level, u64 value)
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

/* Only of a present entry: until 6.12 the helpers look at the size bit alone. */
static bool entry_is_leaf(u8 level, u64 value)
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

/* A corrupt table entry is shown, and never followed; the helpers only look. */
static bool entry_is_bad(u8 level, u64 value)
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
bool vmwalk_entry_goes_on(u8 level, u64 value)
{
	return !entry_is_none(level, value) && entry_is_present(level, value) &&
	       !entry_is_leaf(level, value) && !entry_is_bad(level, value);
}

static u32 present_leaf_flags(u64 value)
{
	pte_t pte = __pte(value);
	u32 flags = 0;

	if (pte_write(pte))
		flags |= VMWALK_E_WRITE;
	if (pte_young(pte))
		flags |= VMWALK_E_ACCESSED;
	if (pte_dirty(pte))
		flags |= VMWALK_E_DIRTY;
	if (pte_soft_dirty(pte))
		flags |= VMWALK_E_SOFTDIRTY;
	if (pte_uffd_wp(pte))
		flags |= VMWALK_E_UFFDWP;
	if (pte_special(pte))
		flags |= VMWALK_E_SPECIAL;
	return flags;
}

static u32 swap_flags(pte_t pte)
{
	u32 flags = 0;

	if (pte_swp_soft_dirty(pte))
		flags |= VMWALK_E_SOFTDIRTY;
	if (pte_swp_uffd_wp(pte))
		flags |= VMWALK_E_UFFDWP;
	return flags;
}

/* A type that is not in this table, of a kernel to come, is UNKNOWN. */
static const struct {
	u8 class;
	u32 flags;
} softleaf_kinds[] = {
	[SOFTLEAF_NONE]			= { VMWALK_CLASS_UNKNOWN, 0 },
	[SOFTLEAF_SWAP]			= { VMWALK_CLASS_SWAP, 0 },
	[SOFTLEAF_MIGRATION_READ]	= { VMWALK_CLASS_MIGRATION, 0 },
	[SOFTLEAF_MIGRATION_READ_EXCLUSIVE] = {
		VMWALK_CLASS_MIGRATION, VMWALK_E_EXCLUSIVE },
	[SOFTLEAF_MIGRATION_WRITE]	= { VMWALK_CLASS_MIGRATION, VMWALK_E_WRITE },
	[SOFTLEAF_DEVICE_PRIVATE_READ]	= { VMWALK_CLASS_DEVICE, 0 },
	[SOFTLEAF_DEVICE_PRIVATE_WRITE]	= { VMWALK_CLASS_DEVICE, VMWALK_E_WRITE },
	[SOFTLEAF_DEVICE_EXCLUSIVE]	= { VMWALK_CLASS_DEVICE, 0 },
	[SOFTLEAF_HWPOISON]		= { VMWALK_CLASS_HWPOISON, 0 },
	[SOFTLEAF_MARKER]		= { VMWALK_CLASS_MARKER, 0 },
};

/*
 * A THP's migration entry in a PMD has the format of a PTE's on every
 * architecture that vmwalk knows; hugetlb's are PTE entries by definition.
 */
static softleaf_t softleaf_of(u64 value)
{
	return softleaf_from_pte(__pte(value));
}

static void classify_softleaf(struct vmwalk_entry *entry, u64 value)
{
	enum softleaf_type type = softleaf_type(softleaf_of(value));

	if (type >= ARRAY_SIZE(softleaf_kinds))
		type = SOFTLEAF_NONE;
	entry->type = softleaf_kinds[type].class;
	entry->flags = softleaf_kinds[type].flags | swap_flags(__pte(value));
	if (type == SOFTLEAF_SWAP && pte_swp_exclusive(__pte(value)))
		entry->flags |= VMWALK_E_EXCLUSIVE;
}

static void classify_leaf(struct vmwalk_entry *entry, u8 level, u64 value,
			  const struct vmwalk_view *view)
{
	entry->flags = present_leaf_flags(value) | VMWALK_E_PRESENT |
		       (vmwalk_arch_flags(level, value) & ~VMWALK_E_WRITE);
	if (vmwalk_arch_perm(level, value) & VMWALK_PERM_R)
		entry->flags |= VMWALK_E_READ;
	if (!vmwalk_arch_protnone(value)) {
		entry->type = VMWALK_CLASS_LEAF;
		return;
	}
	/* The same bits; only the VMA tells why, as in do_numa_page(). */
	entry->flags |= VMWALK_E_PROTNONE;
	entry->type = view->accessible ? VMWALK_CLASS_NUMA_HINT : VMWALK_CLASS_PROTNONE;
}

/**
 * vmwalk_entry_classify() - what an entry is, and its flags
 * @entry: @type and @flags are filled
 * @level: the kernel's level, which differs from @entry->level where levels fold
 * @value: raw entry, read once
 * @view: the VMA
 */
void vmwalk_entry_classify(struct vmwalk_entry *entry, u8 level, u64 value,
			   const struct vmwalk_view *view)
{
	entry->flags = 0;
	if (entry_is_none(level, value)) {
		entry->type = VMWALK_CLASS_NONE;
	} else if (!entry_is_present(level, value)) {
		classify_softleaf(entry, value);
	} else if (entry_is_leaf(level, value)) {
		classify_leaf(entry, level, value, view);
	} else {
		entry->type = entry_is_bad(level, value) ? VMWALK_CLASS_UNKNOWN :
							   VMWALK_CLASS_TABLE;
		entry->flags = VMWALK_E_PRESENT | vmwalk_arch_flags(level, value);
		if (vmwalk_arch_perm(level, value) & VMWALK_PERM_R)
			entry->flags |= VMWALK_E_READ;
	}
}

/* The helpers know where each level keeps its PFN; x86 inverts some. */
static u64 leaf_pfn(u8 level, u64 value, unsigned long addr)
{
	u64 offset = addr & (BIT_ULL(vmwalk_arch_shift(level)) - 1);

	switch (level) {
	case VMWALK_LEVEL_PUD:
		return pud_pfn(__pud(value)) + (offset >> PAGE_SHIFT);
	case VMWALK_LEVEL_PMD:
		return pmd_pfn(__pmd(value)) + (offset >> PAGE_SHIFT);
	default:
		return pte_pfn(__pte(value));
	}
}

static u32 marker_bits(unsigned long marker)
{
	const unsigned long known = PTE_MARKER_UFFD_WP | PTE_MARKER_POISONED |
				    PTE_MARKER_GUARD;
	u32 bits = 0;

	if (marker & PTE_MARKER_UFFD_WP)
		bits |= VMWALK_MARKER_UFFD_WP;
	if (marker & PTE_MARKER_POISONED)
		bits |= VMWALK_MARKER_POISON;
	if (marker & PTE_MARKER_GUARD)
		bits |= VMWALK_MARKER_GUARD;
	if (marker & ~known)
		bits |= VMWALK_MARKER_UNKNOWN;
	return bits;
}

/**
 * vmwalk_entry_leaf() - what a leaf or a non-present entry points to
 * @leaf: filled
 * @level: the kernel's level
 * @value: raw entry
 * @entry: its class, from vmwalk_entry_classify()
 * @addr: the address, for its page within a larger leaf
 */
void vmwalk_entry_leaf(struct vmwalk_leaf *leaf, u8 level, u64 value,
		       const struct vmwalk_entry *entry, unsigned long addr)
{
	u64 offset = addr & (BIT_ULL(vmwalk_arch_shift(level)) - 1);
	softleaf_t soft = softleaf_of(value);

	memset(leaf, 0, sizeof(*leaf));
	switch (entry->type) {
	case VMWALK_CLASS_LEAF:
	case VMWALK_CLASS_PROTNONE:
	case VMWALK_CLASS_NUMA_HINT:
		leaf->pfn = leaf_pfn(level, value, addr);
		leaf->has_pfn = true;
		break;
	case VMWALK_CLASS_MIGRATION:
	case VMWALK_CLASS_HWPOISON:
	case VMWALK_CLASS_DEVICE:
		leaf->pfn = softleaf_to_pfn(soft) + (offset >> PAGE_SHIFT);
		leaf->has_pfn = true;
		break;
	case VMWALK_CLASS_SWAP:
		leaf->swap_type = swp_type(soft);
		leaf->swap_offset = swp_offset(soft);
		leaf->has_swap = true;
		break;
	case VMWALK_CLASS_MARKER:
		leaf->marker = marker_bits(softleaf_to_marker(soft));
		break;
	}
}
