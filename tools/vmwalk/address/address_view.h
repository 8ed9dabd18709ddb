/* SPDX-License-Identifier: GPL-2.0 */
/* The model: gathered once, by cmd_walk.c; the views draw it, expect.c asks it. */
#ifndef VMWALK_ADDRESS_VIEW_H
#define VMWALK_ADDRESS_VIEW_H

#include "libvmwalk.h"

/* Everything that is known about one address */
struct address_view {
	const struct vmwalk_caps *caps;
	const struct vmwalk_arch_desc *arch;	/* decodes the entries */
	const struct vmwalk_attach *attach;	/* answer of ATTACH */
	const struct vmwalk_target *target;
	/* source snapshot, or NULL; owns the maps */
	const struct vmwalk_image *image;
	struct vmwalk_observation seen;
	const struct vmwalk_maps_line *line;	/* its line in /proc/PID/maps, or NULL */
	struct vmwalk_swaps swaps;	/* the swap areas; read only for a swap entry */
	__u32 swap_candidates;	/* bit n: the entry may be in area n of @swaps */
	bool beyond;	/* the address is past the user range, but has a line: [vsyscall] */
	const char *region;	/* name of the kernel region; NULL for a user address */
	bool predicted;	/* @around and @predict are filled */
	struct vmwalk_around around;	/* facts beside the walk */
	/* by &enum vmwalk_access; valid if @predicted */
	struct vmwalk_prediction predict[VMWALK_ACCESS_MAX];
	/* kernel addresses with PTI: walk from the user copy of the root */
	struct vmwalk_walk *shadow;
};

/* A fact may be withheld from this caller: that is not the same as no. */
enum fact { FACT_NO, FACT_YES, FACT_HIDDEN };

/* view_entry() - the entry that decides, or NULL if there is none */
const struct vmwalk_entry *view_entry(const struct address_view *view);

/* view_class() - its type; VMWALK_CLASS_UNREAD if there is none */
unsigned int view_class(const struct address_view *view);

/* view_state() - "present", "none", "swap", …, "no-vma" */
const char *view_state(const struct address_view *view);

/* view_mapped() - whether the entry maps memory, accessible or not */
bool view_mapped(const struct address_view *view);

/* view_has() - whether the VMA has a flag, by bit number of vmwalk_vma_flags */
bool view_has(const struct address_view *view, unsigned int flag);

/* view_private() - whether the VMA is private */
bool view_private(const struct address_view *view);

/* view_covers() - bytes that one entry of a level covers; 0 if it is folded */
__u64 view_covers(const struct address_view *view, unsigned int level);

/* view_gap() - of an address without a VMA: the hole that it is in */
void view_gap(const struct address_view *view, __u64 *start, __u64 *end);

/* view_size() - bytes of the leaf, or of its contiguous block; 0 if nothing is mapped */
__u64 view_size(const struct address_view *view);

/* view_index() - index of the address in the table of a level */
unsigned int view_index(const struct address_view *view, unsigned int level);

/* view_anon() - whether what is, or would be, there is anonymous memory */
enum fact view_anon(const struct address_view *view);

/* view_file() - whether what is, or would be, there is file or shared memory */
enum fact view_file(const struct address_view *view);

/* view_exclusive() - whether the anonymous page belongs to this process alone */
enum fact view_exclusive(const struct address_view *view);

/* view_cow() - whether a write now finds a frame that it has to copy */
enum fact view_cow(const struct address_view *view);

/* view_redacted() - whether something that would be there is withheld */
bool view_redacted(const struct address_view *view, __u64 what);

/* view_swap_name() - the swap area if it is certain, else NULL */
const char *view_swap_name(const struct address_view *view);

/* view_failed() - whether a check found a mismatch */
bool view_failed(const struct address_view *view);

/*
 * view_of_shadow() - a view whose walk is the one from the user's copy of the
 * root, from malloc(3), or NULL; all else belongs to @view
 */
struct address_view *view_of_shadow(const struct address_view *view);

/* view_free() - give the memory back */
void view_free(struct address_view *view);

#endif /* VMWALK_ADDRESS_VIEW_H */
