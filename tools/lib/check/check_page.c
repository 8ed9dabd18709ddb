// SPDX-License-Identifier: GPL-2.0
/*
 * Compare one page, from a walk or a scan, with its entries in files of /proc. Pure. The
 * expected entries follow fs/proc/page.c, and pte_to_pagemap_entry() and the pagemap_*()
 * functions of fs/proc/task_mmu.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check.h"

/* Documentation/admin-guide/mm/pagemap.rst */
#define PM_FRAME	((1ULL << 55) - 1)
#define PM_SWAP_TYPE	0x1fULL
#define PM_SWAP_SHIFT	5
#define PM_SOFT_DIRTY	(1ULL << 55)
#define PM_EXCLUSIVE	(1ULL << 56)
#define PM_UFFD_WP	(1ULL << 57)
#define PM_FILE		(1ULL << 61)
#define PM_SWAP		(1ULL << 62)
#define PM_PRESENT	(1ULL << 63)

/*
 * KPF_BUDDY is not compared: stable_page_flags() also searches the buddy allocator, the
 * module does not.
 */
#define KPF_BUDDY_BIT	(1ULL << 10)
#define KPF_ANON_BIT	(1ULL << 12)
#define KPF_KSM_BIT	(1ULL << 21)

void vmwalk_conclude(struct vmwalk_check *check, enum vmwalk_result result,
		     const char *format, ...)
{
	va_list args;

	check->result = result;
	va_start(args, format);
	vsnprintf(check->reason, sizeof(check->reason), format, args);
	va_end(args);
}

void vmwalk_agree(struct vmwalk_check *check)
{
	check->result = VMWALK_CHECK_OK;
	check->reason[0] = '\0';
}

void vmwalk_leaf_of_walk(struct vmwalk_leaf *leaf, const struct vmwalk_address *walk)
{
	const struct vmwalk_entry *entry = &walk->entry[walk->call.leaf_level % VMWALK_LEVELS];

	*leaf = (struct vmwalk_leaf) {
		.vma_flags = walk->vma.flags,
		.pfn = walk->call.pfn,
		.swap_offset = walk->call.swap_offset,
		.swap_type = walk->call.swap_type,
		.flags = entry->flags,
		.marker = walk->call.marker,
		.redacted = walk->call.redacted,
		.got = walk->call.got & (VMWALK_GOT_VMA | VMWALK_GOT_ENTRIES | VMWALK_GOT_PFN |
				    VMWALK_GOT_SWAP | VMWALK_GOT_PAGE |
				    VMWALK_GOT_PAGE_CHANGED),
		.state = entry->type,
		.kind = walk->call.kind,
		.last = walk->call.leaf_level == VMWALK_LEVEL_PTE,
		.page = walk->page,
	};
}

/*
 * @run->first is a swap slot in state SWAP, else a PFN. @number: index of the page in the
 * run
 */
static void leaf_first(struct vmwalk_leaf *leaf, const struct vmwalk_run *run, __u64 number)
{
	if (!(run->got & VMWALK_RUN_FIRST))
		return;
	if (run->state == VMWALK_CLASS_SWAP) {
		leaf->got |= VMWALK_GOT_SWAP;
		leaf->swap_type = run->detail;
		leaf->swap_offset = run->first + number;
	} else {
		leaf->got |= VMWALK_GOT_PFN;
		leaf->pfn = run->first + number;
	}
}

void vmwalk_leaf_of_run(struct vmwalk_leaf *leaf, const struct vmwalk_run *run,
			const struct vmwalk_vma *vma, __u64 address, unsigned int page_shift,
			__u32 redacted)
{
	*leaf = (struct vmwalk_leaf) {
		.vma_flags = vma->flags,
		.flags = run->flags,
		.redacted = redacted,
		.got = VMWALK_GOT_VMA | VMWALK_GOT_ENTRIES,
		.state = run->state,
		.kind = run->kind,
		.last = run->page_shift == page_shift,
	};
	if (run->state == VMWALK_CLASS_CHANGED)
		leaf->got &= ~VMWALK_GOT_ENTRIES;
	if (run->state == VMWALK_CLASS_MARKER)
		leaf->marker = run->detail;
	leaf_first(leaf, run, (address - run->start) >> page_shift);
	if (run->got & VMWALK_RUN_PAGE && address == run->start) {
		leaf->got |= VMWALK_GOT_PAGE;
		leaf->page = run->page;
	}
	if (run->got & VMWALK_RUN_PAGE_CHANGED)
		leaf->got |= VMWALK_GOT_PAGE_CHANGED;
}

