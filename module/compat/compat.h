/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Compatibility with older kernels; the only file that tests the kernel's version.
 *
 * The other files use the names of the newest kernel. Kbuild finds the VMWALK_HAVE_* in
 * the kernel's headers. The tests run 6.1, 6.12 and 7.2: a comment names the newest of
 * them that needs a block. Delete the block together with the support for that kernel.
 */
#ifndef VMWALK_COMPAT_H
#define VMWALK_COMPAT_H

#include <linux/version.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/kernel-page-flags.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/page_idle.h>
#include <linux/swap.h>
#include <linux/swapops.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "vmwalk needs Linux 6.1 or newer"
#endif
/* struct page and its counts changed in several steps between 6.1 and 6.12. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0) && !defined(VMWALK_HAVE_PAGE_TYPES)
#error "vmwalk knows the struct page of Linux 6.1 and of 6.12 or newer, and none between"
#endif

/* Releases of 6.1 before the attribute was backported */
#ifndef __uninitialized
#define __uninitialized
#endif

#if defined(CONFIG_X86_64)
#include "arch/x86.h"
#elif defined(CONFIG_ARM64)
/* 6.1: arm64 has no levels that fold at boot. */
#ifndef VMWALK_HAVE_RUNTIME_LEVELS
#define pgtable_l4_enabled()	(CONFIG_PGTABLE_LEVELS > 3)
#define pgtable_l5_enabled()	(CONFIG_PGTABLE_LEVELS > 4)
#endif
#include "arch/arm64.h"
#elif defined(CONFIG_RISCV) && defined(CONFIG_64BIT)
#include "arch/riscv.h"
#else
#error "vmwalk does not know this architecture's page tables"
#endif

/* 6.1 has no pXdp_get(). */
#ifndef VMWALK_HAVE_PMDP_GET
#define pgdp_get(pgdp)	READ_ONCE(*(pgdp))
#define p4dp_get(p4dp)	READ_ONCE(*(p4dp))
#define pudp_get(pudp)	READ_ONCE(*(pudp))
#define pmdp_get(pmdp)	READ_ONCE(*(pmdp))
#define pmdp_get_lockless(pmdp)	READ_ONCE(*(pmdp))
#endif

/* VM_ flags that this kernel lacks are 0, so that no VMA has them. */
#ifndef VM_SOFTDIRTY
#define VM_SOFTDIRTY	0
#endif
#ifndef VM_UFFD_MINOR
#define VM_UFFD_MINOR	0
#endif
#ifndef VM_UFFD_RWP
#define VM_UFFD_RWP	0
#endif
#ifndef VM_SHADOW_STACK
#define VM_SHADOW_STACK	0
#endif
#ifndef VM_DROPPABLE
#define VM_DROPPABLE	0
#endif
#ifndef VM_SEALED
#define VM_SEALED	0
#endif
#ifndef VM_ARM64_BTI
#define VM_ARM64_BTI	0
#endif
#ifndef VM_MTE
#define VM_MTE		0
#endif
#ifndef VM_MAYBE_GUARD
#define VM_MAYBE_GUARD	0
#endif

/* 6.12 and older: these bits depend on the configuration alone, not on the processor. */
#ifndef pgtable_supports_soft_dirty
#define pgtable_supports_soft_dirty()	IS_ENABLED(CONFIG_MEM_SOFT_DIRTY)
#endif
#ifndef pgtable_supports_uffd_wp
#define pgtable_supports_uffd_wp()	IS_ENABLED(CONFIG_HAVE_ARCH_USERFAULTFD_WP)
#endif

/* 7.2 and older: the userfaultfd bit of an entry only means write protection. */
#ifndef VMWALK_HAVE_PTE_UFFD
#define pte_uffd(pte)		pte_uffd_wp(pte)
#define pte_swp_uffd(pte)	pte_swp_uffd_wp(pte)
#endif

