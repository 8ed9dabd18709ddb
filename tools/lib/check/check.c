// SPDX-License-Identifier: GPL-2.0
/*
 * Compare one address with the contents of files of /proc. Pure. This file compares VMAs
 * with lines of maps as show_map_vma() of fs/proc/task_mmu.c writes them; check_page.c
 * compares pages.
 */
#include <string.h>

#include "check.h"

static bool unreadable(struct vmwalk_check *check, int error)
{
	if (error)
		vmwalk_conclude(check, VMWALK_CHECK_UNAVAILABLE, "%s", strerror(-error));
	return error;
}

bool vmwalk_check_same(const struct vmwalk_address *a, const struct vmwalk_address *b)
{
	const struct vmwalk_walk *one = &a->call, *other = &b->call;

	return one->got == other->got && one->kind == other->kind &&
	       one->leaf_level == other->leaf_level &&
	       !memcmp(&a->vma, &b->vma, sizeof(a->vma)) &&
	       !memcmp(&one->prev_start, &other->prev_start, 6 * sizeof(one->prev_start)) &&
	       !memcmp(a->entry, b->entry, sizeof(a->entry)) && one->pfn == other->pfn &&
	       one->swap_type == other->swap_type && one->swap_offset == other->swap_offset &&
	       one->marker == other->marker && a->page.kpageflags == b->page.kpageflags &&
	       a->page.mapcount == b->page.mapcount && a->page.traits == b->page.traits;
}

/* /proc/PID/maps escapes newlines (as \012), but no other byte. */
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

const char *vmwalk_line_difference(const struct vmwalk_vma *vma, const char *name,
				   const struct vmwalk_maps_line *line)
{
	char perms[5];

	if (vma->start != line->start || vma->end != line->end)
		return "range";
	if (strcmp(vmwalk_vma_perms(vma->flags, perms), line->perms))
		return "permissions";
	if (vma->offset != line->offset)
		return "offset";
	if (vma->dev_major != line->major || vma->dev_minor != line->minor)
		return "device";
	if (vma->ino != line->inode)
		return "inode";
	if (name && !same_name(name, line->name))
		return "name";
	return NULL;
}

static void check_hole(const struct vmwalk_address *walk, __u64 task_size,
		       const struct vmwalk_maps *maps, struct vmwalk_check *check)
{
	const struct vmwalk_maps_line *line, *prev = NULL, *next = NULL;
	size_t i;

	for (i = 0; i < maps->nr && !next; i++) {
		line = &maps->line[i];
		/* [vsyscall] is past the user range, and the mm has no VMA for it. */
		if (line->start >= task_size)
			break;
		if (line->start > walk->call.address)
			next = line;
		else
			prev = line;
	}
	if (!!prev != !!(walk->call.got & VMWALK_GOT_PREV) ||
	    (prev && (prev->start != walk->call.prev_start || prev->end != walk->call.prev_end)))
		vmwalk_conclude(check, VMWALK_CHECK_MISMATCH, "the VMA below differs");
	else if (!!next != !!(walk->call.got & VMWALK_GOT_NEXT) ||
		 (next && (next->start != walk->call.next_start ||
			   next->end != walk->call.next_end)))
		vmwalk_conclude(check, VMWALK_CHECK_MISMATCH, "the VMA above differs");
	else
		vmwalk_agree(check);
}

static void check_maps(const struct vmwalk_address *walk, const char *name, __u64 task_size,
		       const struct vmwalk_maps *maps, struct vmwalk_check *check)
{
	const struct vmwalk_maps_line *line = vmwalk_maps_at(maps, walk->call.address);
	const char *what;

	if (!(walk->call.got & VMWALK_GOT_VMA) && !line) {
		check_hole(walk, task_size, maps, check);
	} else if (!line) {
		vmwalk_conclude(check, VMWALK_CHECK_MISMATCH, "a VMA here, but no line");
	} else if (!(walk->call.got & VMWALK_GOT_VMA)) {
		vmwalk_conclude(check, VMWALK_CHECK_MISMATCH, "no VMA here, but a line");
	} else {
		what = vmwalk_line_difference(&walk->vma,
					      walk->call.got & VMWALK_GOT_NAME ? name : NULL, line);
		if (what)
			vmwalk_conclude(check, VMWALK_CHECK_MISMATCH, "%s differs", what);
		else
			vmwalk_agree(check);
	}
}

static void check_page(const struct vmwalk_leaf *leaf, const struct vmwalk_books *books,
		       struct vmwalk_check *check)
{
	if (!unreadable(&check[VMWALK_BOOK_KPAGEFLAGS], books->error[VMWALK_BOOK_KPAGEFLAGS]))
		vmwalk_leaf_check_kpageflags(leaf, books->value[VMWALK_BOOK_KPAGEFLAGS],
					     &check[VMWALK_BOOK_KPAGEFLAGS]);
	if (!unreadable(&check[VMWALK_BOOK_KPAGECOUNT], books->error[VMWALK_BOOK_KPAGECOUNT]))
		vmwalk_leaf_check_kpagecount(leaf, books->value[VMWALK_BOOK_KPAGECOUNT],
					     &check[VMWALK_BOOK_KPAGECOUNT]);
}

void vmwalk_check_compare(const struct vmwalk_address *walk, const char *name, __u64 task_size,
			  const struct vmwalk_books *books, struct vmwalk_check *check)
{
	struct vmwalk_leaf leaf;

	vmwalk_leaf_of_walk(&leaf, walk);
	if (!unreadable(&check[VMWALK_BOOK_MAPS], books->error[VMWALK_BOOK_MAPS]))
		check_maps(walk, name, task_size, &books->maps, &check[VMWALK_BOOK_MAPS]);
	if (!unreadable(&check[VMWALK_BOOK_PAGEMAP], books->error[VMWALK_BOOK_PAGEMAP]))
		vmwalk_leaf_check_pagemap(&leaf, books->value[VMWALK_BOOK_PAGEMAP],
					  &check[VMWALK_BOOK_PAGEMAP]);
	if (leaf.got & VMWALK_GOT_PAGE) {
		check_page(&leaf, books, check);
		return;
	}
	vmwalk_leaf_check_missing(&leaf, &check[VMWALK_BOOK_KPAGEFLAGS]);
	vmwalk_leaf_check_missing(&leaf, &check[VMWALK_BOOK_KPAGECOUNT]);
}
