/* SPDX-License-Identifier: GPL-2.0 */
/* The end of a watch: sums, and what was lost. */
#ifndef VMWALK_VIEW_SAMPLES_H
#define VMWALK_VIEW_SAMPLES_H

#include "fault_stats.h"
#include "output/table.h"

/* Of a &struct sample. */
extern const struct columns sample_columns;

/* view_samples() - the sums, in tables; 0, or -1 without memory */
int view_samples(FILE *out, struct samples *samples, const struct options *options);

/* view_samples_json() - one object, on a line */
void view_samples_json(FILE *out, struct samples *samples);

/* view_samples_quiet() - a line for each */
void view_samples_quiet(FILE *out, struct samples *samples, const struct options *options);

/* view_watch_start() - the first line of JSON or of lines: who, and what can be told */
void view_watch_start(FILE *out, const struct vmwalk_image *image,
		      const struct vmwalk_watch_account *account, const struct options *options);

/* view_watch_end() - the last line, in the form of the others */
void view_watch_end(FILE *out, const struct samples *samples, const struct samples_end *end,
		    const struct options *options);

#endif /* VMWALK_VIEW_SAMPLES_H */
