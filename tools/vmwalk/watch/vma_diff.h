/* SPDX-License-Identifier: GPL-2.0 */
/* What a call did to the VMAs around it. */
#ifndef VMWALK_CHANGES_H
#define VMWALK_CHANGES_H

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
 * struct change - one of them
 * @kind: of change
 * @nr_from: of @from
 * @nr_to: of @to
 * @from: VMAs before
 * @to: VMAs after
 */
struct change {
	enum change_kind kind;
	unsigned int nr_from;
	unsigned int nr_to;
	struct vmwalk_extent from[VMWALK_EXTENTS];
	struct vmwalk_extent to[VMWALK_EXTENTS];
};

/**
 * struct changes - all of them, ascending
 * @nr: of @change
 * @unread: they could not be seen, before or after
 * @more: there may be more than were recorded
 * @change: the changes
 */
struct changes {
	unsigned int nr;
	bool unread;
	bool more;
	struct change change[CHANGES_MAX];
};

/* changes_find() - compare what was around a call before and after; pure */
void changes_find(struct changes *changes, unsigned int kind,
		  const struct vmwalk_call_event *call);

/* changes_words() - "split 1000-5000 into 1000-3000 3000-5000". Returns @buf. */
char *changes_words(const struct change *change, char *buf, size_t size);

/* changes_array() - the same as an array of objects */
json_t *changes_array(const struct changes *changes);

#endif /* VMWALK_CHANGES_H */
