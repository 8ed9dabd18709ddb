/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_VIEW_RANGE_H
#define VMWALK_VIEW_RANGE_H

#include "output/table.h"

extern const struct columns run_columns;

/* view_range() - draw [@start, @end). Return 0, or -1 on allocation failure. */
int view_range(FILE *out, const struct vmwalk_image *image, __u64 start, __u64 end,
	       const struct options *options);

/* view_range_json() - print a JSON object, on one line if @compact */
void view_range_json(FILE *out, const struct vmwalk_image *image, __u64 start, __u64 end,
		     const struct options *options, bool compact);

void view_range_quiet(FILE *out, const struct vmwalk_image *image, __u64 start, __u64 end,
		      const struct options *options);

#endif
