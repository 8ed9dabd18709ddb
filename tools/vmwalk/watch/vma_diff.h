/* SPDX-License-Identifier: GPL-2.0 */
/* Find the changes that a system call made to VMAs. */
#ifndef VMWALK_VMA_DIFF_H
#define VMWALK_VMA_DIFF_H

#include <jansson.h>

#include "libvmwalk.h"

enum change_kind {
	CHANGE_NEW,		/* a VMA in an unmapped range */
	CHANGE_GONE,
	CHANGE_SPLIT,		/* one VMA became several, or lost its middle */
	CHANGE_MERGED,		/* several VMAs became one, or one absorbed a new mapping */
	CHANGE_SHRUNK,
	CHANGE_GROWN,
	CHANGE_MOVED,		/* the boundary between adjacent VMAs moved */
	CHANGE_FLAGS,		/* same addresses, other flags */
};

#define CHANGES_MAX	(2 * VMWALK_EXTENTS)

/* VMAs that overlap, before (@from) and after (@to) the system call */
struct vma_change {
	enum change_kind kind;
	unsigned int nr_from;
	unsigned int nr_to;
	struct vmwalk_extent from[VMWALK_EXTENTS];
	struct vmwalk_extent to[VMWALK_EXTENTS];
};

/* Changes of a system call, in ascending order of addresses */
struct vma_diff {
	unsigned int nr;
	bool unread;	/* true if VMAs could not be read, before or after */
	bool more;	/* more VMAs may have changed than were recorded */
	struct vma_change change[CHANGES_MAX];
};

/* Compare the VMAs before and after; @kind: enum vmwalk_event. Pure. */
void vma_diff_find(struct vma_diff *changes, unsigned int kind,
		   const struct vmwalk_call_event *call);

/* Returns @buf, for example "split 1000-5000 into 1000-3000 3000-5000". */
char *vma_diff_words(const struct vma_change *change, char *buf, size_t size);

/* Returns a new reference to a JSON array of the changes. */
json_t *vma_diff_array(const struct vma_diff *changes);

json_t *vma_extents_array(const struct vmwalk_extent *extent, unsigned int nr);

#endif /* VMWALK_VMA_DIFF_H */
