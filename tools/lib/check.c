// SPDX-License-Identifier: GPL-2.0
/*
 * What vmwalk says of an address, held against the kernel's own books. Pure:
 * everything has been read before. What the books mean is fs/proc/task_mmu.c
 * (show_map_vma(), pte_to_pagemap_entry(), pagemap_pmd_range(),
 * pagemap_hugetlb_range()) and fs/proc/page.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "libvmwalk.h"

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

/* Free pages are found by a search that the record does not make. */
#define KPF_BUDDY_BIT	(1ULL << 10)
#define KPF_ANON_BIT	(1ULL << 12)
#define KPF_KSM_BIT	(1ULL << 21)

static const char * const book_names[VMWALK_BOOK_MAX] = {
	"maps", "pagemap", "kpageflags", "kpagecount",
};

const char *vmwalk_book_name(unsigned int book)
{
	return book < VMWALK_BOOK_MAX ? book_names[book] : "?";
}

const char *vmwalk_result_name(unsigned int result)
{
	static const char * const names[] = { "unavailable", "ok", "raced", "mismatch" };

	return result <= VMWALK_CHECK_MISMATCH ? names[result] : "?";
}

__attribute__((format(printf, 3, 4)))
static void conclude(struct vmwalk_check *check, enum vmwalk_result result,
		     const char *format, ...)
{
	va_list args;

	check->result = result;
	va_start(args, format);
	vsnprintf(check->reason, sizeof(check->reason), format, args);
	va_end(args);
}

static bool unreadable(struct vmwalk_check *check, int error)
{
	if (error)
		conclude(check, VMWALK_CHECK_UNAVAILABLE, "%s", strerror(-error));
	return error;
}

bool vmwalk_check_same(const struct vmwalk_walk *a, const struct vmwalk_walk *b)
{
	return a->got == b->got && a->kind == b->kind && a->leaf_level == b->leaf_level &&
	       !memcmp(&a->vma, &b->vma, sizeof(a->vma)) &&
	       !memcmp(&a->prev_start, &b->prev_start, 4 * sizeof(a->prev_start)) &&
	       !memcmp(a->entry, b->entry, sizeof(a->entry)) && a->pfn == b->pfn &&
	       a->swap_type == b->swap_type && a->swap_offset == b->swap_offset &&
	       a->marker == b->marker && a->page.kpageflags == b->page.kpageflags &&
	       a->page.mapcount == b->page.mapcount && a->page.traits == b->page.traits;
}

/* /proc/PID/maps escapes a newline, and nothing else. */
static bool same_name(const char *raw, const char *book)
{
	for (; *raw; raw++) {
		if (*raw == '\n') {
			if (strncmp(book, "\\012", 4))
				return false;
			book += 4;
		} else if (*raw != *book++) {
			return false;
		}
	}
	return !*book;
}

static void vma_perms(const struct vmwalk_vma *vma, char *perms)
{
	perms[0] = vma->flags & VMWALK_VMA_BIT(VMWALK_VMA_RD) ? 'r' : '-';
	perms[1] = vma->flags & VMWALK_VMA_BIT(VMWALK_VMA_WR) ? 'w' : '-';
	perms[2] = vma->flags & VMWALK_VMA_BIT(VMWALK_VMA_EX) ? 'x' : '-';
	perms[3] = vma->flags & VMWALK_VMA_BIT(VMWALK_VMA_MS) ? 's' : 'p';
	perms[4] = '\0';
}

static const char *line_difference(const struct vmwalk_walk *walk, const char *name,
				   const struct vmwalk_maps_line *line)
{
	const struct vmwalk_vma *vma = &walk->vma;
	char perms[5];

	vma_perms(vma, perms);
	if (vma->start != line->start || vma->end != line->end)
		return "range";
	if (strcmp(perms, line->perms))
		return "permissions";
	if (vma->offset != line->offset)
		return "offset";
	if (vma->dev_major != line->major || vma->dev_minor != line->minor)
		return "device";
	if (vma->ino != line->inode)
		return "inode";
	if (walk->got & VMWALK_GOT_NAME && !same_name(name, line->name))
		return "name";
	return NULL;
}

static void check_hole(const struct vmwalk_walk *walk, __u64 task_size,
		       const struct vmwalk_maps *maps, struct vmwalk_check *check)
{
	const struct vmwalk_maps_line *line, *prev = NULL, *next = NULL;
	size_t i;

	for (i = 0; i < maps->nr && !next; i++) {
		line = &maps->line[i];
		/* Past the user range are lines of no VMA: [vsyscall]. */
		if (line->start >= task_size)
			break;
		if (line->start > walk->address)
			next = line;
		else
			prev = line;
	}
	if (!!prev != !!(walk->got & VMWALK_GOT_PREV) ||
	    (prev && (prev->start != walk->prev_start || prev->end != walk->prev_end)))
		conclude(check, VMWALK_CHECK_MISMATCH, "the VMA below differs");
	else if (!!next != !!(walk->got & VMWALK_GOT_NEXT) ||
		 (next && (next->start != walk->next_start || next->end != walk->next_end)))
		conclude(check, VMWALK_CHECK_MISMATCH, "the VMA above differs");
	else
		conclude(check, VMWALK_CHECK_OK, "%s", "");
}

