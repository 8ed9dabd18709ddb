/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_VIEW_FAULT_STATS_H
#define VMWALK_VIEW_FAULT_STATS_H

#include "fault_stats.h"
#include "output/table.h"

/* Rows are &struct fault_stat. */
extern const struct columns fault_stat_columns;

/* Print the tables. Return -1 if an allocation failed, also while counting, else 0. */
int view_fault_stats(FILE *out, struct fault_stats *stats, const struct options *options);

/* Print all sums as one line of JSON, each list in order of falling total time. */
void view_fault_stats_json(FILE *out, struct fault_stats *stats);

void view_fault_stats_quiet(FILE *out, struct fault_stats *stats, const struct options *options);

/* Print the first line of JSON or of -q: the process, and the sources of events. */
void view_watch_start(FILE *out, const struct vmwalk_image *image,
		      const struct vmwalk_watch_account *account, const struct options *options);

/* Print the last line, in any format: events delivered and lost. */
void view_watch_end(FILE *out, const struct fault_stats *stats, const struct fault_stats_end *end,
		    const struct options *options);

#endif
