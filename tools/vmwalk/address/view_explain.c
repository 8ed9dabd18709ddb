// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "output/escape.h"
#include "output/hidden.h"
#include "output/json.h"
#include "output/screen.h"
#include "view_drawing.h"
#include "view_explain.h"

#define INDENT	2

static void draw_step(struct screen *screen, const char *question, const char *answer,
		      const char *function, const char *lock)
{
	screen_row(screen, "", INDENT);
	screen_word(screen, "%-33s %-3s %-*s%s", question, answer, *lock ? 29 : 0, function,
		    lock);
	screen_end(screen);
}

static void draw_conditions(struct screen *screen, const struct vmwalk_ending *ending)
{
	unsigned int fact, words = 0;

	for (fact = 0; fact < VMWALK_FACT_MAX; fact++) {
		if (ending->if_yes & VMWALK_FACT_BIT(fact))
			screen_word(screen, "%s%s", words++ ? "and " : "if ",
				    vmwalk_fact_name(fact));
		else if (ending->if_no & VMWALK_FACT_BIT(fact))
			screen_word(screen, "%snot %s", words++ ? "and " : "if ",
				    vmwalk_fact_name(fact));
	}
}

static void draw_ending(struct screen *screen, const struct vmwalk_ending *ending, bool certain)
{
	char text[256];

	screen_row(screen, "", INDENT);
	screen_ink(screen, ending->signal ? INK_BAD : INK_GOOD);
	screen_word(screen, "→ %s", vmwalk_cause_name(ending->cause));
	screen_ink(screen, INK_PLAIN);
	if (ending->cause != VMWALK_CAUSE_NONE && *ending->function)
		screen_word(screen, "by %s", ending->function);
	if (*ending->lock != '-')
		screen_word(screen, "holding %s", ending->lock);
	screen_end(screen);
	if (certain)
		return;
	screen_row(screen, "", 2 * INDENT);
	draw_conditions(screen, ending);
	screen_end(screen);
	screen_row(screen, "", 2 * INDENT);
	screen_word(screen, "%s", predict_ending(ending, text, sizeof(text)));
	screen_end(screen);
}

static void draw_unknown(struct screen *screen, const struct vmwalk_decision *decision)
{
	unsigned int fact;

	for (fact = 0; fact < VMWALK_FACT_MAX; fact++)
		if (decision->depends & VMWALK_FACT_BIT(fact))
			draw_step(screen, vmwalk_fact_question(fact), "?",
				  decision->hidden & VMWALK_FACT_BIT(fact) ?
				  "hidden (needs " HIDDEN_BY ")" : "not known from here", "");
}

static void draw_assumptions(struct screen *screen, const struct vmwalk_decision *decision)
{
	unsigned int fact;

	for (fact = 0; fact < VMWALK_FACT_MAX; fact++) {
		if (!(decision->assumes & VMWALK_FACT_BIT(fact)))
			continue;
		screen_row(screen, "", INDENT);
		screen_word(screen, "(\"%s\" is assumed)", vmwalk_fact_question(fact));
		screen_end(screen);
	}
}

static void draw_decision(struct screen *screen, const struct vmwalk_decision *decision)
{
	const struct vmwalk_step *step;
	unsigned int i;

	for (i = 0; i < decision->nr_steps; i++) {
		step = &decision->step[i];
		draw_step(screen, vmwalk_fact_question(step->fact), step->yes ? "yes" : "no",
			  step->function, step->lock);
	}
	draw_unknown(screen, decision);
	for (i = 0; i < decision->nr_endings; i++)
		draw_ending(screen, &decision->ending[i], decision->nr_endings == 1);
	draw_assumptions(screen, decision);
}

static void draw_access(struct screen *screen, const struct vmwalk_prediction *prediction,
			unsigned int access)
{
	char sentence[512];
	unsigned int i;

	screen_row(screen, "", 0);
	screen_ink(screen, INK_STRONG);
	screen_word(screen, "If it %s: %s", predict_word(access),
		    predict_sentence(prediction, false, sentence, sizeof(sentence)));
	screen_ink(screen, INK_PLAIN);
	screen_end(screen);
	for (i = 0; i < prediction->nr; i++) {
		if (i) {
			screen_row(screen, "", INDENT);
			screen_word(screen, "and the access is tried again:");
			screen_end(screen);
		}
		draw_decision(screen, &prediction->fault[i]);
	}
}

