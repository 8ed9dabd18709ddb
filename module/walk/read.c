// SPDX-License-Identifier: GPL-2.0
/*
 * The reader of page tables: one address, neighbouring entries, a whole table, or the
 * entry of a fault, each from the root down.
 *
 * Lock rule: the caller holds the mmap lock, or in a fault the VMA's, and a VMA covers
 * the address; a probe may do without (below). That keeps the root, P4D, PUD and PMD
 * tables: free_pgtables() runs only after the VMAs left the tree under the write lock,
 * and keeps tables that a remaining VMA needs. A PMD table that hugetlb shares between
 * processes can be unshared and freed without the mmap lock; for such a VMA i_mmap_rwsem
 * is held too. PTE tables can be freed at any time (khugepaged from 6.6, zapping from
 * 6.14): RCU keeps the table of the PMD that was read, and that PMD is read again under
 * the lock of the table, which is what __pte_offset_map_lock() does; it is not exported.
 *
 * The last entries of a path are read under the lock of their table, because mprotect(),
 * copy-on-write and others clear an entry for a moment under it. The same lock pins the
 * folio of each normal entry, so pages are looked at there, too. Entries above the PUD
 * need no lock: under the mmap lock they can be filled, but not cleared.
 *
 * In a probe the lock of a table is tried, never waited for: interrupts are off, and the
 * owner may be waiting for this CPU to take an IPI. Where not even the VMA's lock is
 * held, the mm is current's own and disabled interrupts keep its tables, as in
 * perf_get_pgtable_size(): whoever frees one first waits for RCU or for an IPI to every
 * CPU that uses the mm. The lock of a table can be freed before the table, so it is not
 * even tried there. Without the lock an entry is reported unless it is empty, but no
 * page.
 */
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/rcupdate.h>

#include "compat/compat.h"
#include "walk.h"
#include "raw_entry.h"

/*
 * Attempts in a probe to take the lock of a table, some hundreds of nanoseconds in all:
 * as long as another CPU holds it to fault in a page. More would not help. An owner that
 * holds it for longer may be waiting for this CPU to take an IPI (a TLB flush, for one),
 * which it does only once the probe has ended.
 */
#define PROBE_TRIES	8

/*
 * A constant of each caller, so that the functions that are inlined there lose what it
 * does not need: the counting, for one, if it reads a single entry, as WALK and the probes
 * do. Only the policy of the probes and the level of a whole table are variable.
 */
struct read_how {
	enum vmwalk_read_policy policy;
	u8 want;			/* level to read at; the path may end above it */
	bool whole;			/* all entries, even those that point to tables */
	bool one;			/* one entry, whatever @room and @end are */
};

/*
 * Read the entry of one level above the PTE. Return the next table, or NULL if the path
 * ends here. Inline with a constant level, so that its shift and tests are constants too.
 */
static __always_inline u64 *read_level(struct vmwalk_path *path, u64 *table, unsigned long addr,
				       const u8 level)
{
	u64 *entryp = table + vmwalk_level_index(level, addr);
	u64 value = READ_ONCE(*entryp);

	vmwalk_path_note(path, level, entryp, value);
	/* Every supported architecture keeps page tables in the direct map. */
	return vmwalk_entry_goes_on(level, value) ? __va(vmwalk_arch_table(value)) : NULL;
}

/*
 * Follow the path of @addr to @level, or to the entry that ends it above. A PTE is noted
 * as 0: read_entries() reads it, with the lock that the policy takes.
 */