bool vmwalk_leaf_same(const struct vmwalk_leaf *a, const struct vmwalk_leaf *b)
{
	if (a->got != b->got || a->state != b->state || a->kind != b->kind ||
	    a->flags != b->flags || a->last != b->last || a->vma_flags != b->vma_flags ||
	    a->pfn != b->pfn || a->marker != b->marker ||
	    a->swap_type != b->swap_type || a->swap_offset != b->swap_offset)
		return false;
	return !(a->got & VMWALK_GOT_PAGE) ||
	       (a->page.kpageflags == b->page.kpageflags &&
		a->page.mapcount == b->page.mapcount && a->page.traits == b->page.traits);
}

bool vmwalk_leaf_wants_page(const struct vmwalk_leaf *leaf)
{
	return leaf->got & VMWALK_GOT_PFN && leaf->kind != VMWALK_KIND_NONE &&
	       leaf->kind != VMWALK_KIND_PFNMAP && !(leaf->redacted & VMWALK_REDACTED_PAGE);
}

/* Predict PM_FILE and PM_EXCLUSIVE; add to @known only those that are certain. */
static void expect_page(const struct vmwalk_leaf *leaf, __u64 *value, __u64 *known)
{
	if (leaf->kind == VMWALK_KIND_ZERO || leaf->kind == VMWALK_KIND_PFNMAP) {
		/* vm_normal_page() returns NULL for both, so pagemap sets neither bit. */
		*known |= PM_FILE | PM_EXCLUSIVE;
		return;
	}
	if (!(leaf->got & VMWALK_GOT_PAGE) || leaf->kind == VMWALK_KIND_HUGE_ZERO)
		return;
	*known |= PM_FILE;
	if (!(leaf->page.traits & VMWALK_PAGE_ANON))
		*value |= PM_FILE;
	/*
	 * PM_EXCLUSIVE is not certain: in a huge leaf, kernels derive it from the
	 * mapcount of the first page, of this page, or of the folio. For hugetlb, it also
	 * depends on hugetlb_pmd_shared(), which may read an unrelated field if a PTE
	 * table maps the page.
	 */
	if (!leaf->last || leaf->kind == VMWALK_KIND_HUGETLB)
		return;
	*known |= PM_EXCLUSIVE;
	if (leaf->page.mapcount && !vmwalk_page_maybe_shared(&leaf->page))
		*value |= PM_EXCLUSIVE;
}

static void expect_nonpresent(const struct vmwalk_leaf *leaf, __u64 *value, __u64 *known)
{
	if (leaf->vma_flags & VMWALK_VMA_BIT(VMWALK_VMA_HT))
		return;		/* pagemap_hugetlb_range() does not set PM_SWAP */
	*value |= PM_SWAP;
	if (leaf->state == VMWALK_CLASS_SWAP && leaf->got & VMWALK_GOT_SWAP) {
		*known |= PM_FRAME;
		*value |= leaf->swap_type | leaf->swap_offset << PM_SWAP_SHIFT;
	} else if (leaf->state != VMWALK_CLASS_MARKER && leaf->got & VMWALK_GOT_PFN) {
		/*
		 * In entries for migration, hwpoison and devices, the swap offset is the
		 * PFN; the number of the swap type differs between kernels.
		 */
		*known |= PM_FRAME & ~PM_SWAP_TYPE;
		*value |= leaf->pfn << PM_SWAP_SHIFT;
	}
}

static void expect_present(const struct vmwalk_leaf *leaf, __u64 *value, __u64 *known)
{
	*value |= PM_PRESENT;
	if (leaf->got & VMWALK_GOT_PFN) {
		*known |= PM_FRAME;
		*value |= leaf->pfn;
	}
	expect_page(leaf, value, known);
}

