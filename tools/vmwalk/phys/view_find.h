/* SPDX-License-Identifier: GPL-2.0 */
/* The processes that map a page frame. */
#ifndef VMWALK_VIEW_FIND_H
#define VMWALK_VIEW_FIND_H

#include "frame.h"
#include "output/table.h"

extern const struct columns mapping_columns;	/* a row for each place */

/**
 * struct mapping - a place where a frame is mapped
 * @target: the process
 * @address: of the byte that was asked for, or of the page
 * @size: of the entry that maps it, bytes
 * @walk: the record of that address
 * @name: of the VMA, raw
 */
struct mapping {
	struct vmwalk_target target;
	__u64 address;
	__u64 size;
	struct vmwalk_walk walk;
	char *name;
};

/**
 * struct finding - all that was found
 * @frame: what was looked for
 * @page_size: bytes
 * @mapping: the places, by process and address
 * @nr: of @mapping
 * @room: at @mapping
 * @processes: that were looked at
 * @holders: of these, those that map it
 * @denied: processes that may not be looked at
 * @restless: processes that kept changing, and may map it
 * @flags_error: of reading @flags, a negative errno, else 0
 * @flags: of the frame, as kpageflags has them
 * @count: mappings, as kpagecount has them; 0 if unknown
 */
struct finding {
	struct frame frame;
	unsigned int page_size;
	struct mapping *mapping;
	size_t nr;
	size_t room;
	unsigned int processes;
	unsigned int holders;
	unsigned int denied;
	unsigned int restless;
	int flags_error;
	__u64 flags;
	__u64 count;
};

/* 0, or -1 without memory */
int view_find(FILE *out, const struct finding *finding, const struct options *options);
int view_find_json(FILE *out, const struct finding *finding, const struct options *options);
int view_find_quiet(FILE *out, const struct finding *finding, const struct options *options);

#endif /* VMWALK_VIEW_FIND_H */
