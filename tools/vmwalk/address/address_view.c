// SPDX-License-Identifier: GPL-2.0
/*
 * The model, and the facts that follow from it. Pure: every view and --expect
 * ask here, so that no two of them can disagree.
 */
#include <stdlib.h>
#include <string.h>

#include "address_view.h"

const struct vmwalk_entry *report_entry(const struct report *report)
{
	const struct vmwalk_walk *walk = &report->seen.walk;

	if (!(walk->got & VMWALK_GOT_ENTRIES) || walk->leaf_level >= VMWALK_LEVEL_MAX)
		return NULL;
	return &walk->entry[walk->leaf_level];
}

unsigned int report_class(const struct report *report)
{
	const struct vmwalk_entry *entry = report_entry(report);

	return entry ? entry->type : VMWALK_CLASS_UNREAD;
}

const char *report_state(const struct report *report)
{
	unsigned int class = report_class(report);

	if (!(report->seen.walk.got & VMWALK_GOT_VMA) && !report->region)
		return "no-vma";
	if (class == VMWALK_CLASS_LEAF)
		return "present";
	/* Its entries could not be read at all. */
	if (class == VMWALK_CLASS_UNREAD)
		return "changed";
	return vmwalk_class_name(class);
}

bool report_mapped(const struct report *report)
{
	return vmwalk_class_is_mapped(report_class(report));
}

bool report_has(const struct report *report, unsigned int flag)
{
	return report->seen.walk.vma.flags & VMWALK_VMA_BIT(flag);
}

bool report_private(const struct report *report)
{
	return !report_has(report, VMWALK_VMA_MS);
}

__u64 report_covers(const struct report *report, unsigned int level)
{
	const struct vmwalk_caps_level *geometry = &report->caps->level[level];

	return geometry->folded ? 0 : 1ULL << (geometry->shift & 63);
}

__u64 report_size(const struct report *report)
{
	__u64 block;

	if (!report_mapped(report))
		return 0;
	block = vmwalk_arch_block(report->caps, report_entry(report));
	return block ? block : report_covers(report, report->seen.walk.leaf_level);
}

unsigned int report_index(const struct report *report, unsigned int level)
{
	const struct vmwalk_caps_level *geometry = &report->caps->level[level];

	if (geometry->folded || !geometry->entries)
		return 0;
	return (report->seen.walk.address >> (geometry->shift & 63)) % geometry->entries;
}

static bool is_zero_page(const struct report *report)
{
	return report->seen.walk.kind == VMWALK_KIND_ZERO ||
	       report->seen.walk.kind == VMWALK_KIND_HUGE_ZERO;
}

enum fact report_anon(const struct report *report)
{
	const struct vmwalk_walk *walk = &report->seen.walk;

	if (!(walk->got & VMWALK_GOT_VMA))
		return FACT_NO;
	if (report_class(report) == VMWALK_CLASS_SWAP)
		return FACT_YES;
	/* A VMA without operations can have no other memory. */
	if (walk->vma.traits & VMWALK_VMA_IS_ANON)
		return FACT_YES;
	if (!report_mapped(report) || is_zero_page(report) || walk->kind == VMWALK_KIND_PFNMAP)
		return FACT_NO;
	if (walk->got & VMWALK_GOT_PAGE)
		return walk->page.traits & VMWALK_PAGE_ANON ? FACT_YES : FACT_NO;
	/* A shared mapping shows its object's pages, and no others. */
	return report_private(report) ? FACT_HIDDEN : FACT_NO;
}

enum fact report_file(const struct report *report)
{
	const struct vmwalk_walk *walk = &report->seen.walk;
	enum fact anon = report_anon(report);

	if (!(walk->got & VMWALK_GOT_VMA) || !(walk->vma.traits & VMWALK_VMA_HAS_FILE))
		return FACT_NO;
	if (anon == FACT_HIDDEN)
		return FACT_HIDDEN;
	return anon == FACT_YES ? FACT_NO : FACT_YES;
}

enum fact report_exclusive(const struct report *report)
{
	const struct vmwalk_walk *walk = &report->seen.walk;

	if (!(walk->got & VMWALK_GOT_PAGE))
		return FACT_HIDDEN;
	return walk->page.traits & VMWALK_PAGE_EXCLUSIVE ? FACT_YES : FACT_NO;
}

/*
 * As the library decides of a write. A write to the zero page copies nothing, and one that
 * userfaultfd guards is not decided here. What may have to be copied counts as such.
 */
enum fact report_cow(const struct report *report)
{
	const struct vmwalk_walk *walk = &report->seen.walk;
	struct vmwalk_decision decision;
	struct vmwalk_facts facts;
	unsigned int i;

	if (report_class(report) != VMWALK_CLASS_LEAF || !report_private(report) ||
	    !report_has(report, VMWALK_VMA_WR) || walk->effective & VMWALK_PERM_W ||
	    is_zero_page(report) || report_entry(report)->flags & VMWALK_E_UFFDWP)
		return FACT_NO;
	vmwalk_facts_of(report->caps, walk, &report->around, VMWALK_ACCESS_WRITE, &facts);
	vmwalk_cause_decide(&facts, &decision);
	if (decision.hidden)
		return FACT_HIDDEN;
	for (i = 0; i < decision.nr_endings; i++)
		if (decision.ending[i].cause == VMWALK_CAUSE_COW ||
		    decision.ending[i].cause == VMWALK_CAUSE_FILE_COW)
			return FACT_YES;
	return FACT_NO;
}

bool report_redacted(const struct report *report, __u64 what)
{
	return report->seen.walk.redacted & what;
}

const char *report_swap_name(const struct report *report)
{
	__u32 mask = report->swap_candidates;

	/* Certain only if it is one. */
	if (!mask || mask & (mask - 1))
		return NULL;
	return report->swaps.name[__builtin_ctz(mask)];
}

bool report_failed(const struct report *report)
{
	unsigned int i;

	for (i = 0; i < VMWALK_BOOK_MAX; i++)
		if (report->seen.check[i].result == VMWALK_CHECK_MISMATCH)
			return true;
	return false;
}

struct report *report_of_shadow(const struct report *report)
{
	struct report *copy = malloc(sizeof(*copy));

	if (!copy)
		return NULL;
	*copy = *report;
	copy->seen.walk = *report->shadow;
	copy->shadow = NULL;
	return copy;
}

void report_of_shadow_free(struct report *copy)
{
	free(copy);
}

void report_free(struct report *report)
{
	free(report->shadow);
	vmwalk_swaps_free(&report->swaps);
	if (report->image)
		memset(&report->seen.books.maps, 0, sizeof(report->seen.books.maps));
	vmwalk_observation_free(&report->seen);
}
