// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel-page-flags.h>

#include "image.h"
#include "subpages.h"

#define HEAD		(1ULL << KPF_COMPOUND_HEAD)
#define TAIL		(1ULL << KPF_COMPOUND_TAIL)

bool vmwalk_subpages_possible(const struct vmwalk_image *image, const struct vmwalk_run *run)
{
	const __u32 needed = VMWALK_RUN_FIRST | VMWALK_RUN_PAGE;

	return vmwalk_class_is_mapped(run->state) && (run->got & needed) == needed &&
	       run->page_shift > image->caps.level[VMWALK_LEVEL_PTE].shift &&
	       vmwalk_run_entries(run) == 1;
}

bool vmwalk_subpages_alike(const struct vmwalk_image *image, const struct vmwalk_run *run)
{
	if (!(image->caps.features & VMWALK_FEATURE_FOLIO_KPAGEFLAGS))
		return false;
	return run->kind == VMWALK_KIND_HUGETLB || run->kind == VMWALK_KIND_HUGE_ZERO ||
	       (run->kind == VMWALK_KIND_THP && run->page.traits & VMWALK_PAGE_EXCLUSIVE);
}

static void set_part(__u64 *flags, bool is_head)
{
	if (*flags & (HEAD | TAIL))
		*flags = (*flags & ~(HEAD | TAIL)) | (is_head ? HEAD : TAIL);
}

void vmwalk_subpages_move(struct vmwalk_page *page, __u64 pages, __u64 pfn)
{
	if (page->traits & (VMWALK_PAGE_ANON | VMWALK_PAGE_MAPPING))
		page->index += pages;
	set_part(&page->kpageflags, pfn == page->head_pfn);
	set_part(&page->flags, pfn == page->head_pfn);
}

static const struct vmwalk_inner *inner_at(const struct vmwalk_image *image, __u64 address)
{
	size_t i = vmwalk_first_above(image->inner, image->nr_inner, sizeof(*image->inner),
				      offsetof(struct vmwalk_inner, end), address);

	if (i == image->nr_inner || image->inner[i].start > address)
		return NULL;
	return &image->inner[i];
}

bool vmwalk_subpages_page(const struct vmwalk_image *image, const struct vmwalk_run *run,
			  __u64 address, struct vmwalk_page *page)
{
	const unsigned int page_size = image->caps.page_size;
	const __u64 offset = (address - run->start) / page_size;
	const struct vmwalk_inner *inner = inner_at(image, address);
	__u64 from = run->start, pages;

	if (!(run->got & VMWALK_RUN_PAGE))
		return false;
	if (inner)
		from = inner->start;
	else if (offset && !vmwalk_subpages_alike(image, run))
		return false;
	*page = inner ? inner->page : run->page;
	pages = (address - from) / page_size;
	if (pages)
		vmwalk_subpages_move(page, pages, run->first + offset);
	return true;
}

bool vmwalk_image_page(const struct vmwalk_image *image, __u64 address,
		       struct vmwalk_page *page)
{
	const struct vmwalk_run *run = vmwalk_runs_find(image, address);

	return run && vmwalk_subpages_page(image, run, address, page);
}