static void check_maps(const struct vmwalk_walk *walk, const char *name, __u64 task_size,
		       const struct vmwalk_maps *maps, struct vmwalk_check *check)
{
	const struct vmwalk_maps_line *line = vmwalk_maps_at(maps, walk->address);
	const char *what;

	if (!(walk->got & VMWALK_GOT_VMA) && !line) {
		check_hole(walk, task_size, maps, check);
	} else if (!line) {
		conclude(check, VMWALK_CHECK_MISMATCH, "a VMA here, but no line");
	} else if (!(walk->got & VMWALK_GOT_VMA)) {
		conclude(check, VMWALK_CHECK_MISMATCH, "no VMA here, but a line");
	} else {
		what = line_difference(walk, name, line);
		if (what)
			conclude(check, VMWALK_CHECK_MISMATCH, "%s differs", what);
		else
			conclude(check, VMWALK_CHECK_OK, "%s", "");
	}
}

/* Which of the bits that describe the page pagemap must have, as far as known. */
static void expect_page(const struct vmwalk_walk *walk, __u64 *value, __u64 *known)
{
	if (walk->kind == VMWALK_KIND_ZERO || walk->kind == VMWALK_KIND_PFNMAP) {
		/* Both have no "normal" page: vm_normal_page(). */
		*known |= PM_FILE | PM_EXCLUSIVE;
		return;
	}
	if (!(walk->got & VMWALK_GOT_PAGE) || walk->kind == VMWALK_KIND_HUGE_ZERO)
		return;
	*known |= PM_FILE;
	if (!(walk->page.traits & VMWALK_PAGE_ANON))
		*value |= PM_FILE;
	/*
	 * Of a huge leaf, kernels disagree about whose count is meant: the first
	 * page's, the page's own, the folio's, or sharing of its table.
	 */
	if (walk->leaf_level != VMWALK_LEVEL_PTE)
		return;
	*known |= PM_EXCLUSIVE;
	if (walk->page.mapcount == 1)
		*value |= PM_EXCLUSIVE;
}

static void expect_nonpresent(const struct vmwalk_walk *walk, unsigned int class,
			      __u64 *value, __u64 *known)
{
	if (walk->vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_HT))
		return;		/* pagemap has no word for these of hugetlb */
	*value |= PM_SWAP;
	if (class == VMWALK_CLASS_SWAP && walk->got & VMWALK_GOT_SWAP) {
		*known |= PM_FRAME;
		*value |= walk->swap_type | walk->swap_offset << PM_SWAP_SHIFT;
	} else if (class != VMWALK_CLASS_MARKER && walk->got & VMWALK_GOT_PFN) {
		/* The type is the kernel's own affair; the offset is the PFN. */
		*known |= PM_FRAME & ~PM_SWAP_TYPE;
		*value |= walk->pfn << PM_SWAP_SHIFT;
	}
}

static void expect_pagemap(const struct vmwalk_walk *walk, __u64 *value, __u64 *known)
{
	const struct vmwalk_entry *entry = &walk->entry[walk->leaf_level % VMWALK_LEVEL_MAX];
	bool hugetlb = walk->vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_HT);

	*value = 0;
	*known = PM_PRESENT | PM_SWAP | PM_SOFT_DIRTY | PM_UFFD_WP;
	if (walk->vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_SD) ||
	    (entry->flags & VMWALK_E_SOFTDIRTY && !hugetlb))
		*value |= PM_SOFT_DIRTY;
	/* Walkers of page tables pass these by as if they were empty: walk_page_test(). */
	if (walk->vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_PF)) {
		*value &= walk->vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_SD) ? ~0ULL : 0;
		*known = ~0ULL;
		return;
	}
	if (entry->flags & VMWALK_E_UFFDWP || walk->marker & VMWALK_MARKER_UFFD_WP)
		*value |= PM_UFFD_WP;
	switch (entry->type) {
	case VMWALK_CLASS_LEAF:
	case VMWALK_CLASS_PROTNONE:
	case VMWALK_CLASS_NUMA_HINT:
		*value |= PM_PRESENT;
		if (walk->got & VMWALK_GOT_PFN) {
			*known |= PM_FRAME;
			*value |= walk->pfn;
		}
		expect_page(walk, value, known);
		break;
	case VMWALK_CLASS_NONE:
		break;
	case VMWALK_CLASS_UNKNOWN:
		*known = PM_PRESENT;
		break;
	default:
		expect_nonpresent(walk, entry->type, value, known);
	}
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
		return "uffd-wp";
	if (difference & PM_SOFT_DIRTY)
		return "soft-dirty";
	return difference & PM_EXCLUSIVE ? "exclusive" : "frame";
}