static __always_inline void read_path(struct vmwalk_path *path, const struct mm_struct *mm,
				      unsigned long addr, u8 level)
{
	u64 *table = (u64 *)mm->pgd;
	const u8 top = vmwalk_arch_top();

	if (top == VMWALK_LEVEL_PGD) {
		table = read_level(path, table, addr, VMWALK_LEVEL_PGD);
		if (!table || level == VMWALK_LEVEL_PGD)
			return;
	}
	if (top <= VMWALK_LEVEL_P4D) {
		table = read_level(path, table, addr, VMWALK_LEVEL_P4D);
		if (!table || level == VMWALK_LEVEL_P4D)
			return;
	}
	table = read_level(path, table, addr, VMWALK_LEVEL_PUD);
	if (!table || level == VMWALK_LEVEL_PUD)
		return;
	table = read_level(path, table, addr, VMWALK_LEVEL_PMD);
	if (!table || level == VMWALK_LEVEL_PMD)
		return;
	RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "nothing keeps the PTE table");
	table += vmwalk_level_index(VMWALK_LEVEL_PTE, addr);
	vmwalk_path_note(path, VMWALK_LEVEL_PTE, table, 0);
}

static __always_inline void set_entries(struct vmwalk_slice *slice, unsigned long addr,
					unsigned long end, const struct read_how how)
{
	u8 level = slice->path.last, shift = vmwalk_arch_shift(level);
	unsigned long nr = ((end - 1) >> shift) - (addr >> shift) + 1;

	slice->level = level;
	slice->start = addr >> shift << shift;
	slice->addr = addr;
	slice->end = end;
	if (how.one) {
		slice->nr = 1;
		return;
	}
	nr = min_t(unsigned long, nr,
		   vmwalk_arch_entries(level) - vmwalk_level_index(level, addr));
	/* cut_at_table() looks at all entries: read them in one hold of the lock. */
	if (slice->look && level != VMWALK_LEVEL_PTE)
		nr = min_t(unsigned long, nr, VMWALK_LOOK_MAX);
	slice->nr = min_t(unsigned long, nr, slice->room);
}

static __always_inline void copy_entries(struct vmwalk_slice *slice, u16 at, u16 end)
{
	const u64 *from = slice->path.entryp[slice->level] + at;
	u64 *to = slice->value + at, *const stop = slice->value + end;

	for (; to + 8 <= stop; to += 8, from += 8) {
		to[0] = READ_ONCE(from[0]);
		to[1] = READ_ONCE(from[1]);
		to[2] = READ_ONCE(from[2]);
		to[3] = READ_ONCE(from[3]);
		to[4] = READ_ONCE(from[4]);
		to[5] = READ_ONCE(from[5]);
		to[6] = READ_ONCE(from[6]);
		to[7] = READ_ONCE(from[7]);
	}
	for (; to < stop; to++, from++)
		*to = READ_ONCE(*from);
}

/*
 * A slice that is not @whole holds only entries that end a path: the next call reads the
 * table below.
 */
static void cut_at_table(struct vmwalk_slice *slice)
{
	u64 mask = vmwalk_arch_frame_mask(slice->level, slice->value[0]);
	u16 i;

	for (i = 0; i < slice->nr; i++) {
		/* Shortcut: a leaf like the first entry points to no table. */
		if (mask && !((slice->value[i] ^ slice->value[0]) & ~mask))
			continue;
		if (vmwalk_entry_goes_on(slice->level, slice->value[i]))
			slice->nr = i;
	}
}

/* Return the lock of the table of the last entry; NULL above the PUD: none is needed. */
static spinlock_t *lock_of(const struct vmwalk_path *path, struct mm_struct *mm,
			   struct vm_area_struct *vma)
{
	pmd_t pmd = __pmd(path->value[VMWALK_LEVEL_PMD]);

	if (path->last == VMWALK_LEVEL_PTE)
		return vmwalk_hugetlb_lockptr(vma, mm, pte_lockptr(mm, &pmd));
	if (path->last == VMWALK_LEVEL_PMD)
		return vmwalk_hugetlb_lockptr(vma, mm,
					      pmd_lockptr(mm, (pmd_t *)path->entryp[path->last]));
	if (path->last == VMWALK_LEVEL_PUD)
		return pud_lockptr(mm, (pud_t *)path->entryp[path->last]);
	return NULL;
}