static void expect_pagemap(const struct vmwalk_leaf *leaf, __u64 *value, __u64 *known)
{
	bool hugetlb = leaf->vma_flags & VMWALK_VMA_BIT(VMWALK_VMA_HT);
	bool dirty = leaf->vma_flags & VMWALK_VMA_BIT(VMWALK_VMA_SD);

	*value = 0;
	*known = PM_PRESENT | PM_SWAP | PM_SOFT_DIRTY | PM_UFFD_WP;
	if (dirty || (leaf->flags & VMWALK_E_SOFTDIRTY && !hugetlb))
		*value |= PM_SOFT_DIRTY;
	/* walk_page_test() treats VM_PFNMAP as a hole: at most PM_SOFT_DIRTY is set. */
	if (leaf->vma_flags & VMWALK_VMA_BIT(VMWALK_VMA_PF)) {
		*value &= dirty ? ~0ULL : 0;
		*known = ~0ULL;
		return;
	}
	if (leaf->flags & VMWALK_E_UFFDWP || leaf->marker & VMWALK_MARKER_UFFD_WP)
		*value |= PM_UFFD_WP;
	if (vmwalk_class_is_mapped(leaf->state))
		expect_present(leaf, value, known);
	else if (leaf->state == VMWALK_CLASS_UNKNOWN)
		*known = PM_PRESENT;
	else if (leaf->state != VMWALK_CLASS_NONE)
		expect_nonpresent(leaf, value, known);
}

static const char *bit_name(__u64 difference)
{
	if (difference & PM_PRESENT)
		return "present";
	if (difference & PM_SWAP)
		return "swapped";
	if (difference & PM_FILE)
		return "file";
	if (difference & PM_UFFD_WP)
		return "uffdwp";
	if (difference & PM_SOFT_DIRTY)
		return "softdirty";
	return difference & PM_EXCLUSIVE ? "exclusive" : "frame";
}

static bool unread(const struct vmwalk_leaf *leaf, struct vmwalk_check *check)
{
	if (!(leaf->got & VMWALK_GOT_VMA) || leaf->got & VMWALK_GOT_ENTRIES)
		return false;
	vmwalk_conclude(check, VMWALK_CHECK_RACED, "the entries could not be read");
	return true;
}

void vmwalk_leaf_check_pagemap(const struct vmwalk_leaf *leaf, __u64 entry,
			       struct vmwalk_check *check)
{
	__u64 value = 0, known = ~0ULL;

	if (unread(leaf, check))
		return;
	if (leaf->got & VMWALK_GOT_VMA)
		expect_pagemap(leaf, &value, &known);
	if ((entry ^ value) & known)
		vmwalk_conclude(check, VMWALK_CHECK_MISMATCH,
				"%s: pagemap has %#llx, expected %#llx",
				bit_name((entry ^ value) & known), (unsigned long long)entry,
				(unsigned long long)value);
	else
		vmwalk_agree(check);
}

static void check_number(unsigned int book, __u64 says, __u64 record, struct vmwalk_check *check)
{
	if (says != record)
		vmwalk_conclude(check, VMWALK_CHECK_MISMATCH, "%s has %#llx, vmwalk %#llx",
				vmwalk_book_name(book), (unsigned long long)says,
				(unsigned long long)record);
	else
		vmwalk_agree(check);
}

/*
 * Drop KPF_BUDDY, and KPF_KSM of an anonymous page that the module does not report as
 * KSM: some kernels (6.12) set it for every anonymous page, because PAGE_MAPPING_KSM
 * includes the bit of PAGE_MAPPING_ANON.
 */
static __u64 book_flags(__u64 says, __u64 record)
{
	if (says & KPF_ANON_BIT && record & KPF_ANON_BIT && !(record & KPF_KSM_BIT))
		says &= ~KPF_KSM_BIT;
	return says & ~KPF_BUDDY_BIT;
}

void vmwalk_leaf_check_kpageflags(const struct vmwalk_leaf *leaf, __u64 flags,
				  struct vmwalk_check *check)
{
	check_number(VMWALK_BOOK_KPAGEFLAGS, book_flags(flags, leaf->page.kpageflags),
		     leaf->page.kpageflags & ~KPF_BUDDY_BIT, check);
}

void vmwalk_leaf_check_kpagecount(const struct vmwalk_leaf *leaf, __u64 count,
				  struct vmwalk_check *check)
{
	check_number(VMWALK_BOOK_KPAGECOUNT, count, leaf->page.mapcount, check);
}