/* 6.1 has no poison marker and, like 6.12, no guard marker. */
#ifndef PTE_MARKER_POISONED
#define PTE_MARKER_POISONED	BIT(1)
#endif
#ifndef PTE_MARKER_GUARD
#define PTE_MARKER_GUARD	BIT(2)
#define VMWALK_COMPAT_GUARD	0
#else
#define VMWALK_COMPAT_GUARD	VMWALK_FEATURE_GUARD
#endif

/* 6.12 and older call software leaf entries swap entries. */
#ifdef VMWALK_HAVE_SOFTLEAF
#include <linux/leafops.h>
#else
/* Stable kernels define some of these names as macros, for backported fixes. */
#undef softleaf_from_pte
#undef softleaf_to_pfn
#define softleaf_t swp_entry_t

enum softleaf_type {
	SOFTLEAF_NONE,
	SOFTLEAF_SWAP,
	SOFTLEAF_MIGRATION_READ,
	SOFTLEAF_MIGRATION_READ_EXCLUSIVE,
	SOFTLEAF_MIGRATION_WRITE,
	SOFTLEAF_DEVICE_PRIVATE_READ,
	SOFTLEAF_DEVICE_PRIVATE_WRITE,
	SOFTLEAF_DEVICE_EXCLUSIVE,
	SOFTLEAF_HWPOISON,
	SOFTLEAF_MARKER,
};

static inline softleaf_t softleaf_from_pte(pte_t pte)
{
	if (pte_none(pte) || pte_present(pte))
		return (softleaf_t) { 0 };
	return pte_to_swp_entry(pte);
}

/* 6.1 has a swap type, not a marker, for a page that could not be read from swap. */
static inline bool vmwalk_is_swapin_error(softleaf_t entry)
{
#ifdef SWP_SWAPIN_ERROR
	return is_swapin_error_entry(entry);
#else
	return false;
#endif
}

static inline enum softleaf_type softleaf_type(softleaf_t entry)
{
	if (!entry.val)
		return SOFTLEAF_NONE;
	if (!non_swap_entry(entry))
		return SOFTLEAF_SWAP;
	if (is_writable_migration_entry(entry))
		return SOFTLEAF_MIGRATION_WRITE;
	if (is_readable_exclusive_migration_entry(entry))
		return SOFTLEAF_MIGRATION_READ_EXCLUSIVE;
	if (is_migration_entry(entry))
		return SOFTLEAF_MIGRATION_READ;
	if (is_writable_device_private_entry(entry))
		return SOFTLEAF_DEVICE_PRIVATE_WRITE;
	if (is_device_private_entry(entry))
		return SOFTLEAF_DEVICE_PRIVATE_READ;
	if (is_device_exclusive_entry(entry))
		return SOFTLEAF_DEVICE_EXCLUSIVE;
	if (is_hwpoison_entry(entry))
		return SOFTLEAF_HWPOISON;
	if (is_pte_marker_entry(entry) || vmwalk_is_swapin_error(entry))
		return SOFTLEAF_MARKER;
	return SOFTLEAF_NONE;
}

static inline unsigned long softleaf_to_pfn(softleaf_t entry)
{
	return swp_offset(entry) & SWP_PFN_MASK;
}

static inline unsigned long softleaf_to_marker(softleaf_t entry)
{
	return vmwalk_is_swapin_error(entry) ? PTE_MARKER_POISONED : swp_offset(entry);
}
#endif

/* 6.1: /proc/PID/maps shows f_path and file_inode(), on a stacked filesystem too. */
#ifndef VMWALK_HAVE_FILE_USER_PATH
#define file_user_path(file)	(&(file)->f_path)
#endif
#ifndef VMWALK_HAVE_FILE_USER_INODE
#define file_user_inode(file)	file_inode(file)
#endif

/* 6.1: heap and stack by the rules of its show_map_vma() */
#ifndef VMWALK_HAVE_INITIAL_VMAS
static inline bool vma_is_initial_heap(const struct vm_area_struct *vma)
{
	return vma->vm_start <= vma->vm_mm->brk && vma->vm_end >= vma->vm_mm->start_brk;
}