/*
 * An unchanged PMD shows that this is still the table of the address, for as long as the
 * lock of the table is held: whoever frees the table clears the PMD before it waits for
 * that lock. Without the lock it has to be read again after the entries.
 */
static bool is_table_of_path(const struct vmwalk_path *path)
{
	return path->last != VMWALK_LEVEL_PTE ||
	       READ_ONCE(*path->entryp[VMWALK_LEVEL_PMD]) == path->value[VMWALK_LEVEL_PMD];
}

/*
 * Read the entries from @at up to @end, which are part of the slice. The lock of the
 * table is held, unless it has none or @slice->locked is false.
 */
static __always_inline bool read_entries(struct vmwalk_slice *slice, u16 at, u16 end,
					 const struct read_how how)
{
	if (!is_table_of_path(&slice->path))
		return false;
	copy_entries(slice, at, end);
	/* Without the lock, the table may have been freed while it was read. */
	if (!slice->locked && !is_table_of_path(&slice->path))
		return false;
	if (!how.whole && slice->level != VMWALK_LEVEL_PTE)
		cut_at_table(slice);
	if (!slice->nr)
		return false;
	slice->path.value[slice->level] = slice->value[0];
	if (slice->look)
		slice->look(slice, at, min(end, slice->nr));
	return true;
}

/*
 * Pages are looked at in holds of VMWALK_LOOK_MAX entries, so that the page faults of the
 * target do not wait long. What an earlier hold has read stays if the table goes away in
 * between.
 */
static __always_inline bool read_locked(struct vmwalk_slice *slice, spinlock_t *ptl,
					const struct read_how how)
{
	u16 step = slice->look ? VMWALK_LOOK_MAX : slice->nr, at;
	bool done = true;

	slice->locked = true;
	if (!ptl)
		return read_entries(slice, 0, slice->nr, how);
	if (how.one) {
		spin_lock(ptl);
		done = read_entries(slice, 0, 1, how);
		spin_unlock(ptl);
		return done;
	}
	for (at = 0; at < slice->nr && done; at += step) {
		spin_lock(ptl);
		done = read_entries(slice, at, min_t(u16, at + step, slice->nr), how);
		spin_unlock(ptl);
	}
	if (done || at <= step)
		return done;
	slice->nr = at - step;
	return true;
}

static __always_inline bool read_tried(struct vmwalk_slice *slice, spinlock_t *ptl,
				       const struct read_how how)
{
	bool done;

	slice->locked = true;
	if (!ptl)
		return read_entries(slice, 0, slice->nr, how);
	if (!vmwalk_spin_trylock(ptl))
		return false;
	__acquire(ptl);
	done = read_entries(slice, 0, slice->nr, how);
	spin_unlock(ptl);
	return done;
}

/*
 * An empty entry may be one that its owner has cleared for a moment: only the lock tells,
 * however often the entry is read, since its owner may be waiting for this CPU.
 */
static __always_inline bool read_unlocked(struct vmwalk_slice *slice, spinlock_t *ptl,
					  const struct read_how how)
{
	slice->locked = !ptl;
	return read_entries(slice, 0, slice->nr, how) &&
	       (slice->locked || !vmwalk_entry_is_none(slice->level, slice->value[0]));
}

static __always_inline bool read_by_policy(struct vmwalk_slice *slice, spinlock_t *ptl,
					   const struct read_how how)
{
	switch (how.policy) {
	case VMWALK_READ_LOCKED:
		return read_locked(slice, ptl, how);
	case VMWALK_READ_TRIED:
		return read_tried(slice, ptl, how);
	default:
		return read_unlocked(slice, ptl, how);
	}
}

static __always_inline bool read_once(struct vmwalk_slice *slice, struct mm_struct *mm,
				      struct vm_area_struct *vma, unsigned long addr,
				      unsigned long end, const struct read_how how)
{
	struct vmwalk_path *path = &slice->path;
	bool done;

	rcu_read_lock();
	read_path(path, mm, addr, how.want);
	slice->level = path->last;
	slice->nr = 0;
	if (how.whole && path->last != how.want) {
		done = true;
	} else {
		set_entries(slice, addr, end, how);
		done = read_by_policy(slice, lock_of(path, mm, vma), how);
	}
	rcu_read_unlock();
	return done;
}

