// SPDX-License-Identifier: GPL-2.0
/*
 * Compare the pages of a process with the files that have an entry for each page, one
 * slice of the address space at a time: this bounds the memory needed, and the time
 * between reading a page from the module and from /proc.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"

#define SLICE_VMAS	512
#define SLICE_PAGES	4096

static const unsigned char books_of_pages[] = {
	VMWALK_BOOK_PAGEMAP, VMWALK_BOOK_KPAGEFLAGS, VMWALK_BOOK_KPAGECOUNT,
	VMWALK_BOOK_PAGEMAP_SCAN,
};

#define NR_BOOKS	(sizeof(books_of_pages) / sizeof(books_of_pages[0]))

struct page {
	__u64 address;
	struct vmwalk_leaf leaf;
	__u64 says[VMWALK_BOOK_ALL];
	unsigned int has;	/* mask of 1 << book: files with an entry in this try */
	unsigned int compared;	/* mask of files that were compared in any try */
	unsigned int open;	/* mask of files that differed in every try so far */
	unsigned int noisy;	/* mask of files that differed while the page changed */
};

struct slice {
	struct auditing *auditing;
	struct pagebooks books;
	__u64 start;
	__u64 end;	/* first address past the slice */
	size_t nr_vmas;
	size_t nr;
	size_t at;	/* index in @page of the first page above the runs taken so far */
	size_t at_vma;	/* index in @vma where vma_at() starts to search */
	struct vmwalk_vma vma[SLICE_VMAS];	/* cut to the slice */
	struct vmwalk_vma whole;	/* @vma[0] before it was cut */
	struct page page[SLICE_PAGES];
	__u64 entry[SLICE_PAGES];
	struct pageframe frame[SLICE_PAGES];
	struct pageregion region[SLICE_PAGES];
};

static int plan_vma(const struct vmwalk_vma *vma, const char *name, void *arg)
{
	struct slice *slice = arg;
	__u64 page_size = 1ULL << slice->auditing->page_shift;
	struct vmwalk_vma *mine = &slice->vma[slice->nr_vmas];
	__u64 address;

	(void)name;
	if (slice->nr_vmas == SLICE_VMAS || slice->nr == SLICE_PAGES)
		return 1;
	if (!slice->nr_vmas)
		slice->whole = *vma;
	*mine = *vma;
	if (mine->start < slice->start)
		mine->start = slice->start;
	for (address = mine->start; address < mine->end && slice->nr < SLICE_PAGES;
	     address += page_size) {
		memset(&slice->page[slice->nr], 0, sizeof(slice->page[0]));
		slice->page[slice->nr++].address = address;
	}
	mine->end = address;
	slice->end = address;
	slice->nr_vmas++;
	return 0;
}

/*
 * Fill the slice with the VMAs and pages from @start on, as far as there is room. If no
 * VMA is left, @slice->nr is 0.
 */
static enum vmwalk_error plan(struct slice *slice, __u64 start)
{
	slice->start = start;
	slice->end = start;
	slice->nr_vmas = 0;
	slice->nr = 0;
	return vmwalk_device_vmas(slice->auditing->dev, start, ~0ULL, plan_vma, slice);
}

static __u32 redacted(const struct slice *slice)
{
	return vmwalk_device_attached(slice->auditing->dev)->redacted;
}

/*
 * Scan a single page. A scan of a range does not suffice inside a larger leaf: it reads
 * only the first page there.
 */
static enum vmwalk_error scan_page(struct slice *slice, const struct vmwalk_vma *vma,
				   __u64 address, struct vmwalk_leaf *leaf)
{
	unsigned int shift = slice->auditing->page_shift;
	struct vmwalk_run run;
	struct vmwalk_scan scan = {
		.size = sizeof(scan), .start = address, .end = address + (1ULL << shift),
		.vec = (__u64)(uintptr_t)&run, .vec_size = sizeof(run), .run_size = sizeof(run),
		.flags = AUDIT_SCAN_FLAGS, .entry_flags = AUDIT_ENTRY_FLAGS,
	};
	enum vmwalk_error error;

	*leaf = (struct vmwalk_leaf) { .got = VMWALK_GOT_VMA, .vma_flags = vma->flags };
	error = vmwalk_ioctl(slice->auditing->dev, VMWALK_IOC_SCAN, &scan);
	if (error == VMWALK_OK && scan.nr)
		vmwalk_leaf_of_run(leaf, &run, vma, address, shift, redacted(slice));
	return error;
}

