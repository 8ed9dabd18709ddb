// SPDX-License-Identifier: GPL-2.0
/*
 * Compare a long empty part of a VMA with pagemap, without a record per page: a process
 * may reserve terabytes and never touch them. audit_pages.c continues at the first page
 * that is mapped or differs.
 */
#include <stdint.h>
#include <stdlib.h>

#include "audit.h"

/* Entries per read of pagemap: they take 512 KiB of memory. */
#define AT_ONCE		65536
/* Regions to read from PAGEMAP_SCAN: empty memory has at most one. */
#define REGIONS		8

/*
 * Set @end to the end of the empty part at @start, and @leaf to an empty page. If @start
 * is not empty, or after an error, set @end to @start, and leave @leaf alone.
 */
static enum vmwalk_error find_end(struct auditing *auditing, const struct vmwalk_vma *vma,
				  __u64 start, __u64 *end, struct vmwalk_leaf *leaf)
{
	struct vmwalk_run run;
	struct vmwalk_scan scan = {
		.size = sizeof(scan), .start = start, .end = vma->end,
		.vec = (__u64)(uintptr_t)&run, .vec_size = sizeof(run), .run_size = sizeof(run),
		.entry_flags = AUDIT_ENTRY_FLAGS,
	};
	enum vmwalk_error error = vmwalk_ioctl(auditing->dev, VMWALK_IOC_SCAN, &scan);

	*end = start;
	if (error != VMWALK_OK || !scan.nr || run.state != VMWALK_CLASS_NONE ||
	    run.start != start)
		return error;
	*end = run.end;
	vmwalk_leaf_of_run(leaf, &run, vma, start, auditing->page_shift, 0);
	return VMWALK_OK;
}

static size_t count_empty(const struct vmwalk_leaf *leaf, const __u64 *entry, size_t nr)
{
	struct vmwalk_check check;
	size_t i;

	for (i = 0; i < nr; i++) {
		/* Adjacent entries are mostly equal: compare equal ones only once. */
		if (i && entry[i] == entry[i - 1])
			continue;
		vmwalk_leaf_check_pagemap(leaf, entry[i], &check);
		if (check.result != VMWALK_CHECK_OK)
			break;
	}
	return i;
}

static __u64 pagemap_agrees(struct auditing *auditing, const struct pagebooks *books,
			    const struct vmwalk_leaf *leaf, __u64 start, __u64 end, __u64 *entry)
{
	__u64 left, at = start, done = auditing->audit->pages;
	size_t nr, empty;

	while (at < end) {
		left = (end - at) >> auditing->page_shift;
		nr = left < AT_ONCE ? left : AT_ONCE;
		if (pagebooks_pagemap(books, at, nr, entry))
			break;
		empty = count_empty(leaf, entry, nr);
		at += (__u64)empty << auditing->page_shift;
		done += empty;
		if (auditing->auditor->progress)
			auditing->auditor->progress(done, auditing->total,
						    auditing->auditor->arg);
		if (empty < nr)
			break;
	}
	return at;
}

/*
 * Return the end of the part that agrees. A region need not be a difference: if the VMA
 * is soft-dirty, PAGEMAP_SCAN reports its empty pages as soft-dirty.
 */
static __u64 scan_agrees(const struct pagebooks *books, const struct vmwalk_leaf *leaf,
			 __u64 start, __u64 end)
{
	struct pageregion region[REGIONS];
	struct vmwalk_check check;
	int nr, i;

	if (!books->categories)
		return end;
	nr = pagebooks_regions(books, start, end, region, REGIONS);
	for (i = 0; i < nr; i++) {
		vmwalk_leaf_check_categories(leaf, region[i].categories, &check);
		if (check.result != VMWALK_CHECK_OK)
			return region[i].start;
	}
	return nr < 0 ? start : end;
}

static void count(struct auditing *auditing, unsigned int book, __u64 pages)
{
	auditing->audit->book[book].compared += pages;
	auditing->audit->book[book].ok += pages;
}

enum vmwalk_error vmwalk_audit_empty(struct auditing *auditing, const struct pagebooks *books,
				     const struct vmwalk_vma *vma, __u64 start, __u64 least,
				     __u64 *end)
{
	struct vmwalk_leaf leaf;
	enum vmwalk_error error;
	__u64 pages, *entry;

	error = find_end(auditing, vma, start, end, &leaf);
	if (error != VMWALK_OK || *end - start < least) {
		*end = start;
		return error;
	}
	entry = malloc(AT_ONCE * sizeof(*entry));
	if (!entry)
		return VMWALK_ERR_SYSTEM;
	*end = scan_agrees(books, &leaf, start, *end);
	*end = pagemap_agrees(auditing, books, &leaf, start, *end, entry);
	free(entry);
	pages = (*end - start) >> auditing->page_shift;
	auditing->audit->pages += pages;
	count(auditing, VMWALK_BOOK_PAGEMAP, pages);
	if (books->categories)
		count(auditing, VMWALK_BOOK_PAGEMAP_SCAN, pages);
	return VMWALK_OK;
}
