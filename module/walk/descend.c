// SPDX-License-Identifier: GPL-2.0
/*
 * Read the page-table entries of one address, from the root to the leaf.
 *
 * Lock rule: the caller holds the mmap lock and a VMA covers the address. That keeps
 * the root, P4D, PUD and PMD tables: free_pgtables() runs only after the VMAs left the
 * tree under the write lock, and keeps tables that a remaining VMA needs. A PMD table
 * that hugetlb shares between processes can be unshared and freed without the mmap
 * lock; for such a VMA the caller also holds i_mmap_rwsem. PTE tables can be freed at
 * any time (khugepaged from 6.6, zapping from 6.14): they are read under RCU and their
 * own lock, after checking that the PMD still points to them. Only raw entries are read
 * under page-table locks; they are classified after the locks are dropped.
 *
 * The last entry is read under its page-table lock because mprotect() and copy-on-write
 * clear an entry for a moment under that lock: a reader without it would report a
 * mapped page as missing.
 */
#include <linux/mm.h>
#include <linux/pgtable.h>

#include "compat/compat.h"
#include "walk.h"
#include "raw_entry.h"

/* Full reads of the path before giving up on two that agree */
#define WALK_TRIES	4

/**
 * vmwalk_geometry_fill() - describe the page-table levels of this machine
 * @out: VMWALK_LEVEL_MAX records, indexed by enum vmwalk_level
 */
void vmwalk_geometry_fill(struct vmwalk_caps_level *out)
{
	u8 level;

	for (level = 0; level < VMWALK_LEVEL_MAX; level++) {
		out[level] = (struct vmwalk_caps_level) {
			.level = level,
			.folded = 1,
		};
	}
	for (level = vmwalk_arch_top(); level < VMWALK_LEVEL_MAX; level++) {
		struct vmwalk_caps_level *to = &out[vmwalk_level_label(level)];

		to->folded = 0;
		to->shift = vmwalk_arch_shift(level);
		to->entries = vmwalk_arch_entries(level);
	}
}

/**
 * vmwalk_upper_read() - read the levels above the PMD
 * @descent: zeroed; filled down to the entry that ends the path, or to the PUD entry
 * @mm: the mm; the caller keeps its upper tables from being freed, by the mmap lock
 *	or as leaf_state.c describes
 * @addr: an address of a VMA
 * @pudpp: set to the location of the PUD entry if the path reaches it
 * @pud: set to that entry
 *
 * An empty entry above the PUD is final: under the mmap lock such entries can be filled
 * but not cleared. A PUD entry that does not point to a table may be a leaf that is
 * being changed; the caller reads it again under its lock.
 *
 * Return: true if there is a PMD table.
 */
bool vmwalk_upper_read(struct vmwalk_descent *descent, struct mm_struct *mm, unsigned long addr,
		       pud_t **pudpp, pud_t *pud)
{
	pgd_t *pgdp = pgd_offset(mm, addr);
	p4d_t *p4dp;

	if (vmwalk_arch_top() <= VMWALK_LEVEL_PGD) {
		vmwalk_descent_note(descent, VMWALK_LEVEL_PGD, pgdp, pgd_val(pgdp_get(pgdp)));
		if (!vmwalk_entry_goes_on(VMWALK_LEVEL_PGD, descent->value[VMWALK_LEVEL_PGD]))
			return false;
	}
	p4dp = vmwalk_arch_p4d_offset(pgdp, addr);
	if (vmwalk_arch_top() <= VMWALK_LEVEL_P4D) {
		vmwalk_descent_note(descent, VMWALK_LEVEL_P4D, p4dp, p4d_val(p4dp_get(p4dp)));
		if (!vmwalk_entry_goes_on(VMWALK_LEVEL_P4D, descent->value[VMWALK_LEVEL_P4D]))
			return false;
	}
	*pudpp = vmwalk_arch_pud_offset(p4dp, addr);
	*pud = pudp_get(*pudpp);
	vmwalk_descent_note(descent, VMWALK_LEVEL_PUD, *pudpp, pud_val(*pud));
	return vmwalk_entry_goes_on(VMWALK_LEVEL_PUD, descent->value[VMWALK_LEVEL_PUD]);
}

