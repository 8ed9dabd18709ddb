// SPDX-License-Identifier: GPL-2.0
/*
 * Run vmwalk watch while the program goes from one stop to the next: once as the story
 * has it, to be shown, and once with --json, for the checks.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "lesson.h"

#define BEGIN_MS	60000
#define STEP_MS		10

/*
 * Wait for the first line, which vmwalk watch prints once it records events. Return false
 * if it exits without one, or prints nothing for a minute.
 */
static bool wait_begun(const struct lesson_command *watch)
{
	siginfo_t info = { 0 };
	struct stat stat;
	int waited;

	for (waited = 0; waited < BEGIN_MS && !info.si_pid; waited += STEP_MS) {
		waitid(P_PID, watch->pid, &info, WEXITED | WNOHANG | WNOWAIT);
		if (!fstat(watch->out_fd, &stat) && stat.st_size)
			return true;
		usleep(STEP_MS * 1000);
	}
	return false;
}

/* SIGINT ends the watch; the events recorded so far are still printed. */
static void end(struct lesson_command *watch)
{
	kill(watch->pid, SIGINT);
	lesson_command_end(watch);
}

static bool start(struct lesson *lesson, struct lesson_command *watch, const char *line)
{
	char *text, *colon;

	lesson_command_start(watch, line, &lesson->page.screen);
	if (wait_begun(watch))
		return true;
	end(watch);
	if (watch->status == STATUS_MODULE || watch->status == STATUS_DENIED) {
		/* stderr reads "vmwalk: REASON", perhaps with more lines. */
		watch->err[strcspn(watch->err, "\n")] = '\0';
		colon = strstr(watch->err, ": ");
		text = lesson_format("Not on this machine: %s.", colon ? colon + 2 : watch->err);
		lesson_page_put_filled(&lesson->page, 0, text);
		lesson_page_show(&lesson->page);
		free(text);
	} else {
		lesson_fail(lesson, "\"%s\" exited with %d before the program went on: %s", line,
			    watch->status, watch->err);
	}
	lesson_command_free(watch);
	return false;
}

void lesson_watch_begin(struct lesson *lesson, const struct lesson_part *part)
{
	static const char command[] = "vmwalk watch ";
	char *line = lesson_words(lesson, part->text), *json;

	json_decref(lesson->events);
	lesson->events = NULL;
	/*
	 * Start the second watch only once the first one records: to attach the probes
	 * takes a while, and may fail.
	 */
	if (line && start(lesson, &lesson->watch[0], line)) {
		/* Cut off a pipe, as to grep: the checks need all lines. */
		json = lesson_format("%s--json %s", command, line + strlen(command));
		*strchrnul(json, '|') = '\0';
		start(lesson, &lesson->watch[1], json);
		free(json);
	}
	free(line);
}

/* A lost event fails the lesson, because a check could miss it. */
static void take_events(struct lesson *lesson, char *lines)
{
	const char *kind;
	json_t *event;
	int lost = 0;
	char *line;

	lesson->events = json_array();
	while ((line = strsep(&lines, "\n"))) {
		event = json_loads(line, 0, NULL);
		kind = json_string_value(json_object_get(event, "event")) ?: "end";
		if (!strcmp(kind, "end"))
			lost += json_integer_value(json_object_get(event, "lost"));
		else if (strcmp(kind, "start"))
			json_array_append(lesson->events, event);
		json_decref(event);
	}
	if (lost)
		lesson_fail(lesson, "the watch has lost %d events", lost);
}

void lesson_watch_end(struct lesson *lesson)
{
	struct lesson_command *shown = &lesson->watch[0], *json = &lesson->watch[1];

	if (shown->line)
		end(shown);
	if (json->line)
		end(json);
	lesson_page_show(&lesson->page);
	if (shown->line) {
		if (!lesson->page.markdown)
			lesson_page_put(&lesson->page, INK_FAINT, "meanwhile:\n");
		lesson_page_put_command(&lesson->page, shown->line, shown->out);
		lesson_page_show(&lesson->page);
		if (shown->status && !lesson->status)
			lesson_fail(lesson, "\"%s\" exited with %d: %s", shown->line,
				    shown->status, shown->err);
	}
	if (json->line)
		take_events(lesson, json->out);
	lesson_command_free(shown);
	lesson_command_free(json);
}
