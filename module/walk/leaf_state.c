// SPDX-License-Identifier: GPL-2.0
/*
 * Fill the leaf entry of an address and its page; read it without waiting inside a fault.
 *
 * Lock rule of vmwalk_glance_read(): interrupts are off. If @held, current holds the
 * lock of its fault (the mmap lock or the VMA's), which keeps the tables down to the
 * PMD's as descend.c describes; RCU keeps PTE tables, and the PMD is read again.
 * Otherwise the mm is current's own and disabled interrupts alone keep the tables, as
 * in perf_get_pgtable_size() in kernel/events/core.c: whoever frees a table first waits
 * for RCU or for an IPI to every CPU that uses the mm. The same holds for tables shared
 * by hugetlb: unsharing sends that IPI to all.
 *
 * Page-table locks are only tried, never waited for: the owner may be waiting for this
 * CPU to take an interrupt. Where disabled interrupts alone keep the tables, locks are
 * not even tried, because the lock of a table can be freed before the table.
 */
#include <linux/mm.h>
#include <linux/pgtable.h>

#include "compat/compat.h"
#include "walk.h"
#include "raw_entry.h"

/* Reads of an empty entry, to outlast another CPU that clears it while changing it */
#define EMPTY_TRIES	64

static void fill_page(struct vmwalk_glance *glance, const struct vmwalk_leaf_info *leaf,
		      const struct vmwalk_entry_context *context)
{
	const struct vmwalk_entry *entry = &glance->entry;
	int err = -ENXIO;

	if (leaf->has_pfn) {
		glance->got |= VMWALK_GOT_PFN;
		err = vmwalk_page_fill(&glance->page, leaf->pfn,
				       vmwalk_entry_may_be_huge_zero(entry, context),
				       entry->level != VMWALK_LEVEL_PTE);
		if (!err)
			glance->got |= VMWALK_GOT_PAGE;
	}
	glance->kind = vmwalk_entry_kind(entry, context, leaf->pfn, err ? NULL : &glance->page,
					 err != -ENXIO);
}

static void fill_entry(struct vmwalk_entry *entry, struct vmwalk_leaf_info *leaf,
		       const struct vmwalk_descent *descent, unsigned long addr,
		       const struct vmwalk_entry_context *context)
{
	u8 last = descent->last;

	entry->level = vmwalk_level_label(last);
	entry->index = vmwalk_level_index(last, addr);
	entry->address = __pa(descent->entryp[last]);
	entry->value = descent->value[last];
	vmwalk_entry_classify(entry, last, entry->value, context);
	vmwalk_entry_leaf(leaf, last, entry->value, entry, addr);
	if (vmwalk_class_is_mapped(entry->type))
		entry->target = (leaf->pfn << PAGE_SHIFT) &
				~(BIT_ULL(vmwalk_arch_shift(last)) - 1);
	if (!descent->confirmed) {
		/* The value was unstable: derive nothing from it. */
		memset(leaf, 0, sizeof(*leaf));
		entry->type = VMWALK_CLASS_CHANGED;
		entry->target = 0;
	}
}

/**
 * vmwalk_glance_fill() - decode the last entry of a descent
 * @glance: zeroed; filled
 * @descent: path that was read
 * @addr: address of the path
 * @context: the VMA
 */
void vmwalk_glance_fill(struct vmwalk_glance *glance, const struct vmwalk_descent *descent,
			unsigned long addr, const struct vmwalk_entry_context *context)
{
	struct vmwalk_leaf_info leaf;

	fill_entry(&glance->entry, &leaf, descent, addr, context);
	glance->got = VMWALK_GOT_ENTRIES;
	glance->pfn = leaf.pfn;
	glance->marker = leaf.marker;
	glance->swap_type = leaf.swap_type;
	glance->swap_offset = leaf.swap_offset;
	if (leaf.has_swap)
		glance->got |= VMWALK_GOT_SWAP;
	if (leaf.marker)
		glance->got |= VMWALK_GOT_MARKER;
	fill_page(glance, &leaf, context);
}

/**
 * vmwalk_glance_redact() - remove what unprivileged callers may not see
 * @glance: a filled record
 * @withheld: bits of enum vmwalk_redacted are added here
 */
void vmwalk_glance_redact(struct vmwalk_glance *glance, u64 *withheld)
{
	vmwalk_entry_redact(&glance->entry, withheld);
	if (glance->got & VMWALK_GOT_PFN)
		*withheld |= VMWALK_REDACTED_PFN;
	if (glance->got & VMWALK_GOT_PAGE)
		*withheld |= VMWALK_REDACTED_PAGE;
	if (glance->got & VMWALK_GOT_SWAP)
		*withheld |= VMWALK_REDACTED_SWAP;
	if (glance->kind == VMWALK_KIND_KSM)
		glance->kind = VMWALK_KIND_BASE;
	glance->got &= ~(u64)(VMWALK_GOT_PFN | VMWALK_GOT_PAGE | VMWALK_GOT_SWAP);
	glance->pfn = 0;
	glance->swap_type = 0;
	glance->swap_offset = 0;
	memset(&glance->page, 0, sizeof(glance->page));
}