static inline bool vma_is_initial_stack(const struct vm_area_struct *vma)
{
	return vma->vm_start <= vma->vm_mm->start_stack &&
	       vma->vm_end >= vma->vm_mm->start_stack;
}
#endif

/*
 * anon_vma_name() is not exported. The name is replaced only under the mmap write lock.
 * On 6.1 anon_name shares a union with members for file mappings, which have no name.
 */
static inline const char *vmwalk_anon_name(struct vm_area_struct *vma)
{
#ifdef CONFIG_ANON_VMA_NAME
	mmap_assert_locked(vma->vm_mm);
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
	if (vma->vm_file)
		return NULL;
#endif
	if (vma->anon_name)
		return vma->anon_name->name;
#endif
	return NULL;
}

/* Without CONFIG_PER_VMA_LOCK, as in 6.1, only the mmap lock can be held. */
static inline void vmwalk_assert_vma_locked(struct vm_area_struct *vma)
{
#ifdef CONFIG_PER_VMA_LOCK
	if (!rwsem_is_locked(&vma->vm_mm->mmap_lock))
		vma_assert_locked(vma);
#else
	mmap_assert_locked(vma->vm_mm);
#endif
}

/* 6.1: handle_mm_fault() sets VM_FAULT_WRITE for get_user_pages(). */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define VMWALK_COMPAT_VM_FAULT_WRITE	((__force u32)VM_FAULT_WRITE)
#else
#define VMWALK_COMPAT_VM_FAULT_WRITE	0
#endif

/*
 * sparse reports a lock imbalance for each spin_trylock(). For sparse this declaration
 * replaces it, and callers add __acquire().
 */
#ifdef __CHECKER__
bool vmwalk_spin_trylock(spinlock_t *lock);
#else
#define vmwalk_spin_trylock(lock)	spin_trylock(lock)
#endif

/*
 * 6.1: the lock of a hugetlb page that is not of the size of a PMD entry (arm64: 64 KiB,
 * 32 MiB) is that of the mm, not that of its table; see huge_pte_lockptr().
 */
static inline spinlock_t *vmwalk_hugetlb_lockptr(struct vm_area_struct *vma, struct mm_struct *mm,
						 spinlock_t *table_lock)
{
#if defined(CONFIG_HUGETLB_PAGE) && !defined(VMWALK_HAVE_PTEP_LOCKPTR)
	if (vma && is_vm_hugetlb_page(vma) && huge_page_size(hstate_vma(vma)) != PMD_SIZE)
		return &mm->page_table_lock;
#endif
	return table_lock;
}

/* 6.1: the value lacks what threads keep in their own counters. */
#ifndef VMWALK_HAVE_MM_COUNTER_SUM
#define get_mm_counter_sum(mm, member)	get_mm_counter(mm, member)
#endif

/* 6.12 and older: page flags are a plain word. */
#ifdef VMWALK_HAVE_MEMDESC_FLAGS
#define vmwalk_page_flags(page)	READ_ONCE((page)->flags.f)
#define vmwalk_page_set_flags(page, word)	((page)->flags.f = (word))
#else
#define vmwalk_page_flags(page)	READ_ONCE((page)->flags)
#define vmwalk_page_set_flags(page, word)	((page)->flags = (word))
#endif

/*
 * Bit 0 of the word that points to the head marks a tail page. The word was called
 * compound_head in 6.12 and older.
 */
static inline bool vmwalk_page_is_tail(const struct page *page)
{
#ifdef VMWALK_HAVE_COMPOUND_INFO
	return page->compound_info & 1;
#else
	return page->compound_head & 1;
#endif
}

/*
 * Copies of the struct pages that describe one page, for the kernel's accessors: on a
 * live page that is being split they could hit VM_BUG_ON_PAGE(), and two reads of a word
 * could differ.
 */
