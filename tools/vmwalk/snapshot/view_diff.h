/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_VIEW_DIFF_H
#define VMWALK_VIEW_DIFF_H

#include "output/table.h"

extern const struct columns difference_columns;

struct pair {
	const struct vmwalk_image *before;
	const struct vmwalk_image *after;
	const char *names[2];	/* PID, "self" or file name, as the user wrote it */
};

/* Return the number of differences, or -1 on allocation failure. */
long view_diff(FILE *out, const struct pair *pair, const struct options *options);
long view_diff_json(FILE *out, const struct pair *pair, const struct options *options);
long view_diff_quiet(FILE *out, const struct pair *pair, const struct options *options);

#endif