/* Another CPU may be changing a PUD leaf: read it again under its lock. */
static bool confirm_pud(struct vmwalk_descent *descent, struct mm_struct *mm, pud_t *pudp)
{
	spinlock_t *ptl = pud_lock(mm, pudp);
	pud_t pud = pudp_get(pudp);

	spin_unlock(ptl);
	vmwalk_descent_note(descent, VMWALK_LEVEL_PUD, pudp, pud_val(pud));
	return !vmwalk_entry_goes_on(VMWALK_LEVEL_PUD, pud_val(pud));
}

static bool confirm_pmd(struct vmwalk_descent *descent, struct mm_struct *mm, pmd_t *pmdp)
{
	spinlock_t *ptl = pmd_lock(mm, pmdp);
	pmd_t pmd = pmdp_get(pmdp);

	spin_unlock(ptl);
	vmwalk_descent_note(descent, VMWALK_LEVEL_PMD, pmdp, pmd_val(pmd));
	return !vmwalk_entry_goes_on(VMWALK_LEVEL_PMD, pmd_val(pmd));
}

/*
 * Does what __pte_offset_map_lock() does, which is not exported to modules. RCU keeps
 * the table of @pmd from being freed; checking the PMD again under the PTE lock shows
 * that it is still the table of this address.
 */
static bool read_pte(struct vmwalk_descent *descent, struct mm_struct *mm, unsigned long addr,
		     pmd_t *pmdp, pmd_t pmd)
{
	pte_t *ptep = pte_offset_kernel(&pmd, addr);
	spinlock_t *ptl = pte_lockptr(mm, &pmd);
	bool same;

	RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "page table read without RCU");
	spin_lock(ptl);
	same = pmd_same(pmd, pmdp_get(pmdp));
	if (same)
		vmwalk_descent_note(descent, VMWALK_LEVEL_PTE, ptep, pte_val(READ_ONCE(*ptep)));
	spin_unlock(ptl);
	return same;
}

static bool read_lower(struct vmwalk_descent *descent, struct mm_struct *mm, unsigned long addr,
		       pud_t pud, pud_t *pudp)
{
	pmd_t *pmdp = pmd_offset_lockless(pudp, pud, addr);
	bool done;
	pmd_t pmd;

	rcu_read_lock();
	pmd = pmdp_get_lockless(pmdp);
	vmwalk_descent_note(descent, VMWALK_LEVEL_PMD, pmdp, pmd_val(pmd));
	if (vmwalk_entry_goes_on(VMWALK_LEVEL_PMD, pmd_val(pmd)))
		done = read_pte(descent, mm, addr, pmdp, pmd);
	else
		done = confirm_pmd(descent, mm, pmdp);
	rcu_read_unlock();
	return done;
}

static bool read_once(struct vmwalk_descent *descent, struct mm_struct *mm, unsigned long addr)
{
	pud_t *pudp;
	pud_t pud;

	mmap_assert_locked(mm);
	if (vmwalk_upper_read(descent, mm, addr, &pudp, &pud))
		return read_lower(descent, mm, addr, pud, pudp);
	return descent->last < VMWALK_LEVEL_PUD || confirm_pud(descent, mm, pudp);
}

static void read_trail(struct vmwalk_descent *descent, struct mm_struct *mm, unsigned long addr,
		       const struct vmwalk_entry_context *context)
{
	u8 top = vmwalk_arch_top();
	int tries;

	for (tries = 0; tries < VMWALK_READ_TRIES; tries++) {
		memset(descent, 0, sizeof(*descent));
		if (context->kernel)
			descent->confirmed = vmwalk_kernel_read(descent, mm, addr, context->shadow);
		else
			descent->confirmed = read_once(descent, mm, addr);
		if (descent->confirmed)
			break;
		cpu_relax();
	}
	if (vmwalk_arch_has_shadow() && descent->entryp[top])
		descent->shadow = context->shadow ? descent->value[top] :
					       vmwalk_arch_shadow(descent->entryp[top]);
}

static bool same_trail(const struct vmwalk_descent *a, const struct vmwalk_descent *b)
{
	return a->confirmed && b->confirmed && a->last == b->last &&
	       a->shadow == b->shadow && !memcmp(a->value, b->value, sizeof(a->value)) &&
	       !memcmp(a->entryp, b->entryp, sizeof(a->entryp));
}

/* Every supported architecture keeps page tables in the direct map. */
static u64 table_of(const struct vmwalk_descent *descent, u8 level, unsigned long addr)
{
	return __pa(descent->entryp[level]) - vmwalk_level_index(level, addr) * sizeof(u64);
}