struct vmwalk_page_copy {
	union {
		struct folio folio;
		struct page pages[2];	/* the head; [1] is valid for large folios */
	};
	struct page tail;
	struct page *page;		/* &pages[0], or &tail if the page is not the head */
	unsigned long pfn;
	unsigned long index;		/* in the folio, pages; not that in the file */
	bool huge_zero;			/* told by the entry and the lack of a mapping */
	bool part_mapped;		/* from vmwalk_parts_mapped(); used on 6.1 only */
};

/* 6.1: the destructor of the folio tells hugetlb. */
static inline bool vmwalk_copy_is_hugetlb(struct vmwalk_page_copy *copy)
{
#ifdef VMWALK_HAVE_PAGE_TYPES
	return folio_test_hugetlb(&copy->folio);
#else
	return folio_test_large(&copy->folio) &&
	       copy->pages[1].compound_dtor == HUGETLB_PAGE_DTOR;
#endif
}

#ifdef VMWALK_HAVE_PAGE_TYPES
static inline bool vmwalk_copy_has_type(const struct page *page)
{
	return page_has_type(page);
}

/*
 * With CONFIG_NO_PAGE_MAPCOUNT (from 6.15) the pages of a larger folio have no counts.
 * The folio has three facts: how often it is mapped whole, how often its pages are mapped
 * in all, and if several processes may have mapped it. hugetlb folios are only mapped
 * whole.
 */
static inline bool vmwalk_copy_counts_pages(struct vmwalk_page_copy *copy)
{
	return !IS_ENABLED(CONFIG_NO_PAGE_MAPCOUNT) || !folio_test_large(&copy->folio) ||
	       vmwalk_copy_is_hugetlb(copy);
}

/*
 * Return what folio_average_page_mapcount() would: the value in /proc/kpagecount for
 * pages that have no count of their own.
 */
static inline u32 vmwalk_copy_average(struct vmwalk_page_copy *copy)
{
	unsigned int pages = 1U << (folio_order(&copy->folio) & 31);
	int whole = folio_entire_mapcount(&copy->folio);
	int parts = folio_mapcount(&copy->folio) - whole;

	if (parts <= 0)
		return max(whole, 0);
	return max(whole + DIV_ROUND_CLOSEST((unsigned int)parts, pages), 1U);
}

/*
 * Return the value in /proc/kpagecount: what folio_precise_page_mapcount() would return,
 * or the average where the page has no count.
 */
static inline u32 vmwalk_copy_mapcount(struct vmwalk_page_copy *copy)
{
	int mapcount = atomic_read(&copy->page->_mapcount) + 1;

	if (!vmwalk_copy_counts_pages(copy))
		return vmwalk_copy_average(copy);
	if (page_mapcount_is_type(mapcount))
		mapcount = 0;
	if (folio_test_large(&copy->folio))
		mapcount += folio_entire_mapcount(&copy->folio);
	return mapcount;
}

/* Test if the counts of the pages of a folio may differ: some are mapped by themselves. */
static inline bool vmwalk_copy_parts_differ(struct vmwalk_page_copy *copy)
{
	return folio_test_large(&copy->folio) && vmwalk_copy_counts_pages(copy) &&
	       folio_mapcount(&copy->folio) != folio_entire_mapcount(&copy->folio);
}

/* Return enum vmwalk_page_traits: those of a mapcount that is an average, else 0. */
static inline u32 vmwalk_copy_count_traits(struct vmwalk_page_copy *copy)
{
#ifdef CONFIG_NO_PAGE_MAPCOUNT
	if (!vmwalk_copy_counts_pages(copy))
		return folio_maybe_mapped_shared(&copy->folio) ?
		       VMWALK_PAGE_AVERAGE | VMWALK_PAGE_MAYBE_SHARED : VMWALK_PAGE_AVERAGE;
#endif
	return 0;
}

static inline bool vmwalk_parts_mapped(struct page *head, unsigned long pages)
{
	return false;
}

static inline bool vmwalk_copy_is_mapped(struct vmwalk_page_copy *copy)
{
	return folio_mapped(&copy->folio);
}
#else
/* 6.1: page types are negative mapcounts, below PAGE_MAPCOUNT_RESERVE. */
static inline bool vmwalk_copy_has_type(const struct page *page)
{
	return (int)page->page_type < PAGE_MAPCOUNT_RESERVE;
}