static void draw_head(struct screen *screen, const struct address_view *view)
{
	__u32 kernel = view->around.kernel;
	char comm[256];

	escape_text(comm, sizeof(comm), view->target->comm, screen->ascii);
	screen_row(screen, "", 0);
	screen_word(screen, "%s[%d] %#llx  %s", comm, (int)view->target->pid,
		    (unsigned long long)view->seen.walk.call.address, view->arch->name);
	if (kernel)
		screen_word(screen, "Linux %u.%u", kernel >> 8, kernel & 0xff);
	screen_end(screen);
	screen_row(screen, "", INDENT);
	view_verdict(screen, view);
	screen_end(screen);
}

static int add_decision(struct table *table, const struct vmwalk_decision *decision,
			struct explain_row *row)
{
	unsigned int i, nr = decision->nr_steps + decision->nr_endings;

	for (i = 0; i < nr; i++) {
		row->number++;
		row->step = i < decision->nr_steps ? &decision->step[i] : NULL;
		row->ending = row->step ? NULL : &decision->ending[i - decision->nr_steps];
		if (table_add(table, row, NULL, TABLE_NO_PARENT))
			return -1;
	}
	return 0;
}

static int draw_table(FILE *out, const struct address_view *view, const struct options *options)
{
	struct table *table = table_new(&step_columns, options, NULL);
	const struct vmwalk_prediction *prediction;
	struct explain_row row;
	int error = 0;

	for (row.access = 0; row.access < VMWALK_ACCESS_MAX; row.access++) {
		prediction = &view->predict[row.access];
		row.number = 0;
		for (row.fault = 1; row.fault <= prediction->nr && !error; row.fault++)
			error = add_decision(table, &prediction->fault[row.fault - 1], &row);
	}
	if (!error)
		error = table_print(table, out, 0);
	table_free(table);
	return error;
}

int view_explain(FILE *out, const struct address_view *view, const struct options *options)
{
	struct screen screen;
	unsigned int access;

	if (options->output)
		return draw_table(out, view, options);
	screen_begin(&screen, out, options);
	if (!options->noheadings)
		draw_head(&screen, view);
	for (access = 0; access < VMWALK_ACCESS_MAX; access++) {
		if (access || !options->noheadings)
			fputc('\n', out);
		draw_access(&screen, &view->predict[access], access);
	}
	return 0;
}

int view_explain_json(FILE *out, const struct address_view *view, bool compact)
{
	__u32 kernel = view->around.kernel;
	json_t *root = json_object();

	field_number(root, "pid", view->target->pid);
	field_number(root, "tgid", view->target->tgid);
	field_text(root, "comm", view->target->comm);
	field_text(root, "arch", view->arch->json);
	if (kernel)
		json_object_set_new(root, "kernel", json_sprintf("%u.%u", kernel >> 8,
								 kernel & 0xff));
	field_hex(root, "address", view->seen.walk.call.address);
	field_text(root, "state", view_state(view));
	json_object_set_new(root, "predict", predict_object(view, true));
	field_print(out, root, compact);
	return 0;
}

static void put_words(FILE *out, const char *key, const struct predict_kinds *kinds, bool cause)
{
	const char *word, *before = "";
	unsigned int i;

	fprintf(out, " %s=", key);
	for (i = 0; i < kinds->nr; i++) {
		word = cause ? vmwalk_cause_name(kinds->ending[i]->cause) :
			       vmwalk_outcome_name(kinds->ending[i]->outcome);
		if (!i || strcmp(word, before))
			fprintf(out, "%s%s", i ? "|" : "", word);
		before = word;
	}
}

int view_explain_quiet(FILE *out, const struct address_view *view)
{
	struct predict_kinds kinds;
	unsigned int access;

	for (access = 0; access < VMWALK_ACCESS_MAX; access++) {
		predict_kinds(vmwalk_cause_final(&view->predict[access]), &kinds);
		fprintf(out, "pid=%d address=%#llx access=%s", (int)view->target->pid,
			(unsigned long long)view->seen.walk.call.address,
			vmwalk_access_name(access));
		put_words(out, "outcome", &kinds, false);
		put_words(out, "class", &kinds, true);
		fputc('\n', out);
	}
	return 0;
}
