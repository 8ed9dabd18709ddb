/* SPDX-License-Identifier: GPL-2.0 */
/* The model: gathered once, by cmd_walk.c; the views draw it, expect.c asks it. */
#ifndef VMWALK_REPORT_H
#define VMWALK_REPORT_H

#include "libvmwalk.h"

/**
 * struct report - all there is to say about one address
 * @caps: of the module
 * @arch: whose bits the entries have
 * @attach: what ATTACH answered
 * @target: the process
 * @image: the snapshot that it is taken from, or NULL; the books are its
 * @seen: the walk, the books, the checks
 * @line: its line in /proc/PID/maps, or NULL
 * @swaps: the swap areas; read only for a swap entry
 * @swap_candidates: mask of those that the entry may be in
 * @beyond: the address is past the user range, but has a line: [vsyscall]
 * @region: of an address of the kernel's half, what lies there, in words; else NULL
 * @predicted: @around and @predict are filled
 * @around: what decides beside the walk
 * @predict: what each &enum vmwalk_access would do now
 * @shadow: of such an address, the walk from the user's copy of the root, or NULL
 */
struct report {
	const struct vmwalk_caps *caps;
	const struct vmwalk_arch_desc *arch;
	const struct vmwalk_attach *attach;
	const struct vmwalk_target *target;
	const struct vmwalk_image *image;
	struct vmwalk_observation seen;
	const struct vmwalk_maps_line *line;
	struct vmwalk_swaps swaps;
	__u32 swap_candidates;
	bool beyond;
	const char *region;
	bool predicted;
	struct vmwalk_around around;
	struct vmwalk_prediction predict[VMWALK_ACCESS_MAX];
	struct vmwalk_walk *shadow;
};

/* A fact may be withheld from this caller: that is not the same as no. */
enum fact { FACT_NO, FACT_YES, FACT_HIDDEN };

/* report_entry() - the entry that decides, or NULL if there is none */
const struct vmwalk_entry *report_entry(const struct report *report);

/* report_class() - its type; VMWALK_CLASS_UNREAD if there is none */
unsigned int report_class(const struct report *report);

/* report_state() - "present", "none", "swap", …, "no-vma" */
const char *report_state(const struct report *report);

/* report_mapped() - whether the entry maps memory, accessible or not */
bool report_mapped(const struct report *report);

/* report_has() - whether the VMA has a flag, by bit number of vmwalk_vma_flags */
bool report_has(const struct report *report, unsigned int flag);

/* report_private() - whether the VMA is private */
bool report_private(const struct report *report);

/* report_covers() - bytes that one entry of a level covers; 0 if it is folded */
__u64 report_covers(const struct report *report, unsigned int level);

/* report_size() - bytes of the leaf, or of its contiguous block; 0 if nothing is mapped */
__u64 report_size(const struct report *report);

/* report_index() - index of the address in the table of a level */
unsigned int report_index(const struct report *report, unsigned int level);

/* report_anon() - whether what is, or would be, there is anonymous memory */
enum fact report_anon(const struct report *report);

/* report_file() - whether what is, or would be, there is file or shared memory */
enum fact report_file(const struct report *report);

/* report_exclusive() - whether the anonymous page belongs to this process alone */
enum fact report_exclusive(const struct report *report);

/* report_cow() - whether a write now finds a frame that it has to copy */
enum fact report_cow(const struct report *report);

/* report_redacted() - whether something that would be there is withheld */
bool report_redacted(const struct report *report, __u64 what);

/* report_swap_name() - the swap area if it is certain, else NULL */
const char *report_swap_name(const struct report *report);

/* report_failed() - whether a check found a mismatch */
bool report_failed(const struct report *report);

/*
 * report_of_shadow() - a report whose walk is the one from the user's copy of the
 * root, from malloc(3), or NULL; all else belongs to @report
 */
struct report *report_of_shadow(const struct report *report);
void report_of_shadow_free(struct report *copy);

/* report_free() - give the memory back */
void report_free(struct report *report);

#endif /* VMWALK_REPORT_H */