/*
 * Return the value in /proc/kpagecount. __page_mapcount(), which the kernel calls for
 * compound pages, would not find the copies of the head and of the page after it.
 */
static inline u32 vmwalk_copy_mapcount(struct vmwalk_page_copy *copy)
{
	int mapcount = atomic_read(&copy->page->_mapcount) + 1;

	if (folio_test_slab(&copy->folio) || vmwalk_copy_has_type(copy->page))
		return 0;
	if (!folio_test_large(&copy->folio))
		return mapcount;
	if (!folio_test_anon(&copy->folio) && !vmwalk_copy_is_hugetlb(copy))
		return mapcount;
	mapcount += atomic_read(&copy->pages[1].compound_mapcount) + 1;
	if (test_bit(PG_double_map, &copy->pages[1].flags))
		mapcount--;
	return mapcount;
}

static inline bool vmwalk_copy_parts_differ(struct vmwalk_page_copy *copy)
{
	return copy->part_mapped;
}

static inline u32 vmwalk_copy_count_traits(struct vmwalk_page_copy *copy)
{
	return 0;
}

/*
 * 6.1 does not sum up the mappings of single pages of a folio: like folio_mapped(), look
 * at every page. The caller checks that these struct pages exist.
 */
static inline bool vmwalk_parts_mapped(struct page *head, unsigned long pages)
{
	unsigned long i;

	for (i = 0; i < pages; i++)
		if (atomic_read(&head[i]._mapcount) >= 0)
			return true;
	return false;
}

static inline bool vmwalk_copy_is_mapped(struct vmwalk_page_copy *copy)
{
	if (folio_test_slab(&copy->folio))
		return false;
	if (!folio_test_large(&copy->folio))
		return atomic_read(&copy->page->_mapcount) >= 0;
	if (atomic_read(&copy->pages[1].compound_mapcount) >= 0)
		return true;
	return !vmwalk_copy_is_hugetlb(copy) && copy->part_mapped;
}
#endif

/* As vmwalk_copy_mapcount(), for another page of the folio, which the caller keeps. */
static inline u32 vmwalk_copy_mapcount_of(struct vmwalk_page_copy *copy, const struct page *page)
{
	const int own = atomic_read(&copy->page->_mapcount);
	u32 mapcount;

	atomic_set(&copy->page->_mapcount, atomic_read(&page->_mapcount));
	mapcount = vmwalk_copy_mapcount(copy);
	atomic_set(&copy->page->_mapcount, own);
	return mapcount;
}

/* Test for a THP of any order; on 6.1 guess by LRU or anon, as stable_page_flags(). */
static inline bool vmwalk_copy_is_thp(struct vmwalk_page_copy *copy)
{
	if (!folio_test_large(&copy->folio) || vmwalk_copy_is_hugetlb(copy))
		return false;
#ifdef VMWALK_HAVE_LARGE_RMAPPABLE
	return folio_test_large_rmappable(&copy->folio);
#else
	return folio_test_lru(&copy->folio) || folio_test_anon(&copy->folio);
#endif
}

/* Return the index in base pages; on 6.1 that of a hugetlb folio counts huge pages. */
static inline u64 vmwalk_copy_index(struct vmwalk_page_copy *copy)
{
	u64 index = copy->folio.index;

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
	if (vmwalk_copy_is_hugetlb(copy))
		index <<= folio_order(&copy->folio);
#endif
	return index + copy->index;
}