/* As scan_page(), but look up the VMA again; @leaf is all zero if no VMA is left. */
static enum vmwalk_error scan_page_anew(struct slice *slice, __u64 address,
					struct vmwalk_leaf *leaf)
{
	struct vmwalk_vma vma;
	struct vmwalk_vmas vmas = {
		.size = sizeof(vmas),
		.start = address, .end = address + (1ULL << slice->auditing->page_shift),
		.vec = (__u64)(uintptr_t)&vma, .vec_size = sizeof(vma), .vma_size = sizeof(vma),
	};
	enum vmwalk_error error = vmwalk_ioctl(slice->auditing->dev, VMWALK_IOC_VMAS, &vmas);

	memset(leaf, 0, sizeof(*leaf));
	if (error != VMWALK_OK || !vmas.nr)
		return error;
	return scan_page(slice, &vma, address, leaf);
}

static const struct vmwalk_vma *vma_at(struct slice *slice, __u64 address)
{
	while (slice->at_vma < slice->nr_vmas && slice->vma[slice->at_vma].end <= address)
		slice->at_vma++;
	if (slice->at_vma == slice->nr_vmas || slice->vma[slice->at_vma].start > address)
		return NULL;
	return &slice->vma[slice->at_vma];
}

static int take_run(const struct vmwalk_run *run, void *arg)
{
	unsigned int shift = ((struct slice *)arg)->auditing->page_shift;
	struct slice *slice = arg;
	const struct vmwalk_vma *vma;
	struct page *page;

	for (; slice->at < slice->nr; slice->at++) {
		page = &slice->page[slice->at];
		if (page->address >= run->end)
			break;
		vma = vma_at(slice, page->address);
		if (page->address >= run->start && vma)
			vmwalk_leaf_of_run(&page->leaf, run, vma, page->address, shift,
					   redacted(slice));
	}
	return 0;
}

/* SCAN read only the first page of a larger leaf: scan the others one by one. */
static enum vmwalk_error complete(struct slice *slice)
{
	enum vmwalk_error error = VMWALK_OK;
	const struct vmwalk_vma *vma;
	struct vmwalk_leaf *leaf;
	size_t i;

	slice->at_vma = 0;
	for (i = 0; i < slice->nr && error == VMWALK_OK; i++) {
		leaf = &slice->page[i].leaf;
		if (leaf->last || leaf->got & VMWALK_GOT_PAGE || !vmwalk_leaf_wants_page(leaf))
			continue;
		vma = vma_at(slice, slice->page[i].address);
		if (vma)
			error = scan_page(slice, vma, slice->page[i].address, leaf);
	}
	return error;
}

static enum vmwalk_error scan_slice(struct slice *slice)
{
	const struct vmwalk_scan_request request = {
		.start = slice->start, .end = slice->end,
		.flags = AUDIT_SCAN_FLAGS, .entry_flags = AUDIT_ENTRY_FLAGS,
	};
	enum vmwalk_error error;
	size_t i;

	slice->at = 0;
	slice->at_vma = 0;
	/* A page in no run keeps this value: its VMA has gone since the listing. */
	for (i = 0; i < slice->nr; i++)
		slice->page[i].leaf.got = VMWALK_GOT_VMA;
	error = vmwalk_device_scan(slice->auditing->dev, &request, take_run, slice);
	return error == VMWALK_OK ? complete(slice) : error;
}

static enum vmwalk_error scan_open(struct slice *slice)
{
	enum vmwalk_error error = VMWALK_OK;
	struct page *page;

	for (page = slice->page; page < slice->page + slice->nr && error == VMWALK_OK; page++) {
		page->has = 0;
		if (page->open)
			error = scan_page_anew(slice, page->address, &page->leaf);
	}
	return error;
}

static void say(struct page *page, unsigned int book, __u64 value)
{
	page->says[book] = value;
	page->has |= 1U << book;
}

static void read_pagemap(struct slice *slice)
{
	struct page *page = slice->page;
	struct vmwalk_vma *vma;
	size_t nr, i;
	int error;

	for (vma = slice->vma; vma < slice->vma + slice->nr_vmas; vma++) {
		nr = (vma->end - vma->start) >> slice->auditing->page_shift;
		error = pagebooks_pagemap(&slice->books, vma->start, nr, slice->entry);
		for (i = 0; i < nr; i++, page++)
			if (!error)
				say(page, VMWALK_BOOK_PAGEMAP, slice->entry[i]);
	}
}