static bool read_locked(const u64 *entryp, spinlock_t *ptl, u64 *value)
{
	if (!vmwalk_spin_trylock(ptl))
		return false;
	__acquire(ptl);
	*value = READ_ONCE(*entryp);
	spin_unlock(ptl);
	return true;
}

/* @ptl is NULL where taking it is unsafe: EMPTY_TRIES reads must do then. */
static bool settle(struct vmwalk_descent *descent, u8 level, u64 *entryp, spinlock_t *ptl)
{
	int tries;

	for (tries = 0; tries < EMPTY_TRIES; tries++) {
		u64 value = READ_ONCE(*entryp);
		bool locked = ptl && read_locked(entryp, ptl, &value);

		vmwalk_descent_note(descent, level, entryp, value);
		if (locked || !vmwalk_entry_is_none(level, value))
			return true;
		cpu_relax();
	}
	return !ptl;
}

static bool read_word(struct vmwalk_descent *descent, u8 level, u64 *entryp, spinlock_t *ptl)
{
	u64 value = READ_ONCE(*entryp);

	vmwalk_descent_note(descent, level, entryp, value);
	return !vmwalk_entry_is_none(level, value) || settle(descent, level, entryp, ptl);
}

static bool read_lower(struct vmwalk_descent *descent, struct mm_struct *mm, unsigned long addr,
		       pud_t *pudp, pud_t pud, bool held)
{
	pmd_t *pmdp = pmd_offset_lockless(pudp, pud, addr);
	pmd_t pmd = pmdp_get_lockless(pmdp);
	bool done;

	if (!vmwalk_entry_goes_on(VMWALK_LEVEL_PMD, pmd_val(pmd))) {
		done = read_word(descent, VMWALK_LEVEL_PMD, (u64 *)pmdp,
				 held ? pmd_lockptr(mm, pmdp) : NULL);
		/* The PMD became a table in the meantime: retry. */
		return done && !vmwalk_entry_goes_on(VMWALK_LEVEL_PMD,
						     descent->value[VMWALK_LEVEL_PMD]);
	}
	vmwalk_descent_note(descent, VMWALK_LEVEL_PMD, pmdp, pmd_val(pmd));
	done = read_word(descent, VMWALK_LEVEL_PTE, (u64 *)pte_offset_kernel(&pmd, addr),
			 held ? pte_lockptr(mm, &pmd) : NULL);
	/* An unchanged PMD shows that this was the table of the address. */
	return done && pmd_same(pmd, pmdp_get_lockless(pmdp));
}

static bool read_once(struct vmwalk_descent *descent, struct mm_struct *mm, unsigned long addr,
		      bool held)
{
	pud_t *pudp;
	pud_t pud;

	if (vmwalk_upper_read(descent, mm, addr, &pudp, &pud))
		return read_lower(descent, mm, addr, pudp, pud, held);
	if (descent->last < VMWALK_LEVEL_PUD)
		return true;
	return read_word(descent, VMWALK_LEVEL_PUD, (u64 *)pudp,
			 held ? pud_lockptr(mm, pudp) : NULL) &&
	       !vmwalk_entry_goes_on(VMWALK_LEVEL_PUD, descent->value[VMWALK_LEVEL_PUD]);
}

/**
 * vmwalk_glance_read() - read the leaf entry of an address without waiting
 * @glance: zeroed; filled
 * @mm: the mm; current's own unless @held
 * @addr: an address below the end of the user range
 * @context: the VMA, or zeroed if none is held
 * @held: current holds the lock of its fault, and a VMA covers @addr
 *
 * Context: Interrupts off.
 */
void vmwalk_glance_read(struct vmwalk_glance *glance, struct mm_struct *mm,
			unsigned long addr, const struct vmwalk_entry_context *context, bool held)
{
	/* PREEMPT_RT: spin_trylock() is not allowed with interrupts off. */
	bool may_lock = held && !context->hugetlb && !IS_ENABLED(CONFIG_PREEMPT_RT);
	struct vmwalk_descent descent;
	int tries;

	lockdep_assert_irqs_disabled();
	rcu_read_lock();
	for (tries = 0; tries < VMWALK_READ_TRIES; tries++) {
		memset(&descent, 0, sizeof(descent));
		descent.confirmed = read_once(&descent, mm, addr, may_lock);
		if (descent.confirmed)
			break;
		cpu_relax();
	}
	if (vmwalk_arch_has_shadow() && descent.last == vmwalk_arch_top())
		descent.shadow = vmwalk_arch_shadow(descent.entryp[descent.last]);
	rcu_read_unlock();
	vmwalk_glance_fill(glance, &descent, addr, context);
	glance->entry.shadow = descent.shadow;
}
