// SPDX-License-Identifier: GPL-2.0
/*
 * Classify one page-table entry, for WALK, SCAN, TABLES and the events alike.
 *
 * It works on copies of the entry and of the relevant VMA state. Lock rule: none;
 * nothing here reads page tables, VMAs or struct pages.
 *
 * The flags that are decoded here are the same bits in leaves of every level, so the
 * kernel's pte helpers serve all levels. What differs by level, such as present, leaf
 * and PFN, uses the helper of that level.
 */
#include "compat/compat.h"
#include "walk.h"
#include "raw_entry.h"

static __always_inline u32 present_leaf_flags(u64 value)
{
	pte_t pte = __pte(value);
	u32 flags = 0;

	/* Not by if: the compiler turns each line into a shift and a mask. */
	flags |= pte_write(pte) ? VMWALK_E_WRITE : 0;
	flags |= pte_young(pte) ? VMWALK_E_ACCESSED : 0;
	flags |= pte_dirty(pte) ? VMWALK_E_DIRTY : 0;
	flags |= pte_soft_dirty(pte) ? VMWALK_E_SOFTDIRTY : 0;
	flags |= pte_uffd(pte) ? VMWALK_E_UFFDWP : 0;
	flags |= pte_special(pte) ? VMWALK_E_SPECIAL : 0;
	return flags;
}

static u32 swap_flags(pte_t pte)
{
	u32 flags = 0;

	if (pte_swp_soft_dirty(pte))
		flags |= VMWALK_E_SOFTDIRTY;
	if (pte_swp_uffd(pte))
		flags |= VMWALK_E_UFFDWP;
	return flags;
}

/* Types past the end, which a newer kernel may add, are UNKNOWN. */
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
 * A THP migration entry in a PMD has the format of a PTE on every supported
 * architecture; hugetlb uses PTE entries by definition.
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

static __always_inline void classify_leaf(struct vmwalk_entry *entry, u8 level, u64 value,
					  const struct vmwalk_entry_context *context)
{
	entry->flags = present_leaf_flags(value) | VMWALK_E_PRESENT |
		       (vmwalk_arch_flags(level, value) & ~VMWALK_E_WRITE);
	if (vmwalk_arch_entry_perm(level, value) & VMWALK_PERM_R)
		entry->flags |= VMWALK_E_READ;
	if (!vmwalk_arch_protnone(value)) {
		entry->type = VMWALK_CLASS_LEAF;
		return;
	}
	/* NUMA hints have PROT_NONE's bits: the VMA decides, as in handle_pte_fault(). */
	entry->flags |= VMWALK_E_PROTNONE;
	if (!context->accessible || (context->rwp && entry->flags & VMWALK_E_UFFDWP))
		entry->type = VMWALK_CLASS_PROTNONE;
	else
		entry->type = VMWALK_CLASS_NUMA_HINT;
}

/**
 * vmwalk_entry_classify() - set the class and the flags of an entry
 * @entry: @type and @flags are filled
 * @level: the kernel's level, which differs from @entry->level where levels fold
 * @value: raw entry, read once
 * @context: state of the VMA that holds the entry
 */
void vmwalk_entry_classify(struct vmwalk_entry *entry, u8 level, u64 value,
			   const struct vmwalk_entry_context *context)
{
	entry->flags = 0;
	if (context->kernel && !vmwalk_entry_is_none(level,
						     value) && !vmwalk_arch_hw_present(value)) {
		/* Kernel memory is never swapped: do not decode this as a swap entry. */
		entry->type = VMWALK_CLASS_UNKNOWN;
	} else if (vmwalk_entry_is_none(level, value)) {
		entry->type = VMWALK_CLASS_NONE;
	} else if (!vmwalk_entry_is_present(level, value)) {
		classify_softleaf(entry, value);
	} else if (vmwalk_entry_is_leaf(level, value)) {
		classify_leaf(entry, level, value, context);
	} else {
		entry->type = vmwalk_entry_is_bad(level, value) ? VMWALK_CLASS_UNKNOWN :
								  VMWALK_CLASS_TABLE;
		entry->flags = vmwalk_entry_table_flags(level, value);
	}
}

/**
 * vmwalk_entry_may_be_huge_zero() - test if an entry could map the huge zero folio
 * @entry: classified
 * @context: state of the VMA that holds the entry
 *
 * A read-only PMD of an anonymous VMA can; DAX, which maps that folio in holes of files,
 * is not considered. If the entry is not special, only the page tells the huge zero
 * folio from an ordinary anonymous THP.
 *
 * Return: true if it could.
 */