/*
 * Return false if no attempt succeeded. In a probe, which must not wait for a lock, the
 * attempts take the place of waiting.
 */
static __always_inline bool read_slice(struct vmwalk_slice *slice, struct mm_struct *mm,
				       struct vm_area_struct *vma, unsigned long addr,
				       unsigned long end, const struct read_how how)
{
	int tries = how.policy == VMWALK_READ_LOCKED ? VMWALK_READ_TRIES : PROBE_TRIES;

	while (!read_once(slice, mm, vma, addr, end, how)) {
		if (!--tries)
			return false;
		cpu_relax();
	}
	return true;
}

/* Works for every path: read_path() always notes the root entry. */
static void read_user_root(struct vmwalk_path *path)
{
	path->user_root = 0;
	if (vmwalk_arch_has_shadow())
		path->user_root = vmwalk_arch_shadow(path->entryp[vmwalk_arch_top()]);
}

/*
 * Do not wait with the mmap lock held: that would hold up the page faults of the target.
 */
static bool lock_shared_tables(struct vm_area_struct *vma)
{
	if (!is_vm_hugetlb_page(vma) || !(vma->vm_flags & VM_MAYSHARE))
		return true;
	return down_read_trylock(&vma->vm_file->f_mapping->i_mmap_rwsem);
}

static void unlock_shared_tables(struct vm_area_struct *vma)
{
	if (is_vm_hugetlb_page(vma) && vma->vm_flags & VM_MAYSHARE)
		up_read(&vma->vm_file->f_mapping->i_mmap_rwsem);
}

/*
 * i_mmap_rwsem keeps tables that processes share, by rule (2.2) for page-table walks in
 * include/linux/hugetlb.h. The VMA keeps the file.
 */
static __always_inline bool read_vma(struct vmwalk_slice *slice, struct vm_area_struct *vma,
				     unsigned long addr, unsigned long end,
				     const struct read_how how)
{
	bool done = false;

	mmap_assert_locked(vma->vm_mm);
	slice->nr = 0;
	if (lock_shared_tables(vma)) {
		done = read_slice(slice, vma->vm_mm, vma, addr, end, how);
		unlock_shared_tables(vma);
	} else {
		/* hugetlb shares PMD tables; those above belong to this mm alone. */
		read_path(&slice->path, vma->vm_mm, addr, VMWALK_LEVEL_PUD);
		slice->level = slice->path.last;
	}
	read_user_root(&slice->path);
	return done;
}

/**
 * vmwalk_read() - read neighbouring entries that end a path, from that of an address on
 * @slice: @value, @room and @look are set; the rest is filled
 * @vma: the VMA that covers @addr, its mmap lock held
 * @addr: first address
 * @end: first address past the range, at most the end of the VMA
 *
 * Reads at the level where the path of @addr ends: up to @end, the end of the table, the
 * first entry that points to a table, or @room entries, or, with @look and above the
 * last level, VMWALK_LOOK_MAX entries; fewer if @look stops, or the table goes away after
 * some were read. @look is called with the lock of the table held, if it has one, for
 * some entries at a time, and from the first entry on when an attempt is repeated.
 *
 * Return: true; false if the tables kept changing, or if i_mmap_rwsem of a hugetlb file
 * could not be taken without waiting: drop the mmap lock before the next call.
 */
bool vmwalk_read(struct vmwalk_slice *slice, struct vm_area_struct *vma, unsigned long addr,
		 unsigned long end)
{
	const struct read_how how = {
		.policy = VMWALK_READ_LOCKED,
		.want = VMWALK_LEVEL_PTE,
	};

	return read_vma(slice, vma, addr, end, how);
}

