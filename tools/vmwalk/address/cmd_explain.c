// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <stdio.h>

#include "address_view.h"
#include "command.h"
#include "output/escape.h"
#include "predict.h"
#include "view_explain.h"

static int draw(const struct address_view *view, const struct options *options, bool several)
{
	int error;

	if (options->json)
		error = view_explain_json(stdout, view, several);
	else if (options->quiet)
		error = view_explain_quiet(stdout, view);
	else
		error = view_explain(stdout, view, options);
	fflush(stdout);
	return error ? error_memory() : STATUS_DONE;
}

static int explain_one(struct source *source, const struct options *options, const char *text,
		       bool several)
{
	static struct address_view view;
	struct place_arg place;
	char given[512];
	int status;

	escape_text(given, sizeof(given), text, true);
	status = place_arg_find(source, text, &place);
	if (status)
		return status;
	if (place.start != place.end) {
		warnx("%s: explain is about an address, not about a range", given);
		return STATUS_USAGE;
	}
	status = view_gather(source, given, place.start, &view);
	if (!status && (view.region || view.beyond)) {
		warnx("%s: explain is about memory of the process: this address is not its own",
		      given);
		status = STATUS_NOTHING;
	}
	if (!status && view.image)
		view_predict_image(&view);
	if (!status)
		status = draw(&view, options, several);
	view_free(&view);
	return status;
}

int cmd_explain(const struct options *options, int argc, char **argv)
{
	const int words = !options->from;	/* the PID */
	struct source source;
	int status, worst = STATUS_DONE, i;

	if (argc < words + 1) {
		warnx(words ? "explain needs a PID and an address" :
			      "explain needs an address");
		return STATUS_USAGE;
	}
	if (error_output(options, &step_columns))
		return STATUS_USAGE;
	for (i = words; i < argc && !worst; i++)
		worst = place_arg_check(argv[i]);
	if (worst)
		return worst;
	worst = source_open(&source, options, &argc, &argv);
	for (i = 0; i < argc && source.ready; i++) {
		if (i && !options->json && !options->quiet)
			fputc('\n', stdout);
		status = explain_one(&source, options, argv[i], argc > 1);
		if (status > worst)
			worst = status;
	}
	source_close(&source);
	return worst;
}