static void init_entries(struct vmwalk_walk *walk)
{
	u8 level;

	for (level = 0; level < VMWALK_LEVEL_MAX; level++) {
		walk->entry[level] = (struct vmwalk_entry) {
			.level = level,
			.type = VMWALK_CLASS_FOLDED,
		};
	}
	for (level = vmwalk_arch_top(); level < VMWALK_LEVEL_MAX; level++) {
		struct vmwalk_entry *entry = &walk->entry[vmwalk_level_label(level)];

		entry->type = VMWALK_CLASS_UNREAD;
		entry->index = vmwalk_level_index(level, walk->address);
	}
}

static void fill_entries(struct vmwalk_walk *walk, const struct vmwalk_descent *descent,
			 const struct vmwalk_entry_context *context)
{
	u8 level;

	init_entries(walk);
	for (level = vmwalk_arch_top(); level < descent->last; level++) {
		struct vmwalk_entry *entry = &walk->entry[vmwalk_level_label(level)];

		entry->address = __pa(descent->entryp[level]);
		entry->value = descent->value[level];
		vmwalk_entry_classify(entry, level, entry->value, context);
		entry->target = table_of(descent, level + 1, walk->address);
	}
}

/* User mode has the permissions that every level of the path grants. */
static void fill_effective(struct vmwalk_walk *walk, const struct vmwalk_descent *descent)
{
	u8 level, i;

	memset(walk->withheld, VMWALK_LEVEL_NONE, sizeof(walk->withheld));
	walk->effective = VMWALK_PERM_R | VMWALK_PERM_W | VMWALK_PERM_X;
	if (walk->entry[walk->leaf_level].type != VMWALK_CLASS_LEAF) {
		memset(walk->withheld, walk->leaf_level, sizeof(walk->withheld));
		walk->effective = 0;
		return;
	}
	for (level = vmwalk_arch_top(); level <= descent->last; level++) {
		u64 value = descent->value[level];
		u8 taken;

		/* With page-table isolation user mode runs on the copy of the root. */
		if (level == vmwalk_arch_top() && vmwalk_arch_has_shadow())
			value = descent->shadow;
		taken = walk->effective & ~vmwalk_arch_entry_perm(level, value);
		walk->effective &= ~taken;
		for (i = 0; i < ARRAY_SIZE(walk->withheld); i++)
			if (taken & BIT(i))
				walk->withheld[i] = vmwalk_level_label(level);
	}
}

static void fill_leaf(struct vmwalk_walk *walk, const struct vmwalk_descent *descent,
		      const struct vmwalk_entry_context *context)
{
	struct vmwalk_glance glance = {};

	vmwalk_glance_fill(&glance, descent, walk->address, context);
	walk->leaf_level = glance.entry.level;
	walk->entry[walk->leaf_level] = glance.entry;
	walk->entry[VMWALK_LEVEL_PGD].shadow = descent->shadow;
	walk->got &= ~(VMWALK_GOT_PFN | VMWALK_GOT_PAGE | VMWALK_GOT_SWAP | VMWALK_GOT_MARKER);
	walk->got |= glance.got;
	walk->pfn = glance.pfn;
	walk->marker = glance.marker;
	walk->swap_type = glance.swap_type;
	walk->swap_offset = glance.swap_offset;
	walk->page = glance.page;
	walk->kind = glance.kind;
}

/**
 * vmwalk_descend() - read the entries and the page of one address
 * @walk: @address is in; entries, leaf, page, @got and @tries are filled
 * @mm: mmap lock held, which keeps @context valid and the upper tables; not needed for
 *	a kernel address, whose tables it does not protect
 * @context: the VMA that covers the address, or the kernel flag
 *
 * The path is read before and after the page: if both reads agree, the page belonged to
 * the entry. Nothing is written to the target.
 */
void vmwalk_descend(struct vmwalk_walk *walk, struct mm_struct *mm,
		    const struct vmwalk_entry_context *context)
{
	struct vmwalk_descent descent, again;

	read_trail(&again, mm, walk->address, context);
	for (walk->tries = 1; ; walk->tries++) {
		descent = again;
		fill_entries(walk, &descent, context);
		fill_leaf(walk, &descent, context);
		fill_effective(walk, &descent);
		read_trail(&again, mm, walk->address, context);
		if (same_trail(&descent, &again)) {
			walk->got |= VMWALK_GOT_STABLE;
			break;
		}
		if (walk->tries == WALK_TRIES)
			break;
	}
}