static void read_frames(struct slice *slice)
{
	size_t nr = 0, i;

	for (i = 0; i < slice->nr; i++)
		if (vmwalk_leaf_wants_page(&slice->page[i].leaf))
			slice->frame[nr++] = (struct pageframe) {
				.pfn = slice->page[i].leaf.pfn, .index = i,
			};
	pagebooks_frames(&slice->books, slice->frame, nr);
	for (i = 0; i < nr; i++) {
		if (!slice->frame[i].got)
			continue;
		say(&slice->page[slice->frame[i].index], VMWALK_BOOK_KPAGEFLAGS,
		    slice->frame[i].flags);
		say(&slice->page[slice->frame[i].index], VMWALK_BOOK_KPAGECOUNT,
		    slice->frame[i].count);
	}
}

static void read_regions(struct slice *slice)
{
	int nr, at = 0;
	size_t i;

	if (!slice->books.categories)
		return;
	nr = pagebooks_regions(&slice->books, slice->start, slice->end, slice->region,
			       SLICE_PAGES);
	for (i = 0; i < slice->nr && nr >= 0; i++) {
		while (at < nr && slice->region[at].end <= slice->page[i].address)
			at++;
		say(&slice->page[i], VMWALK_BOOK_PAGEMAP_SCAN,
		    at < nr && slice->region[at].start <= slice->page[i].address ?
		    slice->region[at].categories : 0);
	}
}

static void compare(const struct page *page, unsigned int book, struct vmwalk_check *check)
{
	bool lacks_page = !(page->leaf.got & VMWALK_GOT_PAGE);

	switch (book) {
	case VMWALK_BOOK_PAGEMAP:
		vmwalk_leaf_check_pagemap(&page->leaf, page->says[book], check);
		return;
	case VMWALK_BOOK_PAGEMAP_SCAN:
		vmwalk_leaf_check_categories(&page->leaf, page->says[book], check);
		return;
	}
	if (lacks_page)
		vmwalk_conclude(check, VMWALK_CHECK_RACED, "the page could not be read");
	else if (book == VMWALK_BOOK_KPAGEFLAGS)
		vmwalk_leaf_check_kpageflags(&page->leaf, page->says[book], check);
	else
		vmwalk_leaf_check_kpagecount(&page->leaf, page->says[book], check);
}

/*
 * Compare only with files that have differed in each earlier try. Return those that
 * differ still, as a mask of 1 << book.
 */
static unsigned int compare_page(struct page *page, bool first)
{
	unsigned int disagree = 0, mask, i;
	struct vmwalk_check check;

	if (first)
		page->open = page->has;
	page->compared |= page->open;
	for (i = 0; i < NR_BOOKS; i++) {
		mask = 1U << books_of_pages[i];
		if (!(page->open & page->has & mask))
			continue;
		compare(page, books_of_pages[i], &check);
		if (check.result != VMWALK_CHECK_OK)
			disagree |= mask;
	}
	page->open = disagree;
	return disagree;
}

/*
 * Scan a page again: if it changed while /proc was read, its differences prove nothing.
 */
static enum vmwalk_error still_says(struct slice *slice, struct page *page)
{
	struct vmwalk_leaf now;
	enum vmwalk_error error = scan_page_anew(slice, page->address, &now);

	if (error == VMWALK_OK &&
	    (!vmwalk_leaf_same(&page->leaf, &now) || !(now.got & VMWALK_GOT_ENTRIES)))
		page->noisy |= page->open;
	return error;
}

static enum vmwalk_error try_slice(struct slice *slice, bool first, size_t *open)
{
	enum vmwalk_error error = first ? scan_slice(slice) : scan_open(slice);
	size_t i;

	*open = 0;
	if (error != VMWALK_OK)
		return error;
	read_pagemap(slice);
	read_frames(slice);
	read_regions(slice);
	for (i = 0; i < slice->nr && error == VMWALK_OK; i++) {
		if (!(first || slice->page[i].open) || !compare_page(&slice->page[i], first))
			continue;
		(*open)++;
		error = still_says(slice, &slice->page[i]);
	}
	return error;
}

