// SPDX-License-Identifier: GPL-2.0
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

static const char exec_note[] =
	"from its first instruction on: the faults of exec are not shown";

/*
 * A command started by vmwalk owns stdout, so the events go to stderr. Buffer stderr
 * fully: otherwise the parts of an event would mix with the output of the command.
 */
static int open_output(struct watch_session *session)
{
	FILE *out = session->options.command < 0 ? stdout : stderr;
	static char lines[1 << 16];
	char name[512];

	if (session->options.to) {
		out = fopen(session->options.to, "we");
		if (!out) {
			warn("%s", escape_text(name, sizeof(name), session->options.to, true));
			return errno == EACCES || errno == EPERM ? STATUS_DENIED : STATUS_NO;
		}
	}
	if (out == stderr)
		setvbuf(stderr, lines, _IOFBF, sizeof(lines));
	if (out != stdout && !isatty(fileno(out)))
		session->options.color = false;
	screen_begin(&session->screen, out, &session->options);
	return STATUS_DONE;
}

static int close_output(struct watch_session *session)
{
	FILE *out = session->screen.out;
	int failed;

	if (!out || out == stdout)
		return STATUS_DONE;
	failed = fflush(out) | ferror(out);
	if (out != stderr)
		failed |= fclose(out);
	if (!failed)
		return STATUS_DONE;
	warn("%s", session->options.to ?: "standard error");
	return STATUS_NO;
}

static void draw_heading(struct watch_session *session)
{
	const struct vmwalk_watch_account *account = vmwalk_watch_account(session->watch);
	struct screen *screen = &session->screen;
	struct vmwalk_image image = {
		.target = session->source.target, .caps = *source_caps(&session->source),
	};
	bool hidden = account->redacted & VMWALK_REDACTED_PFN;

	if (session->options.json || session->options.quiet) {
		view_watch_start(screen->out, &image, account, &session->options);
		return;
	}
	if (session->options.noheadings)
		return;
	heading_draw(screen, &image, "");
	if (!session->command && !hidden)
		return;
	screen_row(screen, "", 2);
	if (session->command)
		screen_part(screen, "%s", exec_note);
	if (hidden)
		screen_part(screen, "frames are %s", HIDDEN_LONG);
	screen_end(screen);
}

static int draw_end(struct watch_session *session)
{
	const struct fault_stats_end end = {
		.account = vmwalk_watch_account(session->watch), .shown = session->shown,
		.comm = session->source.target.comm, .pid = session->source.target.pid,
	};
	const struct options *options = &session->options;
	FILE *out = session->screen.out;
	int error = 0;

	if (options->summary) {
		if (options->json)
			view_fault_stats_json(out, &session->stats);
		else if (options->quiet)
			view_fault_stats_quiet(out, &session->stats, options);
		else
			error = view_fault_stats(out, &session->stats, options);
	}
	view_watch_end(out, &session->stats, &end, options);
	return error || session->stats.failed ? error_memory() : STATUS_DONE;
}

static int attach(struct watch_session *session, char **argv)
{
	static char given[16];
	int status;

	if (session->options.command < 0)
		return source_process(&session->source, argv[0]);
	status = launch_hold(argv, &session->command);
	if (status)
		return status;
	snprintf(given, sizeof(given), "%d", (int)session->command);
	return source_process(&session->source, given);
}

static int watch(struct watch_session *session, char **argv)
{
	bool held;
	int status;

	status = open_output(session);
	if (status)
		return status;
	status = attach(session, argv);
	held = session->command;
	if (!status)
		status = watch_session_begin(session);
	if (!status)
		draw_heading(session);
	fflush(session->screen.out);
	if (!status && held)
		status = session->options.trace ? launch_trace(session->command) :
						  launch_go(session->command);
	if (status && held)
		launch_kill(session->command);
	if (status)
		return status;
	status = watch_session_run(session);
	if (draw_end(session) && !status)
		status = STATUS_NO;
	/* If the process has ended, wait: its EXIT event comes before it is a zombie. */
	if (held && !session->traced.reaped && !launch_reap(session->command, session->ended))
		fprintf(stderr, "%s[%d] runs on, unwatched\n", argv[0], (int)session->command);
	return status;
}

static int check_usage(const struct options *options, int argc)
{
	if (options->command >= 0 ? options->command != argc || !argc : argc != 1) {
		warnx("watch takes one PID, or -- and a command with its arguments");
		return STATUS_USAGE;
	}
	if (options->command >= 0 && options->thread) {
		warnx("--thread needs a PID, not a command");
		return STATUS_USAGE;
	}
	if (options->command < 0 && options->trace) {
		warnx("--follow=ptrace needs a command: vmwalk traces only what it has started");
		return STATUS_USAGE;
	}
	if (options->range && place_arg_check(options->range))
		return STATUS_USAGE;
	return error_output(options, options->summary ? &fault_stat_columns : &event_columns);
}

int cmd_watch(const struct options *options, int argc, char **argv)
{
	static struct watch_session session;
	int status, wrote;

	status = check_usage(options, argc);
	if (status)
		return status;
	session.options = *options;
	status = watch_filter_lists(&session.filter, options);
	if (!status)
		status = watch(&session, argv);
	wrote = close_output(&session);
	watch_session_free(&session);
	return status ?: wrote;
}
