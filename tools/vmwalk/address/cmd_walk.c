// SPDX-License-Identifier: GPL-2.0
/*
 * vmwalk PID ADDR walks an address, vmwalk PID RANGE lists the runs of a range, and
 * vmwalk PID the map of the whole address space. --from FILE takes the place of the PID.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "expect.h"
#include "output/escape.h"
#include "view.h"

struct job {
	const struct options *options;
	struct source source;
	bool several;	/* there may be several answers: JSON has a line for each */
	unsigned int drawn;
};

static int check_places(int argc, char **argv)
{
	int i, status;

	for (i = 0; i < argc; i++) {
		status = strcmp(argv[i], "-") ? place_arg_check(argv[i]) : STATUS_DONE;
		if (status)
			return status;
	}
	return STATUS_DONE;
}

static int check_expect(const struct options *options, int argc)
{
	char why[256];

	if (!options->expect)
		return STATUS_DONE;
	if (argc < 1 + !options->from) {
		warnx("--expect is about an address: give at least one");
		return STATUS_USAGE;
	}
	if (expect_check(options->expect, why, sizeof(why))) {
		warnx("--expect: %s. There are:", why);
		expect_list(stderr);
		return STATUS_USAGE;
	}
	return STATUS_DONE;
}

static void draw(struct job *job, const struct address_view *view)
{
	if (job->options->json) {
		view_json(stdout, view, job->several);
	} else if (job->options->quiet) {
		view_quiet(stdout, view);
	} else if (!job->options->expect) {
		if (job->drawn++)
			fputc('\n', stdout);
		view_screen(stdout, view, job->options);
	}
	fflush(stdout);
}

static int judge(const struct job *job, const struct address_view *view, const char *given)
{
	char why[512];
	unsigned int i;

	for (i = 0; i < VMWALK_BOOK_MAX; i++)
		if (view->seen.check[i].result == VMWALK_CHECK_MISMATCH)
			warnx("%s: MISMATCH: %s says otherwise: %s", given, vmwalk_book_name(i),
			      view->seen.check[i].reason);
	if (job->options->expect &&
	    !expect_evaluate(job->options->expect, view, why, sizeof(why))) {
		warnx("%s: %s", given, why);
		return STATUS_NO;
	}
	return view_failed(view) ? STATUS_NO : STATUS_DONE;
}

static int walk_one(struct job *job, const char *given, __u64 address)
{
	static struct address_view view;
	int status;

	if (error_output(job->options, &level_columns))
		return STATUS_USAGE;
	status = view_gather(&job->source, given, address, &view);
	if (!status) {
		draw(job, &view);
		status = judge(job, &view, given);
	}
	view_free(&view);
	return status;
}

static int show_one(struct job *job, const char *text)
{
	struct place_arg place;
	char given[512];
	int status;

	escape_text(given, sizeof(given), text, true);
	status = place_arg_find(&job->source, text, &place);
	if (status)
		return status;
	if (place.start == place.end)
		return walk_one(job, given, place.start);
	if (job->options->expect) {
		warnx("%s: --expect is about an address, not about a range", given);
		return STATUS_USAGE;
	}
	if (job->drawn++ && !job->options->json && !job->options->quiet)
		fputc('\n', stdout);
	return range_show(&job->source, job->options, &place, given, job->several);
}

static int worse(int a, int b)
{
	return a > b ? a : b;
}

static int walk_list(struct job *job, FILE *list)
{
	int status = STATUS_DONE;
	char *line = NULL, *text;
	size_t size = 0, len;

	while (getline(&line, &size, list) > 0) {
		text = line + strspn(line, " \t");
		len = strlen(text);
		while (len && strchr(" \t\r\n", text[len - 1]))
			text[--len] = '\0';
		if (*text && *text != '#')
			status = worse(status, show_one(job, text));
		/* Stop on a write error (EPIPE): the list may have no end. */
		if (ferror(stdout))
			break;
	}
	if (ferror(list)) {
		warn("the list of addresses");
		status = worse(status, STATUS_NO);
	}
	free(line);
	return status;
}

int cmd_walk(const struct options *options, int argc, char **argv)
{
	struct job job = { .options = options };
	const int words = !options->from;	/* the PID */
	int status, i;

	status = check_expect(options, argc);
	if (!status && argc > words)
		status = check_places(argc - words, argv + words);
	if (status)
		return status;
	status = source_open(&job.source, options, &argc, &argv);
	if (!status && !argc)
		status = map_show(&job.source, options);
	job.several = argc > 1;
	for (i = 0; i < argc; i++)
		if (!strcmp(argv[i], "-"))
			job.several = true;
	for (i = 0; i < argc && job.source.ready; i++) {
		if (!strcmp(argv[i], "-"))
			status = worse(status, walk_list(&job, stdin));
		else
			status = worse(status, show_one(&job, argv[i]));
	}
	source_close(&job.source);
	return status;
}