bool vmwalk_entry_may_be_huge_zero(const struct vmwalk_entry *entry,
				   const struct vmwalk_entry_context *context)
{
	return context->anon && entry->level == VMWALK_LEVEL_PMD &&
	       !(entry->flags & VMWALK_E_WRITE);
}

static u8 kernel_kind(int err)
{
	if (err == -EAGAIN)
		return VMWALK_KIND_CHANGED;
	return err == -ENXIO ? VMWALK_KIND_PFNMAP : VMWALK_KIND_BASE;
}

/**
 * vmwalk_entry_kind() - tell how an entry maps memory
 * @entry: classified
 * @context: state of the VMA that holds the entry
 * @pfn: the frame it maps
 * @page: the page; valid if @err is 0
 * @err: of vmwalk_page_read(); -ENODATA: the page was not looked at, and a kind that only
 *	the page shows is not returned
 *
 * Return: enum vmwalk_page_kind.
 */
u8 vmwalk_entry_kind(const struct vmwalk_entry *entry, const struct vmwalk_entry_context *context,
		     u64 pfn, const struct vmwalk_page *page, int err)
{
	if (!vmwalk_class_is_mapped(entry->type))
		return VMWALK_KIND_NONE;
	if (context->kernel)
		return kernel_kind(err);
	if (context->hugetlb)
		return VMWALK_KIND_HUGETLB;
	if (is_zero_pfn(pfn))
		return VMWALK_KIND_ZERO;
	if (!err && page->kpageflags & BIT_ULL(KPF_ZERO_PAGE))
		return VMWALK_KIND_HUGE_ZERO;
	/*
	 * In an anonymous VMA only the huge zero folio has a special PMD; 6.12 does not
	 * mark that PMD as special.
	 */
	if (entry->flags & VMWALK_E_SPECIAL && vmwalk_entry_may_be_huge_zero(entry, context))
		return VMWALK_KIND_HUGE_ZERO;
	if (entry->flags & VMWALK_E_SPECIAL || err == -ENXIO)
		return VMWALK_KIND_PFNMAP;
	/*
	 * Only the page shows if it is the huge zero folio or merged by KSM: do not
	 * guess.
	 */
	if (err == -EAGAIN)
		return VMWALK_KIND_CHANGED;
	if (entry->level != VMWALK_LEVEL_PTE)
		return VMWALK_KIND_THP;
	if (!err && page->traits & VMWALK_PAGE_KSM)
		return VMWALK_KIND_KSM;
	if (entry->flags & VMWALK_E_CONTIGUOUS)
		return VMWALK_KIND_CONTIGUOUS;
	return VMWALK_KIND_BASE;
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

/* As the shortcut in vmwalk_entry_decode(), for every entry that is not a plain leaf. */
static void decode_rest(struct vmwalk_leaf_info *leaf, u8 level, u64 value, u8 class,
			unsigned long addr)
{
	u64 offset = addr & (BIT_ULL(vmwalk_arch_shift(level)) - 1);
	softleaf_t soft = softleaf_of(value);

	*leaf = (struct vmwalk_leaf_info) {};
	if (vmwalk_class_is_mapped(class)) {
		leaf->pfn = vmwalk_entry_pfn(level, value, addr);
		leaf->has_pfn = true;
		return;
	}
	switch (class) {
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

/**
 * vmwalk_entry_decode() - classify an entry and decode what it refers to
 * @entry: @type and @flags are filled
 * @leaf: filled
 * @level: the kernel's level, which differs from @entry->level where levels fold
 * @value: raw entry, read once
 * @addr: the address, to find its base page within a larger leaf
 * @context: state of the VMA that holds the entry
 */
void vmwalk_entry_decode(struct vmwalk_entry *entry, struct vmwalk_leaf_info *leaf, u8 level,
			 u64 value, unsigned long addr,
			 const struct vmwalk_entry_context *context)
{
	u64 mask = vmwalk_arch_frame_mask(level, value);

	/* Shortcut: most entries are plain leaves. */
	if (likely(mask)) {
		u64 offset = addr & (BIT_ULL(vmwalk_arch_shift(level)) - 1);

		classify_leaf(entry, level, value, context);
		*leaf = (struct vmwalk_leaf_info) {
			.pfn = vmwalk_arch_frame(value & mask) + (offset >> PAGE_SHIFT),
			.has_pfn = true,
		};
		return;
	}
	vmwalk_entry_classify(entry, level, value, context);
	decode_rest(leaf, level, value, entry->type, addr);
}
