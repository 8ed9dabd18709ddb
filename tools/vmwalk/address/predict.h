/* SPDX-License-Identifier: GPL-2.0 */
/* Predictions of a view, as sentences and as JSON. */
#ifndef VMWALK_PREDICT_H
#define VMWALK_PREDICT_H

#include <jansson.h>

#include "address_view.h"

#define PREDICT_KINDS	VMWALK_ENDINGS_MAX

/* Endings of a decision, without those that look the same to the process */
struct predict_kinds {
	const struct vmwalk_ending *ending[PREDICT_KINDS];	/* one ending of each kind */
	unsigned int nr;
	bool same_cause;	/* true if all endings have one class */
	bool same_outcome;
};

/* view_predict() - fill @view->predict from the walk and @view->around; pure */
void view_predict(struct address_view *view);

/* predict_kinds() - collect the endings that differ; pure */
void predict_kinds(const struct vmwalk_decision *decision, struct predict_kinds *kinds);

/* predict_word() - word for &enum vmwalk_access: "reads", "writes", "executes" */
const char *predict_word(unsigned int access);

/*
 * predict_sentence() - the outcome in words; with @alone also its conditions and the faults before
 * it. Returns @buf.
 */
char *predict_sentence(const struct vmwalk_prediction *prediction, bool alone, char *buf,
		       size_t size);

/* predict_words() - the outcome in its shortest form: "minor cow". Returns @buf. */
char *predict_words(const struct vmwalk_prediction *prediction, char *buf, size_t size);

/* predict_ending() - an ending in words: "minor fault: a new zeroed frame". Returns @buf. */
char *predict_ending(const struct vmwalk_ending *ending, char *buf, size_t size);

/* predict_object() - new reference: an object per access; with @steps also the questions asked */
json_t *predict_object(const struct address_view *view, bool steps);

#endif /* VMWALK_PREDICT_H */
