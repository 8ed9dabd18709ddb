/* SPDX-License-Identifier: GPL-2.0 */
/* The end of a watch: sums, and what was lost. */
#ifndef VMWALK_VIEW_FAULT_STATS_H
#define VMWALK_VIEW_FAULT_STATS_H

#include "fault_stats.h"
#include "output/table.h"

/* Of a &struct fault_stat. */
extern const struct columns fault_stat_columns;

/* view_samples() - the sums, in tables; 0, or -1 without memory */
int view_samples(FILE *out, struct fault_stats *stats, const struct options *options);

/* view_samples_json() - one object, on a line */
void view_samples_json(FILE *out, struct fault_stats *stats);

/* view_samples_quiet() - a line for each */
void view_samples_quiet(FILE *out, struct fault_stats *stats, const struct options *options);

/* view_watch_start() - the first line of JSON or of lines: who, and what can be told */
void view_watch_start(FILE *out, const struct vmwalk_image *image,
		      const struct vmwalk_watch_account *account, const struct options *options);

/* view_watch_end() - the last line, in the form of the others */
void view_watch_end(FILE *out, const struct fault_stats *stats, const struct fault_stats_end *end,
		    const struct options *options);

#endif /* VMWALK_VIEW_FAULT_STATS_H */
