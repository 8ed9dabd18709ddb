/* SPDX-License-Identifier: GPL-2.0 */
/* Predictions of a view: in a sentence, and as an object. */
#ifndef VMWALK_PREDICT_H
#define VMWALK_PREDICT_H

#include <jansson.h>

#include "address_view.h"

#define PREDICT_KINDS	VMWALK_ENDINGS_MAX

/* Endings of a decision that differ for the process */
struct predict_kinds {
	const struct vmwalk_ending *ending[PREDICT_KINDS];	/* one of each kind */
	unsigned int nr;
	bool same_cause;	/* one class for all */
	bool same_outcome;
};

/* view_predict() - fill @predict from the walk and @around; pure */
void view_predict(struct address_view *view);

/* predict_kinds() - the endings that differ; pure */
void predict_kinds(const struct vmwalk_decision *decision, struct predict_kinds *kinds);

/* predict_word() - "reads", "writes", "executes" */
const char *predict_word(unsigned int access);

/*
 * predict_sentence() - what it comes to, in words; with @alone also on what that depends,
 * and what comes first. Returns @buf.
 */
char *predict_sentence(const struct vmwalk_prediction *prediction, bool alone, char *buf,
		       size_t size);

/* predict_words() - the same as short as can be: "minor cow". Returns @buf. */
char *predict_words(const struct vmwalk_prediction *prediction, char *buf, size_t size);

/* predict_ending() - one ending in words: "minor fault: a new zeroed frame". Returns @buf. */
char *predict_ending(const struct vmwalk_ending *ending, char *buf, size_t size);

/* predict_object() - each access in JSON; with @steps also the way to it */
json_t *predict_object(const struct address_view *view, bool steps);

#endif /* VMWALK_PREDICT_H */