static void check_pagemap(const struct vmwalk_walk *walk, __u64 entry, struct vmwalk_check *check)
{
	__u64 value = 0, known = ~0ULL;

	if (walk->got & VMWALK_GOT_VMA) {
		if (!(walk->got & VMWALK_GOT_ENTRIES)) {
			conclude(check, VMWALK_CHECK_RACED, "the entries could not be read");
			return;
		}
		expect_pagemap(walk, &value, &known);
	}
	if ((entry ^ value) & known)
		conclude(check, VMWALK_CHECK_MISMATCH, "%s: pagemap has %#llx, expected %#llx",
			 bit_name((entry ^ value) & known), (unsigned long long)entry,
			 (unsigned long long)value);
	else
		conclude(check, VMWALK_CHECK_OK, "%s", "");
}

static void check_number(unsigned int book, __u64 says, __u64 record, struct vmwalk_check *check)
{
	if (says != record)
		conclude(check, VMWALK_CHECK_MISMATCH, "%s has %#llx, vmwalk %#llx",
			 vmwalk_book_name(book), (unsigned long long)says,
			 (unsigned long long)record);
	else
		conclude(check, VMWALK_CHECK_OK, "%s", "");
}

/*
 * Some kernels, 6.12 among them, test two bits of a pointer's tag for one and so
 * call every anonymous page KSM: there, the bit says nothing.
 */
static __u64 book_flags(__u64 says, __u64 record)
{
	if (says & KPF_ANON_BIT && record & KPF_ANON_BIT && !(record & KPF_KSM_BIT))
		says &= ~KPF_KSM_BIT;
	return says & ~KPF_BUDDY_BIT;
}

static void check_page(const struct vmwalk_walk *walk, const struct vmwalk_books *books,
		       struct vmwalk_check *check)
{
	__u64 flags = book_flags(books->value[VMWALK_BOOK_KPAGEFLAGS], walk->page.kpageflags);
	__u64 count = books->value[VMWALK_BOOK_KPAGECOUNT];

	if (!unreadable(&check[VMWALK_BOOK_KPAGEFLAGS], books->error[VMWALK_BOOK_KPAGEFLAGS]))
		check_number(VMWALK_BOOK_KPAGEFLAGS, flags,
			     walk->page.kpageflags & ~KPF_BUDDY_BIT,
			     &check[VMWALK_BOOK_KPAGEFLAGS]);
	if (!unreadable(&check[VMWALK_BOOK_KPAGECOUNT], books->error[VMWALK_BOOK_KPAGECOUNT]))
		check_number(VMWALK_BOOK_KPAGECOUNT, count, walk->page.mapcount,
			     &check[VMWALK_BOOK_KPAGECOUNT]);
}

static void no_page(const struct vmwalk_walk *walk, struct vmwalk_check *check)
{
	const char *why = "no page";

	if (walk->redacted & (VMWALK_REDACTED_PFN | VMWALK_REDACTED_PAGE))
		why = "needs CAP_SYS_ADMIN";
	else if (walk->got & VMWALK_GOT_PFN)
		why = "no struct page";
	conclude(&check[VMWALK_BOOK_KPAGEFLAGS], VMWALK_CHECK_UNAVAILABLE, "%s", why);
	conclude(&check[VMWALK_BOOK_KPAGECOUNT], VMWALK_CHECK_UNAVAILABLE, "%s", why);
}

void vmwalk_check_compare(const struct vmwalk_walk *walk, const char *name, __u64 task_size,
			  const struct vmwalk_books *books, struct vmwalk_check *check)
{
	if (!unreadable(&check[VMWALK_BOOK_MAPS], books->error[VMWALK_BOOK_MAPS]))
		check_maps(walk, name, task_size, &books->maps, &check[VMWALK_BOOK_MAPS]);
	if (!unreadable(&check[VMWALK_BOOK_PAGEMAP], books->error[VMWALK_BOOK_PAGEMAP]))
		check_pagemap(walk, books->value[VMWALK_BOOK_PAGEMAP],
			      &check[VMWALK_BOOK_PAGEMAP]);
	if (walk->got & VMWALK_GOT_PAGE)
		check_page(walk, books, check);
	else
		no_page(walk, check);
}
