/* SPDX-License-Identifier: GPL-2.0 */
/* The way to a decision, question by question. */
#ifndef VMWALK_VIEW_EXPLAIN_H
#define VMWALK_VIEW_EXPLAIN_H

#include "output/table.h"
#include "predict.h"

extern const struct columns step_columns;	/* a row for each question, and each ending */

struct explain_row {
	unsigned int access;	/* &enum vmwalk_access */
	unsigned int fault;	/* number of the fault, from 1 on */
	unsigned int number;	/* from 1 on */
	const struct vmwalk_step *step;
	const struct vmwalk_ending *ending;	/* the ending, if @step is NULL */
};

/* Each draws what view_predict() has found; 0, or -1 without memory. */
int view_explain(FILE *out, const struct address_view *view, const struct options *options);
int view_explain_json(FILE *out, const struct address_view *view, bool compact);
int view_explain_quiet(FILE *out, const struct address_view *view);

#endif /* VMWALK_VIEW_EXPLAIN_H */
