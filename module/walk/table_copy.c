// SPDX-License-Identifier: GPL-2.0
/*
 * Copy neighbouring entries of one page table, for the calls that take a range.
 *
 * Lock rule: as in descend.c. The mmap lock is held and a VMA covers the address, which
 * keeps the tables down to the PMD's; a PTE table is read under RCU and its own lock,
 * after checking the PMD again. Entries are copied under their page-table lock because
 * others clear them for a moment under it; one hold copies at most one table. A table
 * entry found in the copy is never followed: if the first entry of the copy has become
 * a table, the caller retries.
 */
#include <linux/mm.h>
#include <linux/pgtable.h>

#include "compat/compat.h"
#include "walk.h"
#include "raw_entry.h"

static unsigned long covered(u8 level)
{
	return 1UL << vmwalk_arch_shift(level);
}

/* Count the entries from @addr to @end, or to the end of the table. */
static u16 entries_up_to(u8 level, unsigned long addr, unsigned long end)
{
	unsigned long first = addr >> vmwalk_arch_shift(level);
	unsigned long last = (end - 1) >> vmwalk_arch_shift(level);
	u16 left = vmwalk_arch_entries(level) - vmwalk_level_index(level, addr);

	return min_t(unsigned long, last - first + 1, left);
}

static void begin(struct vmwalk_table_copy *copy, u8 level, unsigned long addr, void *entryp,
		  u16 nr)
{
	copy->level = level;
	copy->start = addr & ~(covered(level) - 1);
	copy->table = __pa(entryp) - vmwalk_level_index(level, addr) * sizeof(u64);
	copy->nr = nr;
}

static void copy_entries(struct vmwalk_table_copy *copy, const void *entryp)
{
	const u64 *from = entryp;
	u16 i;

	for (i = 0; i < copy->nr; i++)
		copy->value[i] = READ_ONCE(from[i]);
}

/* Entries above the PUD are filled but never cleared, so they need no lock. */
static spinlock_t *lock_of(struct mm_struct *mm, u8 level, void *entryp)
{
	if (level == VMWALK_LEVEL_PMD)
		return pmd_lockptr(mm, entryp);
	if (level == VMWALK_LEVEL_PUD)
		return pud_lockptr(mm, entryp);
	return NULL;
}

static void copy_locked(struct vmwalk_table_copy *copy, struct mm_struct *mm, void *entryp)
{
	spinlock_t *ptl = lock_of(mm, copy->level, entryp);

	if (!ptl) {
		copy_entries(copy, entryp);
		return;
	}
	spin_lock(ptl);
	copy_entries(copy, entryp);
	spin_unlock(ptl);
}

/* Same race as in read_pte() in descend.c; @pmd is an earlier read of @pmdp. */
static bool copy_ptes(struct vmwalk_table_copy *copy, struct mm_struct *mm, pte_t *ptep,
		      pmd_t *pmdp, pmd_t pmd)
{
	spinlock_t *ptl = pte_lockptr(mm, &pmd);
	bool same;

	RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "page table read without RCU");
	spin_lock(ptl);
	same = pmd_same(pmd, pmdp_get(pmdp));
	if (same)
		copy_entries(copy, ptep);
	spin_unlock(ptl);
	return same;
}

/* End the copy at the first table entry; return false if nothing is left. */
static bool cut(struct vmwalk_table_copy *copy)
{
	u16 i;

	for (i = 0; i < copy->nr && copy->level != VMWALK_LEVEL_PTE; i++) {
		/* Fast path: same type as the leaf before */
		if (i && copy->level == VMWALK_LEVEL_PMD &&
		    vmwalk_arch_alike(copy->level, copy->value[i - 1], copy->value[i]))
			continue;
		if (vmwalk_entry_goes_on(copy->level, copy->value[i]))
			copy->nr = i;
	}
	return copy->nr;
}

static bool read_lower(struct vmwalk_table_copy *copy, struct mm_struct *mm, unsigned long addr,
		       unsigned long end, pud_t *pudp, pud_t pud)
{
	pmd_t *pmdp = pmd_offset_lockless(pudp, pud, addr);
	pte_t *ptep;
	bool done;
	pmd_t pmd;

	rcu_read_lock();
	pmd = pmdp_get_lockless(pmdp);
	if (vmwalk_entry_goes_on(VMWALK_LEVEL_PMD, pmd_val(pmd))) {
		ptep = pte_offset_kernel(&pmd, addr);
		begin(copy, VMWALK_LEVEL_PTE, addr, ptep,
		      entries_up_to(VMWALK_LEVEL_PTE, addr, end));
		done = copy_ptes(copy, mm, ptep, pmdp, pmd);
	} else {
		begin(copy, VMWALK_LEVEL_PMD, addr, pmdp,
		      entries_up_to(VMWALK_LEVEL_PMD, addr, end));
		copy_locked(copy, mm, pmdp);
		done = cut(copy);
	}
	rcu_read_unlock();
	return done;
}