/**
 * vmwalk_read_one() - read the entry that ends the path of an address
 * @slice: @value, for one entry, and @look are set; the rest is filled
 * @vma: the VMA that covers @addr, its mmap lock held
 * @addr: the address
 *
 * Return: as vmwalk_read().
 */
bool vmwalk_read_one(struct vmwalk_slice *slice, struct vm_area_struct *vma, unsigned long addr)
{
	const struct read_how how = {
		.policy = VMWALK_READ_LOCKED,
		.want = VMWALK_LEVEL_PTE,
		.one = true,
	};

	return read_vma(slice, vma, addr, addr + 1, how);
}

/**
 * vmwalk_read_table() - read a whole table; of the root only the entries of the user
 * range
 * @slice: @value, @room (for a whole table) and @look (NULL) are set; the rest is filled
 * @vma: a VMA, its mmap lock held
 * @addr: an address of the VMA
 * @level: the kernel's level of the table
 *
 * The table may hold entries outside the VMA, too. free_pgtables() keeps every table that
 * covers an address of a VMA.
 *
 * Return: as vmwalk_read(). If the path of @addr ends above @level, @slice->level is
 * where, and nothing is read.
 */
bool vmwalk_read_table(struct vmwalk_slice *slice, struct vm_area_struct *vma, unsigned long addr,
		       u8 level)
{
	unsigned long span = (unsigned long)vmwalk_arch_entries(level) << vmwalk_arch_shift(level);
	unsigned long start = level == vmwalk_arch_top() ? 0 : addr & ~(span - 1);
	const struct read_how how = {
		.policy = VMWALK_READ_LOCKED,
		.want = level,
		.whole = true,
	};

	return read_vma(slice, vma, start,
			level == vmwalk_arch_top() ? vma->vm_mm->task_size : start + span, how);
}

/*
 * huge_pmd_share() needs a VMA that covers all that the table can map, and a VMA that is
 * split unshares its tables.
 */
static bool may_share_table(struct vm_area_struct *vma, unsigned long addr)
{
	unsigned long start = addr & PUD_MASK;

	return is_vm_hugetlb_page(vma) && vma->vm_flags & VM_MAYSHARE && vma->vm_start <= start &&
	       vma->vm_end - start >= PUD_SIZE;
}

/*
 * PREEMPT_RT: spin_trylock() is not allowed with interrupts off. Disabled interrupts
 * alone keep the tables that hugetlb shares, but not their lock.
 */
static u8 probe_policy(struct vm_area_struct *vma, unsigned long addr)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT) || !vma || may_share_table(vma, addr))
		return VMWALK_READ_UNLOCKED;
	return VMWALK_READ_TRIED;
}

/**
 * vmwalk_read_in_probe() - read the last entry of an address without waiting
 * @slice: @value and @look are set; the rest is filled
 * @mm: the mm; current's own unless @vma is given
 * @vma: the VMA that covers @addr, its lock held by current's fault; NULL if none is held
 * @addr: an address below the end of the user range
 *
 * @look is called once the entry was read, with the lock of the table held if
 * @slice->locked.
 *
 * Context: Interrupts off.
 * Return: true; false if the entry kept changing, or was empty and the lock of its table
 * was not to be had or may not be tried.
 */
bool vmwalk_read_in_probe(struct vmwalk_slice *slice, struct mm_struct *mm,
			  struct vm_area_struct *vma, unsigned long addr)
{
	struct read_how how = {
		.policy = probe_policy(vma, addr),
		.want = VMWALK_LEVEL_PTE,
		.one = true,
	};
	bool done;

	lockdep_assert_irqs_disabled();
	done = read_slice(slice, mm, vma, addr, addr + 1, how);
	if (!done && how.policy == VMWALK_READ_TRIED) {
		/*
		 * Without the lock, an entry that is not empty is still reported, but not
		 * its page.
		 */
		how.policy = VMWALK_READ_UNLOCKED;
		done = read_once(slice, mm, vma, addr, addr + 1, how);
	}
	read_user_root(&slice->path);
	return done;
}
