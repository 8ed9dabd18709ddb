/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_VIEW_CHECK_H
#define VMWALK_VIEW_CHECK_H

#include "output/table.h"

extern const struct columns check_columns;

/* Number of mismatches that are kept with a reason; more are only counted */
#define MISMATCHES_KEPT	1000

struct mismatch {
	unsigned int book;
	__u64 address;	/* 0: the process as a whole */
	char *reason;
};

struct findings {
	const struct vmwalk_target *target;
	struct vmwalk_audit audit;
	struct mismatch mismatch[MISMATCHES_KEPT];
	size_t nr;
};

/* Return 0, or -1 on allocation failure. */
int view_check(FILE *out, const struct findings *findings, const struct options *options);
int view_check_json(FILE *out, const struct findings *findings, const struct options *options);
int view_check_quiet(FILE *out, const struct findings *findings, const struct options *options);

#endif
