// SPDX-License-Identifier: GPL-2.0
#include "output/json.h"
#include "predict.h"
#include "view_drawing.h"
#include "view_explain.h"

/* Without ACCESS, FAULT and STEP, which follow from the nesting of the JSON. */
#define STEP_COLUMNS	"FACT,QUESTION,ANSWER,FUNCTION,LOCK"

/*
 * Five levels, or the user copy of the root, leave no room for three sentences on 80x24.
 */
static bool is_short_of_rows(const struct drawing *drawing)
{
	const struct vmwalk_caps *caps = drawing->view->caps;

	return drawing->narrow && (caps->nr_levels > 4 ||
				   caps->features & VMWALK_FEATURE_ROOT_SHADOW);
}

static void draw_sentences(struct drawing *drawing)
{
	struct screen *screen = &drawing->screen;
	unsigned int access;
	char sentence[512];

	for (access = 0; access < VMWALK_ACCESS_MAX; access++) {
		screen_row(screen, access ? "" : "if it", VIEW_LABEL);
		screen_word(screen, "%-9s%s", predict_word(access),
			    predict_sentence(&drawing->view->predict[access], true, sentence,
					     sizeof(sentence)));
		screen_end(screen);
	}
}

static void draw_words(struct drawing *drawing)
{
	unsigned int access;
	char words[256];

	screen_row(&drawing->screen, "if it", VIEW_LABEL);
	for (access = 0; access < VMWALK_ACCESS_MAX; access++)
		screen_part(&drawing->screen, "%s: %s", predict_word(access),
			    predict_words(&drawing->view->predict[access], words,
					  sizeof(words)));
	screen_end(&drawing->screen);
}

void view_predictions(struct drawing *drawing)
{
	if (!drawing->view->predicted)
		return;
	if (is_short_of_rows(drawing))
		draw_words(drawing);
	else
		draw_sentences(drawing);
}

static json_t *detail_array(__u64 mask)
{
	json_t *array = json_array();
	unsigned int fact;

	for (fact = 0; fact < VMWALK_FACT_MAX; fact++)
		if (mask & VMWALK_FACT_BIT(fact))
			json_array_append_new(array, json_string(vmwalk_fact_name(fact)));
	return array;
}

static void set_ending(json_t *object, const struct vmwalk_ending *ending)
{
	field_text(object, "outcome", vmwalk_outcome_name(ending->outcome));
	field_text(object, "class", vmwalk_cause_name(ending->cause));
	if (ending->signal)
		field_text(object, "signal_code",
			   vmwalk_sigcode_name(ending->signal, ending->code));
	field_text(object, "text", ending->text);
	field_text(object, "function", ending->function);
	field_text(object, "lock", ending->lock);
}

static json_t *conditions(const struct vmwalk_ending *ending)
{
	json_t *object = json_object();
	unsigned int fact;

	for (fact = 0; fact < VMWALK_FACT_MAX; fact++)
		if ((ending->if_yes | ending->if_no) & VMWALK_FACT_BIT(fact))
			field_truth(object, vmwalk_fact_name(fact),
				    ending->if_yes & VMWALK_FACT_BIT(fact));
	return object;
}

static void set_word(json_t *object, const char *key, const char *word, bool certain,
		     bool hidden)
{
	if (certain)
		field_text(object, key, word);
	else if (hidden)
		field_hidden(object, key);
	else
		json_object_set_new(object, key, json_null());
}

static void set_decision(json_t *object, const struct vmwalk_decision *decision)
{
	json_t *array, *possible;
	struct predict_kinds kinds;
	unsigned int i;

	predict_kinds(decision, &kinds);
	if (kinds.nr == 1) {
		set_ending(object, kinds.ending[0]);
	} else {
		set_word(object, "outcome", vmwalk_outcome_name(kinds.ending[0]->outcome),
			 kinds.same_outcome, decision->hidden);
		set_word(object, "class", vmwalk_cause_name(kinds.ending[0]->cause),
			 kinds.same_cause, decision->hidden);
		array = json_array();
		for (i = 0; i < decision->nr_endings; i++) {
			possible = json_object();
			set_ending(possible, &decision->ending[i]);
			json_object_set_new(possible, "if", conditions(&decision->ending[i]));
			json_array_append_new(array, possible);
		}
		json_object_set_new(object, "possible", array);
		json_object_set_new(object, "depends", detail_array(decision->depends));
	}
	if (decision->assumes)
		json_object_set_new(object, "assumes", detail_array(decision->assumes));
}

static json_t *steps_array(const struct vmwalk_decision *decision)
{
	struct explain_row row = { 0 };
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < decision->nr_steps; i++) {
		row.step = &decision->step[i];
		json_array_append_new(array, columns_object(&step_columns, STEP_COLUMNS, &row));
	}
	return array;
}

static json_t *access_object(const struct vmwalk_prediction *prediction, bool steps)
{
	json_t *root = json_object(), *array = json_array(), *object;
	char sentence[512];
	unsigned int i;

	set_decision(root, vmwalk_cause_final(prediction));
	field_text(root, "sentence", predict_sentence(prediction, true, sentence,
						      sizeof(sentence)));
	for (i = 0; i < prediction->nr; i++) {
		object = json_object();
		set_decision(object, &prediction->fault[i]);
		if (steps)
			json_object_set_new(object, "steps", steps_array(&prediction->fault[i]));
		json_array_append_new(array, object);
	}
	if (steps || prediction->nr > 1)
		json_object_set_new(root, "faults", array);
	else
		json_decref(array);
	return root;
}

json_t *predict_object(const struct address_view *view, bool steps)
{
	json_t *object = json_object();
	unsigned int access;

	for (access = 0; access < VMWALK_ACCESS_MAX; access++)
		json_object_set_new(object, vmwalk_access_name(access),
				    access_object(&view->predict[access], steps));
	return object;
}