void vmwalk_leaf_check_missing(const struct vmwalk_leaf *leaf, struct vmwalk_check *check)
{
	const char *why = "no page";

	if (leaf->got & VMWALK_GOT_PAGE_CHANGED) {
		vmwalk_conclude(check, VMWALK_CHECK_RACED, "the page could not be read");
		return;
	}
	if (leaf->redacted & (VMWALK_REDACTED_PFN | VMWALK_REDACTED_PAGE))
		why = "needs CAP_SYS_ADMIN";
	else if (leaf->got & VMWALK_GOT_PFN)
		why = "no struct page";
	vmwalk_conclude(check, VMWALK_CHECK_UNAVAILABLE, "%s", why);
}

/*
 * Kernels disagree about PAGE_IS_HUGE of empty hugetlb entries, and about
 * PAGE_IS_SOFT_DIRTY in a soft-dirty VMA. They do not track soft-dirty for hugetlb
 * entries.
 */
static void expect_categories(const struct vmwalk_leaf *leaf, __u64 *value, __u64 *known)
{
	bool hugetlb = leaf->vma_flags & VMWALK_VMA_BIT(VMWALK_VMA_HT);

	*value = 0;
	*known = PAGE_IS_PRESENT | PAGE_IS_SWAPPED | PAGE_IS_HUGE;
	if (leaf->state == VMWALK_CLASS_NONE) {
		if (hugetlb)
			*known &= ~PAGE_IS_HUGE;
		return;
	}
	*value |= vmwalk_class_is_mapped(leaf->state) ? PAGE_IS_PRESENT : PAGE_IS_SWAPPED;
	if (!leaf->last || hugetlb)
		*value |= PAGE_IS_HUGE;
	if (leaf->flags & VMWALK_E_SOFTDIRTY)
		*value |= PAGE_IS_SOFT_DIRTY;
	if (!hugetlb && !(leaf->vma_flags & VMWALK_VMA_BIT(VMWALK_VMA_SD)))
		*known |= PAGE_IS_SOFT_DIRTY;
	if (!vmwalk_class_is_mapped(leaf->state))
		return;
	if (leaf->kind == VMWALK_KIND_ZERO)
		*value |= PAGE_IS_PFNZERO;
	/* Not all kernels set PAGE_IS_PFNZERO for the huge zero page. */
	if (leaf->last)
		*known |= PAGE_IS_PFNZERO;
}

/*
 * PAGE_IS_FILE follows PM_FILE of pagemap: it is not set if vm_normal_page() returns
 * NULL.
 */
static void expect_file(const struct vmwalk_leaf *leaf, __u64 *value, __u64 *known)
{
	if (leaf->kind == VMWALK_KIND_ZERO || leaf->kind == VMWALK_KIND_PFNMAP) {
		*known |= PAGE_IS_FILE;
	} else if (leaf->got & VMWALK_GOT_PAGE && leaf->kind != VMWALK_KIND_HUGE_ZERO) {
		*known |= PAGE_IS_FILE;
		if (!(leaf->page.traits & VMWALK_PAGE_ANON))
			*value |= PAGE_IS_FILE;
	}
}

static const char *category_name(__u64 difference)
{
	if (difference & PAGE_IS_PRESENT)
		return "present";
	if (difference & PAGE_IS_SWAPPED)
		return "swapped";
	if (difference & PAGE_IS_FILE)
		return "file";
	if (difference & PAGE_IS_PFNZERO)
		return "zero";
	return difference & PAGE_IS_HUGE ? "huge" : "softdirty";
}

void vmwalk_leaf_check_categories(const struct vmwalk_leaf *leaf, __u64 categories,
				  struct vmwalk_check *check)
{
	__u64 value = 0, known = PAGE_IS_COMPARED;

	if (unread(leaf, check))
		return;
	/* pagemap_scan_test_walk() skips VM_PFNMAP: no category is set. */
	if (!(leaf->vma_flags & VMWALK_VMA_BIT(VMWALK_VMA_PF))) {
		expect_categories(leaf, &value, &known);
		if (vmwalk_class_is_mapped(leaf->state))
			expect_file(leaf, &value, &known);
		if (leaf->state == VMWALK_CLASS_UNKNOWN)
			known = PAGE_IS_PRESENT;
	}
	if ((categories ^ value) & known)
		vmwalk_conclude(check, VMWALK_CHECK_MISMATCH,
				"%s: PAGEMAP_SCAN has %#llx, expected %#llx",
				category_name((categories ^ value) & known),
				(unsigned long long)categories, (unsigned long long)value);
	else
		vmwalk_agree(check);
}
