/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_VIEW_FIND_H
#define VMWALK_VIEW_FIND_H

#include "frame.h"
#include "output/table.h"

extern const struct columns mapping_columns;

struct mapping {
	struct vmwalk_target target;
	__u64 address;	/* of the byte asked for; of the page for pfn:PFN */
	__u64 size;
	struct vmwalk_address walk;
	char *name;	/* VMA name, not escaped; freed by cmd_find.c */
};

struct finding {
	struct frame frame;
	unsigned int page_size;
	struct mapping *mapping;
	size_t nr;
	size_t room;
	unsigned int processes;	/* scanned, with or without a mapping */
	unsigned int holders;	/* processes with a mapping of the frame */
	/* processes that the caller may not attach to, or whose PFNs are hidden */
	unsigned int denied;
	/* processes that may map the frame, but changed during each of the scans */
	unsigned int restless;
	int flags_error;	/* negative errno of reading @flags, or 0 */
	__u64 flags;	/* of /proc/kpageflags; valid if @flags_error is 0 */
	__u64 count;
};

/* Return 0, or -1 on allocation failure. */
int view_find(FILE *out, const struct finding *finding, const struct options *options);
int view_find_json(FILE *out, const struct finding *finding, const struct options *options);
int view_find_quiet(FILE *out, const struct finding *finding, const struct options *options);

#endif
