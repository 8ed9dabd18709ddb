/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_VMA_DIFF_H
#define VMWALK_VMA_DIFF_H

#include <jansson.h>

#include "libvmwalk.h"

enum change_kind {
	CHANGE_NEW,		/* a VMA in a range that was unmapped before */
	CHANGE_GONE,
	CHANGE_SPLIT,		/* more VMAs, also if a middle was unmapped */
	CHANGE_MERGED,		/* fewer VMAs, or one absorbed a new mapping */
	CHANGE_SHRUNK,
	CHANGE_GROWN,
	CHANGE_MOVED,		/* the boundary between adjacent VMAs moved */
	CHANGE_FLAGS,		/* same addresses, other flags */
};

#define CHANGES_MAX	(2 * VMWALK_EXTENTS)

/* Overlapping VMAs: @from existed before the system call, @to after it. */
struct vma_change {
	enum change_kind kind;
	unsigned int nr_from;
	unsigned int nr_to;
	struct vmwalk_extent from[VMWALK_EXTENTS];
	struct vmwalk_extent to[VMWALK_EXTENTS];
};

/* Changes made by a system call, in ascending order of addresses */
struct vma_diff {
	unsigned int nr;
	bool unread;	/* the VMAs before or after the call could not be read */
	bool more;	/* more VMAs may have changed than were recorded */
	struct vma_change change[CHANGES_MAX];
};

/*
 * Compare the VMAs before and after @call, an event of @kind. Of a failed call, no change
 * is listed, even if it has made some, as mprotect(2) can.
 */
void vma_diff_find(struct vma_diff *changes, unsigned int kind,
		   const struct vmwalk_call_event *call);

/* Write a change: "grown 1000-3000 rw- → 1000-5000 rw-". Return @buf. */
char *vma_diff_words(const struct vma_change *change, char *buf, size_t size);

/* Return a new JSON array of objects: a change, and the VMAs "from" and "to". */
json_t *vma_diff_array(const struct vma_diff *changes);

json_t *vma_extents_array(const struct vmwalk_extent *extent, unsigned int nr);

#endif
