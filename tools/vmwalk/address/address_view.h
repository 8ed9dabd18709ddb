/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_ADDRESS_VIEW_H
#define VMWALK_ADDRESS_VIEW_H

#include "libvmwalk.h"

/* Filled by view_gather() of command.h. Release with view_free(), also after an error. */
struct address_view {
	const struct vmwalk_caps *caps;
	const struct vmwalk_arch_desc *arch;	/* found by @caps->arch; never NULL */
	const struct vmwalk_attach *attach;	/* owned by the device or the snapshot */
	const struct vmwalk_target *target;
	/* source and owner of @seen.books.maps; NULL: a live process */
	const struct vmwalk_image *image;
	struct vmwalk_observation seen;
	/* line of maps that has the address, owned by @seen.books.maps; or NULL */
	const struct vmwalk_maps_line *line;
	/* empty without VMWALK_GOT_SWAP, or if the swap areas are not known */
	struct vmwalk_swaps swaps;
	__u32 swap_candidates;	/* bit n: the entry may be in area n of @swaps */
	/* the address is past the user range, but in a line of maps: [vsyscall] */
	bool beyond;
	const char *region;	/* name of the kernel region; NULL for a user address */
	/* kind of an address that no VMA can have, if that is all of the view; or NULL */
	const char *outside;
	bool predicted;	/* @predict is filled: a user address of a live process */
	struct vmwalk_around around;
	/* indexed by &enum vmwalk_access; valid if @predicted */
	struct vmwalk_prediction predict[VMWALK_ACCESS_MAX];
	/* kernel address with PTI: walk from the user copy of the root; otherwise NULL */
	struct vmwalk_address *shadow;
};

/*
 * A fact is unknown if it is withheld from this caller (FACT_HIDDEN), or depends on a
 * page that kept changing (FACT_CHANGED), or on a mapcount of which only the average of
 * the folio is known (FACT_AVERAGE).
 */
enum fact { FACT_NO, FACT_YES, FACT_HIDDEN, FACT_CHANGED, FACT_AVERAGE };

/*
 * view_averages() - true if only the average of the folio is known as the mapcount, see
 * VMWALK_PAGE_AVERAGE
 */
bool view_averages(const struct address_view *view);

/* view_entry() - return the entry at which the walk ended; NULL if no entry was read */
const struct vmwalk_entry *view_entry(const struct address_view *view);

/* view_class() - return the type of view_entry(); VMWALK_CLASS_UNREAD if that is NULL */
unsigned int view_class(const struct address_view *view);

/*
 * view_state() - return the word of the JSON key "state", which --quiet prints and
 * --expect takes, too
 */
const char *view_state(const struct address_view *view);

/* view_mapped() - test if the entry maps memory, even as PROT_NONE or a NUMA hint */
bool view_mapped(const struct address_view *view);

/*
 * view_has() - test a flag of the VMA; @flag is of &enum vmwalk_vma_flags, a bit number
 */
bool view_has(const struct address_view *view, unsigned int flag);

/* view_private() - return true if the VMA lacks VM_MAYSHARE; true without a VMA, too */
bool view_private(const struct address_view *view);

/* view_covers() - return the bytes that an entry of a level covers; 0 if folded */
__u64 view_covers(const struct address_view *view, unsigned int level);

/*
 * view_gap() - set the bounds of the hole that has the address; 0 and the end of user
 * space where there is no VMA on that side
 */
void view_gap(const struct address_view *view, __u64 *start, __u64 *end);

/* view_size() - return the bytes of the leaf or its contiguous block; 0 if not mapped */
__u64 view_size(const struct address_view *view);

/* view_index() - return the index of the address in the table of a level; 0 if folded */
unsigned int view_index(const struct address_view *view, unsigned int level);

/*
 * view_anon() - return FACT_YES for an anonymous page, mapped or in swap, and for every
 * address of an anonymous VMA, populated or not
 */
enum fact view_anon(const struct address_view *view);

/*
 * view_file() - return FACT_YES for a file or shared memory, but not for a private copy
 */
enum fact view_file(const struct address_view *view);

/*
 * view_page_changed() - true if the facts about the page are missing because it kept
 * changing
 */
bool view_page_changed(const struct address_view *view);

/*
 * view_exclusive() - return PageAnonExclusive(); FACT_CHANGED if the page kept changing,
 * FACT_HIDDEN if no page was recorded
 */
enum fact view_exclusive(const struct address_view *view);

/*
 * view_cow() - return FACT_YES if a write would or might copy the mapped frame,
 * FACT_HIDDEN if facts withheld from the caller decide that, FACT_CHANGED if a page that
 * kept changing does
 */
enum fact view_cow(const struct address_view *view);

/* view_redacted() - test if a bit of @what, a mask of VMWALK_REDACTED_*, is withheld */
bool view_redacted(const struct address_view *view, __u64 what);

/* view_swap_name() - return the path of the swap area; NULL if not known for certain */
const char *view_swap_name(const struct address_view *view);

bool view_failed(const struct address_view *view);

/*
 * view_of_shadow() - copy @view, but with the walk from the user copy of the root
 *
 * @view->shadow must not be NULL. Return NULL on allocation failure. Release with
 * free(3), not view_free(): the copy shares pointers with @view.
 */
struct address_view *view_of_shadow(const struct address_view *view);

/* view_free() - free the contents of @view, but not @view and not its image */
void view_free(struct address_view *view);

#endif
