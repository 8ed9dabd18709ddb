/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_PREDICT_H
#define VMWALK_PREDICT_H

#include <jansson.h>

#include "address_view.h"

#define PREDICT_KINDS	VMWALK_ENDINGS_MAX

/*
 * Endings of a decision; of those with the same cause, outcome, signal and si_code only
 * the first.
 */
struct predict_kinds {
	const struct vmwalk_ending *ending[PREDICT_KINDS];
	unsigned int nr;
	bool same_cause;
	bool same_outcome;
};

/*
 * view_predict() - fill @view->predict from the walk and @view->around, which must be
 * filled, and set @view->predicted
 */
void view_predict(struct address_view *view);

/*
 * view_predict_image() - view_predict() for an address of a snapshot, which holds the entries,
 * but no limits, tunables or page cache: what depends on them stays unknown
 */
void view_predict_image(struct address_view *view);

/* predict_kinds() - collect the endings that differ, as pointers into @decision */
void predict_kinds(const struct vmwalk_decision *decision, struct predict_kinds *kinds);

/*
 * predict_word() - return "reads", "writes" or "executes" for an &enum vmwalk_access, or
 * "?"
 */
const char *predict_word(unsigned int access);

/*
 * predict_sentence() - write the outcome in words; with @alone, also its conditions and
 * the fault before it. Return @buf.
 */
char *predict_sentence(const struct vmwalk_prediction *prediction, bool alone, char *buf,
		       size_t size);

/* predict_words() - write the outcome in its shortest form: "minor cow". Return @buf. */
char *predict_words(const struct vmwalk_prediction *prediction, char *buf, size_t size);

/* predict_ending() - write an ending: "minor fault: a new zeroed frame". Return @buf. */
char *predict_ending(const struct vmwalk_ending *ending, char *buf, size_t size);

/*
 * predict_object() - return a new JSON object with a member per access; @steps adds the
 * checks that lead to each ending
 */
json_t *predict_object(const struct address_view *view, bool steps);

#endif
