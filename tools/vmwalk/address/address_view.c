// SPDX-License-Identifier: GPL-2.0
/*
 * Answer questions about an address view from the record alone. The views and --expect
 * both ask here, so that they agree.
 */
#include <stdlib.h>
#include <string.h>

#include "address_view.h"

const struct vmwalk_entry *view_entry(const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;

	if (!(walk->call.got & VMWALK_GOT_ENTRIES) || walk->call.leaf_level >= VMWALK_LEVELS)
		return NULL;
	return &walk->entry[walk->call.leaf_level];
}

unsigned int view_class(const struct address_view *view)
{
	const struct vmwalk_entry *entry = view_entry(view);

	return entry ? entry->type : VMWALK_CLASS_UNREAD;
}

const char *view_state(const struct address_view *view)
{
	unsigned int class = view_class(view);

	if (!(view->seen.walk.call.got & VMWALK_GOT_VMA) && !view->region)
		return "no-vma";
	if (class == VMWALK_CLASS_LEAF)
		return "present";
	/* A snapshot lacks the root table if that changed while it was recorded. */
	if (class == VMWALK_CLASS_UNREAD)
		return "changed";
	return vmwalk_class_name(class);
}

bool view_mapped(const struct address_view *view)
{
	return vmwalk_class_is_mapped(view_class(view));
}

bool view_has(const struct address_view *view, unsigned int flag)
{
	return view->seen.walk.vma.flags & VMWALK_VMA_BIT(flag);
}

bool view_private(const struct address_view *view)
{
	return !view_has(view, VMWALK_VMA_MS);
}

__u64 view_covers(const struct address_view *view, unsigned int level)
{
	const struct vmwalk_caps_level *geometry = &view->caps->level[level];

	return geometry->folded ? 0 : 1ULL << (geometry->shift & 63);
}

void view_gap(const struct address_view *view, __u64 *start, __u64 *end)
{
	const struct vmwalk_address *walk = &view->seen.walk;

	*start = walk->call.got & VMWALK_GOT_PREV ? walk->call.prev_end : 0;
	*end = walk->call.got & VMWALK_GOT_NEXT ? walk->call.next_start : view->attach->task_size;
}

__u64 view_size(const struct address_view *view)
{
	__u64 block;

	if (!view_mapped(view))
		return 0;
	block = vmwalk_arch_block(view->caps, view_entry(view));
	return block ? block : view_covers(view, view->seen.walk.call.leaf_level);
}

unsigned int view_index(const struct address_view *view, unsigned int level)
{
	const struct vmwalk_caps_level *geometry = &view->caps->level[level];

	if (geometry->folded || !geometry->entries)
		return 0;
	return (view->seen.walk.call.address >> (geometry->shift & 63)) % geometry->entries;
}

static bool is_zero_page(const struct address_view *view)
{
	return view->seen.walk.call.kind == VMWALK_KIND_ZERO ||
	       view->seen.walk.call.kind == VMWALK_KIND_HUGE_ZERO;
}

enum fact view_anon(const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;

	if (!(walk->call.got & VMWALK_GOT_VMA))
		return FACT_NO;
	if (view_class(view) == VMWALK_CLASS_SWAP)
		return FACT_YES;
	/*
	 * In an anonymous VMA even the zero page counts as anonymous: ask this before
	 * is_zero_page().
	 */
	if (walk->vma.traits & VMWALK_VMA_IS_ANON)
		return FACT_YES;
	if (!view_mapped(view) || is_zero_page(view) || walk->call.kind == VMWALK_KIND_PFNMAP)
		return FACT_NO;
	if (walk->call.got & VMWALK_GOT_PAGE)
		return walk->page.traits & VMWALK_PAGE_ANON ? FACT_YES : FACT_NO;
	/*
	 * The page is unknown: it may be anonymous in a private mapping, never in a
	 * shared one.
	 */
	if (!view_private(view))
		return FACT_NO;
	return view_page_changed(view) ? FACT_CHANGED : FACT_HIDDEN;
}

enum fact view_file(const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;
	enum fact anon = view_anon(view);

	if (!(walk->call.got & VMWALK_GOT_VMA) || !(walk->vma.traits & VMWALK_VMA_HAS_FILE))
		return FACT_NO;
	if (anon == FACT_HIDDEN || anon == FACT_CHANGED)
		return anon;
	return anon == FACT_YES ? FACT_NO : FACT_YES;
}

bool view_averages(const struct address_view *view)
{
	return view->seen.walk.page.traits & VMWALK_PAGE_AVERAGE;
}

bool view_page_changed(const struct address_view *view)
{
	return view->seen.walk.call.got & VMWALK_GOT_PAGE_CHANGED;
}

enum fact view_exclusive(const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;

	if (view_page_changed(view))
		return FACT_CHANGED;
	if (!(walk->call.got & VMWALK_GOT_PAGE))
		return FACT_HIDDEN;
	return walk->page.traits & VMWALK_PAGE_EXCLUSIVE ? FACT_YES : FACT_NO;
}

static bool copies(const struct vmwalk_ending *ending)
{
	return ending->cause == VMWALK_CAUSE_COW || ending->cause == VMWALK_CAUSE_FILE_COW;
}

/*
 * One possible ending of a write that copies is enough for FACT_YES. If the page kept
 * changing, another walk could still tell the endings apart: then FACT_YES takes all of
 * them, and FACT_CHANGED some. The zero page is replaced, not copied, and a page that is
 * write-protected by userfaultfd is left to its handler.
 */
enum fact view_cow(const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;
	struct vmwalk_decision decision;
	struct vmwalk_facts facts;
	unsigned int i, nr = 0;

	if (view_class(view) != VMWALK_CLASS_LEAF || !view_private(view) ||
	    !view_has(view, VMWALK_VMA_WR) || walk->call.effective & VMWALK_PERM_W ||
	    is_zero_page(view) || view_entry(view)->flags & VMWALK_E_UFFDWP)
		return FACT_NO;
	vmwalk_facts_of(view->caps, walk, &view->around, VMWALK_ACCESS_WRITE, &facts);
	vmwalk_cause_decide(&facts, &decision);
	if (decision.hidden)
		return FACT_HIDDEN;
	for (i = 0; i < decision.nr_endings; i++)
		nr += copies(&decision.ending[i]);
	if (view_page_changed(view) && nr && nr < decision.nr_endings)
		return FACT_CHANGED;
	return nr ? FACT_YES : FACT_NO;
}

bool view_redacted(const struct address_view *view, __u64 what)
{
	return view->seen.walk.call.redacted & what;
}

const char *view_swap_name(const struct address_view *view)
{
	__u32 mask = view->swap_candidates;

	if (!mask || mask & (mask - 1))
		return NULL;
	return view->swaps.name[__builtin_ctz(mask)];
}

bool view_failed(const struct address_view *view)
{
	unsigned int i;

	for (i = 0; i < VMWALK_BOOK_MAX; i++)
		if (view->seen.check[i].result == VMWALK_CHECK_MISMATCH)
			return true;
	return false;
}

struct address_view *view_of_shadow(const struct address_view *view)
{
	struct address_view *copy = malloc(sizeof(*copy));

	if (!copy)
		return NULL;
	*copy = *view;
	copy->seen.walk = *view->shadow;
	copy->shadow = NULL;
	return copy;
}

void view_free(struct address_view *view)
{
	free(view->shadow);
	vmwalk_swaps_free(&view->swaps);
	if (view->image)
		memset(&view->seen.books.maps, 0, sizeof(view->seen.books.maps));
	vmwalk_observation_free(&view->seen);
}