/*
 * From 6.10 on /proc/kpageflags shows the flags word of the folio, but KPF_HWPOISON is
 * that of the page unless the folio is hugetlb. 6.1 shows the word of the page itself.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define VMWALK_COMPAT_KPAGEFLAGS	VMWALK_FEATURE_FOLIO_KPAGEFLAGS
#else
#define VMWALK_COMPAT_KPAGEFLAGS	0
#endif

static inline u64 vmwalk_kpf_by_version(unsigned long word)
{
	u64 flags = 0;

#ifdef VMWALK_HAVE_PG_OWNER_2
	if (word & BIT(PG_owner_2))
		flags |= BIT_ULL(KPF_OWNER_2);
#else
	if (word & BIT(PG_error))
		flags |= BIT_ULL(KPF_ERROR);
	if (word & BIT(PG_mappedtodisk))
		flags |= BIT_ULL(KPF_MAPPEDTODISK);
#endif
#ifdef CONFIG_ARCH_USES_PG_UNCACHED
	if (word & BIT(PG_uncached))
		flags |= BIT_ULL(KPF_UNCACHED);
#endif
#if defined(CONFIG_ARCH_USES_PG_ARCH_2) || \
	(defined(CONFIG_64BIT) && LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0))
	if (word & BIT(PG_arch_2))
		flags |= BIT_ULL(KPF_ARCH_2);
#endif
#ifdef CONFIG_ARCH_USES_PG_ARCH_3
	if (word & BIT(PG_arch_3))
		flags |= BIT_ULL(KPF_ARCH_3);
#endif
	return flags;
}

#ifdef CONFIG_MEMORY_FAILURE
#define VMWALK_PG_HWPOISON_MASK		BIT(PG_hwpoison)
#else
#define VMWALK_PG_HWPOISON_MASK		0
#endif

/*
 * 6.12 and older: sched_process_exit does not say whether the thread is the last of its
 * group. Two threads that exit at the same time can both find @live to be 0;
 * vmwalk_watch_leave() accepts the first.
 */
#ifdef VMWALK_HAVE_EXIT_GROUP_DEAD
#define VMWALK_PROBE_EXIT(probe, handler)					\
static void probe(void *data, struct task_struct *task, bool group_dead)	\
{										\
	handler(group_dead);							\
}
#else
#define VMWALK_PROBE_EXIT(probe, handler)					\
static void probe(void *data, struct task_struct *task)				\
{										\
	handler(!atomic_read(&task->signal->live));				\
}
#endif

/*
 * 6.12 and older: mm_collapse_huge_page does not pass the order, which is always that of
 * a PMD (HPAGE_PMD_ORDER does not compile without huge pages). Despite its name @isolated
 * is 1 if the collapse succeeded; the numbers in @status differ between kernels.
 */
#ifdef VMWALK_HAVE_COLLAPSE_ORDER
#define VMWALK_PROBE_COLLAPSE(probe, handler)					\
static void probe(void *data, struct mm_struct *mm, int isolated, int status,	\
		  unsigned int order)						\
{										\
	handler(mm, isolated, order);						\
}
#else
#define VMWALK_PROBE_COLLAPSE(probe, handler)					\
static void probe(void *data, struct mm_struct *mm, int isolated, int status)	\
{										\
	handler(mm, isolated, PMD_SHIFT - PAGE_SHIFT);				\
}
#endif

/*
 * The tracepoints of page-fault exceptions: 7.2 has them in trace/events/, 6.12 and older in a
 * header of x86, the only architecture that had them.
 */
#ifdef VMWALK_HAVE_TRACE_EXCEPTIONS
#include <trace/events/exceptions.h>
#elif defined(CONFIG_X86)
#include <asm/trace/exceptions.h>
#endif

/* It does not compile if the kernel passes other arguments to these two. */
static inline void vmwalk_check_exception(void (*probe)(void *data, unsigned long address,
							struct pt_regs *regs, unsigned long code))
{
#if defined(VMWALK_HAVE_TRACE_EXCEPTIONS) || defined(CONFIG_X86)
	check_trace_callback_type_page_fault_user(probe);
	check_trace_callback_type_page_fault_kernel(probe);
#endif
}

/* 6.12 and older */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
#define sockaddr_unsized	sockaddr
#endif

static inline int vmwalk_netlink_bind(struct socket *socket, struct sockaddr_nl *name)
{
	return kernel_bind(socket, (struct sockaddr_unsized *)name, sizeof(*name));
}

#endif