/**
 * vmwalk_table_copy_read() - copy the last-level entries from an address on
 * @copy: filled, except @parent and @shadow
 * @mm: mmap lock held
 * @addr: an address of a VMA
 * @end: end of the VMA or of the requested range
 *
 * Copies at the level where the path of @addr ends: up to @end, the end of the table,
 * or the first entry that points to a table.
 *
 * Return: true; false if the tables changed meanwhile and the caller should retry.
 */
bool vmwalk_table_copy_read(struct vmwalk_table_copy *copy, struct mm_struct *mm,
			    unsigned long addr, unsigned long end)
{
	struct vmwalk_descent descent = {};
	pud_t *pudp;
	pud_t pud;
	u8 level;

	mmap_assert_locked(mm);
	if (vmwalk_upper_read(&descent, mm, addr, &pudp, &pud))
		return read_lower(copy, mm, addr, end, pudp, pud);
	level = descent.last;
	begin(copy, level, addr, descent.entryp[level], entries_up_to(level, addr, end));
	copy_locked(copy, mm, descent.entryp[level]);
	return cut(copy);
}

/* Entries of the root above task_size are the kernel's. */
static u16 entries_of(const struct mm_struct *mm, u8 level)
{
	if (level == vmwalk_arch_top())
		return ((mm->task_size - 1) >> vmwalk_arch_shift(level)) + 1;
	return vmwalk_arch_entries(level);
}

static void begin_table(struct vmwalk_table_copy *copy, struct mm_struct *mm,
			const struct vmwalk_descent *descent, u8 level, unsigned long addr)
{
	u64 *firstp = (u64 *)descent->entryp[level] - vmwalk_level_index(level, addr);
	unsigned long span = covered(level) * vmwalk_arch_entries(level);
	u8 top = vmwalk_arch_top();

	begin(copy, level, level == top ? 0 : addr & ~(span - 1), firstp,
	      entries_of(mm, level));
	copy->parent = level == top ? 0 : descent->value[level - 1];
	copy->shadow = 0;
	if (level == top + 1 && vmwalk_arch_has_shadow())
		copy->shadow = vmwalk_arch_shadow(descent->entryp[top]);
}

static void *first_of(const struct vmwalk_table_copy *copy)
{
	return __va(copy->table);
}

static int read_pte_table(struct vmwalk_table_copy *copy, struct mm_struct *mm,
			  struct vmwalk_descent *descent, unsigned long addr, pmd_t *pmdp)
{
	pmd_t pmd;
	int err = 1;

	rcu_read_lock();
	pmd = pmdp_get_lockless(pmdp);
	vmwalk_descent_note(descent, VMWALK_LEVEL_PMD, pmdp, pmd_val(pmd));
	if (vmwalk_entry_goes_on(VMWALK_LEVEL_PMD, pmd_val(pmd))) {
		vmwalk_descent_note(descent, VMWALK_LEVEL_PTE, pte_offset_kernel(&pmd, addr), 0);
		begin_table(copy, mm, descent, VMWALK_LEVEL_PTE, addr);
		if (!copy_ptes(copy, mm, first_of(copy), pmdp, pmd))
			err = -EAGAIN;
	} else {
		copy->level = VMWALK_LEVEL_PMD;
		err = 0;
	}
	rcu_read_unlock();
	return err;
}

/**
 * vmwalk_table_copy_whole() - copy a whole table
 * @copy: filled; of the root only the entries of the user range
 * @mm: mmap lock held
 * @addr: an address of a VMA
 * @level: the kernel's level of the table
 *
 * The table may also hold entries outside the VMA. That is safe: free_pgtables() keeps
 * every table that covers an address of a VMA.
 *
 * Return: 1; 0 if the path of @addr ends above, at @copy->level; -EAGAIN if the tables
 * changed meanwhile and the caller should retry.
 */
int vmwalk_table_copy_whole(struct vmwalk_table_copy *copy, struct mm_struct *mm,
			    unsigned long addr, u8 level)
{
	struct vmwalk_descent descent = {};
	pud_t *pudp;
	pud_t pud;

	mmap_assert_locked(mm);
	if (vmwalk_upper_read(&descent, mm, addr, &pudp, &pud) && level > VMWALK_LEVEL_PUD) {
		pmd_t *pmdp = pmd_offset_lockless(pudp, pud, addr);

		if (level == VMWALK_LEVEL_PTE)
			return read_pte_table(copy, mm, &descent, addr, pmdp);
		vmwalk_descent_note(&descent, VMWALK_LEVEL_PMD, pmdp, 0);
	}
	if (level > descent.last) {
		copy->level = descent.last;
		return 0;
	}
	begin_table(copy, mm, &descent, level, addr);
	copy_locked(copy, mm, first_of(copy));
	return 1;
}
