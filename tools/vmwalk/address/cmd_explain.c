// SPDX-License-Identifier: GPL-2.0
/*
 * vmwalk explain PID ADDR...: what a read, a write and a jump would do now, and why.
 */
#include <err.h>
#include <stdio.h>

#include "address_view.h"
#include "command.h"
#include "output/escape.h"
#include "view_explain.h"

static int draw(const struct report *report, const struct options *options, bool several)
{
	int error;

	if (options->json)
		error = view_explain_json(stdout, report, several);
	else if (options->quiet)
		error = view_explain_quiet(stdout, report);
	else
		error = view_explain(stdout, report, options);
	fflush(stdout);
	return error ? failure_memory() : STATUS_DONE;
}

static int explain_one(struct source *source, const struct options *options, const char *text,
		       bool several)
{
	static struct report report;
	struct place place;
	char given[512];
	int status;

	escape_text(given, sizeof(given), text, true);
	status = place_find(source, text, &place);
	if (status)
		return status;
	if (place.start != place.end) {
		warnx("%s: explain is about an address, not about a range", given);
		return STATUS_USAGE;
	}
	status = report_gather(source, given, place.start, &report);
	if (!status && (report.region || report.beyond)) {
		warnx("%s: explain is about memory of the process: this address is not its own",
		      given);
		status = STATUS_NOTHING;
	}
	if (!status)
		status = draw(&report, options, several);
	report_free(&report);
	return status;
}

int cmd_explain(const struct options *options, int argc, char **argv)
{
	struct source source;
	int status, worst = STATUS_DONE, i;

	if (argc < 2) {
		warnx("explain needs a PID and an address; see vmwalk explain --help");
		return STATUS_USAGE;
	}
	if (failure_output(options, &step_columns))
		return STATUS_USAGE;
	worst = source_process(&source, argv[0]);
	for (i = 1; i < argc && source.ready; i++) {
		if (i > 1 && !options->json && !options->quiet)
			fputc('\n', stdout);
		status = explain_one(&source, options, argv[i], argc > 2);
		if (status > worst)
			worst = status;
	}
	source_close(&source);
	return worst;
}
