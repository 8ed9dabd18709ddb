// SPDX-License-Identifier: GPL-2.0
/* This file only finds the words; vmwalk_cause_predict() of the library decides. */
#include <string.h>

#include "output/hidden.h"
#include "output/words.h"
#include "predict.h"

#define BIT(fact)	VMWALK_FACT_BIT(VMWALK_FACT_##fact)

void view_predict(struct address_view *view)
{
	struct vmwalk_facts facts;
	unsigned int access;

	for (access = 0; access < VMWALK_ACCESS_MAX; access++) {
		vmwalk_facts_of(view->caps, &view->seen.walk, &view->around, access,
				&facts);
		vmwalk_cause_predict(&facts, &view->predict[access]);
	}
	view->predicted = true;
}

void view_predict_image(struct address_view *view)
{
	vmwalk_around_release(&view->around, view->image->release);
	view_predict(view);
}

const char *predict_word(unsigned int access)
{
	static const char * const words[] = { "reads", "writes", "executes" };

	return access < VMWALK_ACCESS_MAX ? words[access] : "?";
}

static bool is_same(const struct vmwalk_ending *a, const struct vmwalk_ending *b)
{
	return a->cause == b->cause && a->outcome == b->outcome && a->signal == b->signal &&
	       a->code == b->code;
}

void predict_kinds(const struct vmwalk_decision *decision, struct predict_kinds *kinds)
{
	const struct vmwalk_ending *ending;
	unsigned int i, j;

	memset(kinds, 0, sizeof(*kinds));
	kinds->same_cause = true;
	kinds->same_outcome = true;
	for (i = 0; i < decision->nr_endings; i++) {
		ending = &decision->ending[i];
		kinds->same_cause &= ending->cause == decision->ending[0].cause;
		kinds->same_outcome &= ending->outcome == decision->ending[0].outcome;
		for (j = 0; j < kinds->nr; j++)
			if (is_same(kinds->ending[j], ending))
				break;
		if (j == kinds->nr)
			kinds->ending[kinds->nr++] = ending;
	}
}

static void add_ending(struct words *words, const struct vmwalk_ending *ending)
{
	switch (ending->outcome) {
	case VMWALK_OUTCOME_MINOR:
	case VMWALK_OUTCOME_MAJOR:
		words_add(words, "%s fault: %s", vmwalk_outcome_name(ending->outcome),
			  ending->text);
		break;
	case VMWALK_OUTCOME_WAIT:
		words_add(words, "fault: %s", ending->text);
		break;
	case VMWALK_OUTCOME_SIGSEGV:
	case VMWALK_OUTCOME_SIGBUS:
		words_add(words, "%s (%s): %s", vmwalk_outcome_name(ending->outcome),
			  vmwalk_sigcode_name(ending->signal, ending->code), ending->text);
		break;
	default:
		words_add(words, "%s", ending->text);
	}
}

char *predict_ending(const struct vmwalk_ending *ending, char *buf, size_t size)
{
	struct words words = words_begin(buf, size);

	add_ending(&words, ending);
	return buf;
}

static const char *between(unsigned int i, unsigned int nr)
{
	if (!i)
		return "";
	return i + 1 < nr ? ", " : " or ";
}

static void add_outcomes(struct words *words, const struct predict_kinds *kinds)
{
	unsigned int i;

	for (i = 0; i < kinds->nr; i++)
		words_add(words, "%s%s", between(i, kinds->nr),
			  vmwalk_outcome_name(kinds->ending[i]->outcome));
	words_add(words, " fault: %s", kinds->ending[kinds->nr - 1]->text);
}

/* Name each ending by its class: several sentences do not fit in a row. */
static void add_kinds(struct words *words, const struct predict_kinds *kinds)
{
	const struct vmwalk_ending *ending;
	unsigned int i;

	if (kinds->same_outcome && !kinds->ending[0]->signal)
		words_add(words, "%s fault: ", vmwalk_outcome_name(kinds->ending[0]->outcome));
	for (i = 0; i < kinds->nr; i++) {
		ending = kinds->ending[i];
		words_add(words, "%s", between(i, kinds->nr));
		if (ending->cause == VMWALK_CAUSE_NONE)
			words_add(words, "no fault");
		else if (kinds->same_outcome)
			words_add(words, "%s", vmwalk_cause_name(ending->cause));
		else
			words_add(words, "%s (%s)", vmwalk_outcome_name(ending->outcome),
				  vmwalk_cause_name(ending->cause));
	}
}

static void add_condition(struct words *words, const struct vmwalk_decision *decision)
{
	if (decision->hidden)
		words_add(words, " (hidden: needs %s)", HIDDEN_BY);
	else if (decision->depends)
		words_add(words, " (%s)", vmwalk_fact_question(__builtin_ctzll(decision->depends)));
}

char *predict_sentence(const struct vmwalk_prediction *prediction, bool alone, char *buf,
		       size_t size)
{
	const struct vmwalk_decision *decision = vmwalk_cause_final(prediction);
	struct words words = words_begin(buf, size);
	struct predict_kinds kinds;

	predict_kinds(decision, &kinds);
	if (kinds.nr > 1) {
		if (kinds.same_cause && !kinds.ending[0]->signal)
			add_outcomes(&words, &kinds);
		else
			add_kinds(&words, &kinds);
		if (alone)
			add_condition(&words, decision);
		return buf;
	}
	add_ending(&words, kinds.ending[0]);
	if (decision != prediction->fault && alone && prediction->fault[0].nr_endings == 1)
		words_add(&words, "; first, %s", prediction->fault[0].ending[0].text);
	else if (decision != prediction->fault && alone)
		words_add(&words, "; first, it faults once");
	else if (decision->assumes & (BIT(THP_FREE) | BIT(POOL_FREE)))
		words_add(&words, ", if one can be had");
	return buf;
}

char *predict_words(const struct vmwalk_prediction *prediction, char *buf, size_t size)
{
	const struct vmwalk_decision *decision = vmwalk_cause_final(prediction);
	struct words words = words_begin(buf, size);
	const struct vmwalk_ending *ending;
	struct predict_kinds kinds;
	unsigned int i;

	predict_kinds(decision, &kinds);
	for (i = 0; i < kinds.nr; i++) {
		ending = kinds.ending[i];
		words_add(&words, "%s", between(i, kinds.nr));
		if (ending->cause == VMWALK_CAUSE_NONE)
			words_add(&words, "no fault");
		else if (ending->signal)
			words_add(&words, "%s", vmwalk_sigcode_name(ending->signal, ending->code));
		else if (kinds.same_cause && i + 1 < kinds.nr)
			words_add(&words, "%s", vmwalk_outcome_name(ending->outcome));
		else
			words_add(&words, "%s %s", vmwalk_outcome_name(ending->outcome),
				  vmwalk_cause_name(ending->cause));
	}
	if (decision->hidden)
		words_add(&words, " (hidden)");
	return buf;
}