static void settle_page(struct slice *slice, struct page *page)
{
	struct vmwalk_audit_book *outcome;
	struct vmwalk_check check;
	unsigned int i, book;

	for (i = 0; i < NR_BOOKS; i++) {
		book = books_of_pages[i];
		outcome = &slice->auditing->audit->book[book];
		if (!(page->compared & (1U << book)))
			continue;
		outcome->compared++;
		if (!(page->open & (1U << book))) {
			outcome->ok++;
			continue;
		}
		compare(page, book, &check);
		if (page->noisy & (1U << book) || check.result != VMWALK_CHECK_MISMATCH)
			audit_raced(slice->auditing, book);
		else
			audit_mismatch(slice->auditing, book, page->address, check.reason);
	}
}

static enum vmwalk_error check_slice(struct slice *slice)
{
	enum vmwalk_error error = VMWALK_OK;
	size_t open = 1, i;
	int try;

	for (try = 0; try < AUDIT_TRIES && open; try++) {
		audit_wait_before(try);
		error = try_slice(slice, try == 0, &open);
		if (error != VMWALK_OK)
			return error;
	}
	for (i = 0; i < slice->nr; i++)
		settle_page(slice, &slice->page[i]);
	slice->auditing->audit->pages += slice->nr;
	return error;
}

static void say_unavailable(struct slice *slice)
{
	struct auditing *auditing = slice->auditing;
	struct vmwalk_audit_book *pagemap = &auditing->audit->book[VMWALK_BOOK_PAGEMAP];
	const char *hidden = NULL;

	if (redacted(slice) & (VMWALK_REDACTED_PFN | VMWALK_REDACTED_PAGE))
		hidden = "frames are hidden from this caller, who needs CAP_SYS_ADMIN";
	if (hidden)
		snprintf(pagemap->note, sizeof(pagemap->note), "without frames: %s", hidden);
	if (hidden || slice->books.kpageflags < 0)
		audit_unavailable(auditing, VMWALK_BOOK_KPAGEFLAGS,
				  hidden ? hidden : strerror(-slice->books.kpageflags));
	if (hidden || slice->books.kpagecount < 0)
		audit_unavailable(auditing, VMWALK_BOOK_KPAGECOUNT,
				  hidden ? hidden : strerror(-slice->books.kpagecount));
	if (!slice->books.categories)
		audit_unavailable(auditing, VMWALK_BOOK_PAGEMAP_SCAN,
				  "this kernel does not have it; 6.7 does");
}

/*
 * If a single VMA fills the slice, and an empty part of at least that size begins there,
 * compare that part without a record for each page. @start: set to the end of the part
 * that agrees, or to the first address of the first VMA if there is no such part.
 */
static enum vmwalk_error skip_empty(struct slice *slice, __u64 *start)
{
	__u64 least = (__u64)SLICE_PAGES << slice->auditing->page_shift;
	__u64 first = slice->vma[0].start;

	*start = first;
	if (slice->nr_vmas > 1 || slice->nr < SLICE_PAGES)
		return VMWALK_OK;
	return vmwalk_audit_empty(slice->auditing, &slice->books, &slice->whole, first, least,
				  start);
}

static enum vmwalk_error check_slices(struct slice *slice)
{
	struct auditing *auditing = slice->auditing;
	enum vmwalk_error error;
	__u64 start = 0;

	say_unavailable(slice);
	for (;;) {
		error = plan(slice, start);
		if (error != VMWALK_OK || !slice->nr)
			return error;
		error = skip_empty(slice, &start);
		if (error == VMWALK_OK && start > slice->vma[0].start)
			continue;
		if (error == VMWALK_OK)
			error = check_slice(slice);
		if (error != VMWALK_OK)
			return error;
		start = slice->end;
		if (auditing->auditor->progress)
			auditing->auditor->progress(auditing->audit->pages, auditing->total,
						    auditing->auditor->arg);
	}
}

enum vmwalk_error vmwalk_audit_pages(struct auditing *auditing)
{
	struct slice *slice = calloc(1, sizeof(*slice));
	enum vmwalk_error error;
	int unreadable;

	if (!slice)
		return VMWALK_ERR_SYSTEM;
	slice->auditing = auditing;
	unreadable = pagebooks_open(&slice->books, auditing->dev, auditing->page_shift);
	if (unreadable) {
		audit_unavailable(auditing, VMWALK_BOOK_PAGEMAP, strerror(-unreadable));
		free(slice);
		return VMWALK_OK;
	}
	error = check_slices(slice);
	pagebooks_close(&slice->books);
	free(slice);
	return error;
}
