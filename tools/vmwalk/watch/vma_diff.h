/* SPDX-License-Identifier: GPL-2.0 */
/* What a call did to the VMAs around it. */
#ifndef VMWALK_VMA_DIFF_H
#define VMWALK_VMA_DIFF_H

#include <jansson.h>

#include "libvmwalk.h"

enum change_kind {
	CHANGE_NEW,		/* a VMA where there was none */
	CHANGE_GONE,		/* the reverse */
	CHANGE_SPLIT,		/* one is several now, or partly gone in its middle */
	CHANGE_MERGED,		/* several are one now, or one took in what was mapped */
	CHANGE_SHRUNK,
	CHANGE_GROWN,
	CHANGE_MOVED,		/* neighbours have another boundary between them */
	CHANGE_FLAGS,		/* the same addresses, other flags */
};

#define CHANGES_MAX	(2 * VMWALK_EXTENTS)

/**
 * struct vma_change - one of them
 * @kind: of change
 * @nr_from: of @from
 * @nr_to: of @to
 * @from: VMAs before
 * @to: VMAs after
 */
struct vma_change {
	enum change_kind kind;
	unsigned int nr_from;
	unsigned int nr_to;
	struct vmwalk_extent from[VMWALK_EXTENTS];
	struct vmwalk_extent to[VMWALK_EXTENTS];
};

/**
 * struct vma_diff - all of them, ascending
 * @nr: of @change
 * @unread: they could not be seen, before or after
 * @more: there may be more than were recorded
 * @change: the changes
 */
struct vma_diff {
	unsigned int nr;
	bool unread;
	bool more;
	struct vma_change change[CHANGES_MAX];
};

/* vma_diff_find() - compare what was around a call before and after; pure */
void vma_diff_find(struct vma_diff *changes, unsigned int kind,
		   const struct vmwalk_call_event *call);

/* vma_diff_words() - "split 1000-5000 into 1000-3000 3000-5000". Returns @buf. */
char *vma_diff_words(const struct vma_change *change, char *buf, size_t size);

/* vma_diff_array() - the same as an array of objects */
json_t *vma_diff_array(const struct vma_diff *changes);

#endif /* VMWALK_VMA_DIFF_H */
