/* SPDX-License-Identifier: GPL-2.0 */
/* All facts about one address: gather_address.c records them, the views and expect.c read them. */
#ifndef VMWALK_ADDRESS_VIEW_H
#define VMWALK_ADDRESS_VIEW_H

#include "libvmwalk.h"

/* Release with view_free(). */
struct address_view {
	const struct vmwalk_caps *caps;
	const struct vmwalk_arch_desc *arch;	/* decodes the entries */
	const struct vmwalk_attach *attach;	/* answer of the ATTACH ioctl */
	const struct vmwalk_target *target;
	/* snapshot of the walk, or NULL; owns the maps */
	const struct vmwalk_image *image;
	struct vmwalk_observation seen;
	const struct vmwalk_maps_line *line;	/* line of /proc/PID/maps, or NULL */
	struct vmwalk_swaps swaps;	/* filled only if the entry is a swap entry */
	__u32 swap_candidates;	/* bit n: the entry may be in area n of @swaps */
	bool beyond;	/* the address is past the user range, but in a line of maps: [vsyscall] */
	const char *region;	/* name of the kernel region; NULL for a user address */
	bool predicted;	/* @around and @predict are filled */
	struct vmwalk_around around;	/* input of view_predict() that the walk lacks */
	/* indexed by &enum vmwalk_access; valid if @predicted */
	struct vmwalk_prediction predict[VMWALK_ACCESS_MAX];
	/* kernel addresses with PTI: walk from the user copy of the root */
	struct vmwalk_walk *shadow;
};

/* FACT_HIDDEN: withheld from this caller; the fact may be true or false. */
enum fact { FACT_NO, FACT_YES, FACT_HIDDEN };

/* view_entry() - the entry that decides, at the leaf level; NULL if it was not read */
const struct vmwalk_entry *view_entry(const struct address_view *view);

/* view_class() - type of view_entry(); VMWALK_CLASS_UNREAD if that is NULL */
unsigned int view_class(const struct address_view *view);

/* view_state() - state word as in the JSON: "present", "none", "swap", …, "no-vma" */
const char *view_state(const struct address_view *view);

/* view_mapped() - true if the entry maps memory, even without access (PROT_NONE) */
bool view_mapped(const struct address_view *view);

/* view_has() - test a VMA flag by its bit number in vmwalk_vma_flags */
bool view_has(const struct address_view *view, unsigned int flag);

/* view_private() - true if the VMA lacks VM_MAYSHARE */
bool view_private(const struct address_view *view);

/* view_covers() - bytes that one entry of a level covers; 0 for a folded level */
__u64 view_covers(const struct address_view *view, unsigned int level);

/* view_gap() - bounds of the hole around an address without a VMA */
void view_gap(const struct address_view *view, __u64 *start, __u64 *end);

/* view_size() - bytes of the mapped leaf, or of its contiguous block; 0 without a mapping */
__u64 view_size(const struct address_view *view);

/* view_index() - index of the address in the table of a level */
unsigned int view_index(const struct address_view *view, unsigned int level);

/* view_anon() - FACT_YES for anonymous memory, mapped, in swap, or not populated yet */
enum fact view_anon(const struct address_view *view);

/* view_file() - FACT_YES for file or shared memory, mapped or not populated yet */
enum fact view_file(const struct address_view *view);

/* view_exclusive() - PageAnonExclusive; FACT_HIDDEN if the page was not recorded */
enum fact view_exclusive(const struct address_view *view);

/* view_cow() - FACT_YES if a write now copies, or may copy, the mapped frame */
enum fact view_cow(const struct address_view *view);

/* view_redacted() - test @what, a mask of VMWALK_REDACTED_* withheld from the caller */
bool view_redacted(const struct address_view *view, __u64 what);

/* view_swap_name() - path of the swap area, or NULL if several areas are possible */
const char *view_swap_name(const struct address_view *view);

/* view_failed() - true if a comparison with /proc found a mismatch */
bool view_failed(const struct address_view *view);

/*
 * view_of_shadow() - copy @view, but with the walk from the user copy of the root
 *
 * Returns NULL without memory. Release with free(3), not view_free(): the copy shares pointers
 * with @view.
 */
struct address_view *view_of_shadow(const struct address_view *view);

/* view_free() - free the contents of @view, but not @view and not its image */
void view_free(struct address_view *view);

#endif /* VMWALK_ADDRESS_VIEW_H */
