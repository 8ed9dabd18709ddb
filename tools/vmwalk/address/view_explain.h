/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_VIEW_EXPLAIN_H
#define VMWALK_VIEW_EXPLAIN_H

#include "output/table.h"
#include "predict.h"

extern const struct columns step_columns;

struct explain_row {
	unsigned int access;	/* &enum vmwalk_access */
	unsigned int fault;	/* from 1: an access can take several faults */
	unsigned int number;	/* number of the row within the access, from 1 */
	const struct vmwalk_step *step;
	const struct vmwalk_ending *ending;	/* set if @step is NULL */
};

/* view_predict() must have filled @view. Return 0, or -1 on allocation failure. */
int view_explain(FILE *out, const struct address_view *view, const struct options *options);
int view_explain_json(FILE *out, const struct address_view *view, bool compact);
int view_explain_quiet(FILE *out, const struct address_view *view);

#endif
