// SPDX-License-Identifier: GPL-2.0
/*
 * vmwalk watch PID | -- CMD...: page faults, and what changes the address space, as they
 * happen.
 */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "launch.h"
#include "output/escape.h"
#include "output/heading.h"
#include "output/hidden.h"
#include "view_event.h"
#include "view_fault_stats.h"
#include "watch_session.h"

static const char exec_apart[] =
	"from its first instruction on: the faults of exec are not shown";

/*
 * The standard output is the command's own. A line of an event is to be written at once,
 * also to the standard error.
 */
static int open_output(struct watching *watching)
{
	FILE *out = watching->options.command < 0 ? stdout : stderr;
	static char lines[1 << 16];
	char name[512];

	if (watching->options.to) {
		out = fopen(watching->options.to, "we");
		if (!out) {
			warn("%s", escape_text(name, sizeof(name), watching->options.to, true));
			return errno == EACCES || errno == EPERM ? STATUS_DENIED : STATUS_NO;
		}
	}
	if (out == stderr)
		setvbuf(stderr, lines, _IOFBF, sizeof(lines));
	if (out != stdout && !isatty(fileno(out)))
		watching->options.color = false;
	screen_begin(&watching->screen, out, &watching->options);
	return STATUS_DONE;
}

static int close_output(struct watching *watching)
{
	FILE *out = watching->screen.out;
	int failed;

	if (!out || out == stdout)
		return STATUS_DONE;
	failed = fflush(out) | ferror(out);
	if (out != stderr)
		failed |= fclose(out);
	if (!failed)
		return STATUS_DONE;
	warn("%s", watching->options.to ?: "standard error");
	return STATUS_NO;
}

static void draw_heading(struct watching *watching)
{
	const struct vmwalk_watch_account *account = vmwalk_watch_account(watching->watch);
	struct screen *screen = &watching->screen;
	struct vmwalk_image image = {
		.target = watching->source.target, .caps = *source_caps(&watching->source),
	};
	bool hidden = account->redacted & VMWALK_REDACTED_PFN;

	if (watching->options.json || watching->options.quiet) {
		view_watch_start(screen->out, &image, account, &watching->options);
		return;
	}
	if (watching->options.noheadings)
		return;
	heading_draw(screen, &image, "");
	if (!watching->command && !hidden)
		return;
	screen_row(screen, "", 2);
	if (watching->command)
		screen_part(screen, "%s", exec_apart);
	if (hidden)
		screen_part(screen, "frames are %s", HIDDEN_LONG);
	screen_end(screen);
}

static int draw_end(struct watching *watching)
{
	const struct samples_end end = {
		.account = vmwalk_watch_account(watching->watch), .shown = watching->shown,
		.comm = watching->source.target.comm, .pid = watching->source.target.pid,
	};
	const struct options *options = &watching->options;
	FILE *out = watching->screen.out;
	int error = 0;

	if (options->summary) {
		if (options->json)
			view_samples_json(out, &watching->samples);
		else if (options->quiet)
			view_samples_quiet(out, &watching->samples, options);
		else
			error = view_samples(out, &watching->samples, options);
	}
	view_watch_end(out, &watching->samples, &end, options);
	return error || watching->samples.failed ? failure_memory() : STATUS_DONE;
}

static int attach(struct watching *watching, char **argv)
{
	static char given[16];
	int status;

	if (watching->options.command < 0)
		return source_process(&watching->source, argv[0]);
	status = launch_hold(argv, &watching->command);
	if (status)
		return status;
	snprintf(given, sizeof(given), "%d", (int)watching->command);
	return source_process(&watching->source, given);
}

static int watch(struct watching *watching, char **argv)
{
	bool held;
	int status;

	status = open_output(watching);
	if (status)
		return status;
	status = attach(watching, argv);
	held = watching->command;
	if (!status)
		status = watching_begin(watching);
	if (!status)
		draw_heading(watching);
	fflush(watching->screen.out);
	if (!status && held)
		status = launch_go(watching->command);
	if (status && held)
		launch_kill(watching->command);
	if (status)
		return status;
	status = watching_run(watching);
	if (draw_end(watching) && !status)
		status = STATUS_NO;
	/* Its exit is told a moment before it can be waited for. */
	if (held && !launch_reap(watching->command, watching->ended))
		fprintf(stderr, "%s[%d] goes on, unwatched\n", argv[0], (int)watching->command);
	return status;
}

static int check_usage(const struct options *options, int argc)
{
	if (options->command >= 0 && (options->command != argc || !argc)) {
		warnx("watch takes a PID, or -- and a command with its arguments");
		return STATUS_USAGE;
	}
	if (options->command < 0 && argc != 1) {
		warnx("watch takes one PID, or -- and a command with its arguments");
		return STATUS_USAGE;
	}
	if (options->command >= 0 && options->thread) {
		warnx("--thread is about a PID");
		return STATUS_USAGE;
	}
	return failure_output(options, options->summary ? &sample_columns : &event_columns);
}

int cmd_watch(const struct options *options, int argc, char **argv)
{
	static struct watching watching;
	int status, wrote;

	status = check_usage(options, argc);
	if (status)
		return status;
	watching.options = *options;
	status = watch_filter_lists(&watching.filter, options);
	if (!status)
		status = watch(&watching, argv);
	wrote = close_output(&watching);
	watching_free(&watching);
	return status ?: wrote;
}
