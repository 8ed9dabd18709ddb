// SPDX-License-Identifier: GPL-2.0
/* A row is a question, or, if its @step is NULL, an ending. */
#include "predict.h"
#include "view_explain.h"

static const struct explain_row *row_of(const void *row)
{
	return row;
}

static void get_access(const void *row, struct value *value)
{
	value_text(value, vmwalk_access_name(row_of(row)->access));
}

static void get_fault(const void *row, struct value *value)
{
	value_number(value, row_of(row)->fault);
}

static void get_step(const void *row, struct value *value)
{
	value_number(value, row_of(row)->number);
}

static void get_fact(const void *row, struct value *value)
{
	const struct explain_row *explain = row_of(row);

	value_text(value, explain->step ? vmwalk_fact_name(explain->step->fact) :
					  vmwalk_cause_name(explain->ending->cause));
}

static void get_text(const void *row, struct value *value)
{
	const struct explain_row *explain = row_of(row);

	value_text(value, explain->step ? vmwalk_fact_question(explain->step->fact) :
					  explain->ending->text);
}

static void get_answer(const void *row, struct value *value)
{
	const struct explain_row *explain = row_of(row);

	if (explain->step)
		value_truth(value, explain->step->yes);
	else
		value_text(value, vmwalk_outcome_name(explain->ending->outcome));
}

static void get_function(const void *row, struct value *value)
{
	const struct explain_row *explain = row_of(row);

	value_text(value, explain->step ? explain->step->function : explain->ending->function);
}

static void get_lock(const void *row, struct value *value)
{
	const struct explain_row *explain = row_of(row);

	value_text(value, explain->step ? explain->step->lock : explain->ending->lock);
}

static const struct column column[] = {
	{ "ACCESS", "access", "access", "read, write or exec", COLUMN_SHOWN, get_access, NULL },
	{ "FAULT", "fault", "fault", "of an access with several, which",
	  COLUMN_SHOWN | COLUMN_RIGHT, get_fault, NULL },
	{ "STEP", "step", "step", "number of the row", COLUMN_SHOWN | COLUMN_RIGHT, get_step,
	  NULL },
	{ "FACT", "fact", "fact", "what is asked; at the end the class", COLUMN_SHOWN, get_fact,
	  NULL },
	{ "QUESTION", "question", "question", "the same in words", COLUMN_SHOWN, get_text, NULL },
	{ "ANSWER", "answer", "answer", "yes, no; at the end the outcome", COLUMN_SHOWN,
	  get_answer, NULL },
	{ "FUNCTION", "function", "function", "of the kernel, that asks or does it",
	  COLUMN_SHOWN, get_function, NULL },
	{ "LOCK", "lock", "lock", "what is held there", COLUMN_SHOWN, get_lock, NULL },
};

const struct columns step_columns = COLUMNS("steps (explain)", column);
