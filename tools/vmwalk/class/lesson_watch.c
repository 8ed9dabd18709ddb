// SPDX-License-Identifier: GPL-2.0
/*
 * What a lesson watches while its program goes from one stop to the next. vmwalk watch runs
 * twice: as the story has it, for those who read, and with --json, for the points.
 */
#include <err.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "lesson_give.h"

#define BEGIN_MS	60000
#define STEP_MS		10

/* The first thing that a watch says is that it has begun. */
static bool wait_begun(const struct lesson_running *running)
{
	int waited;

	for (waited = 0; waited < BEGIN_MS; waited += STEP_MS) {
		if (lesson_command_said(running))
			return true;
		if (lesson_command_ended(running))
			break;
		usleep(STEP_MS * 1000);
	}
	return lesson_command_said(running);
}

/* What has been recorded until now is still told. */
static void stop(struct lesson_running *running, struct lesson_output *output)
{
	kill(running->pid, SIGINT);
	lesson_command_end(running, output);
}

/* In the words of the command, without its name before them. */
static void put_impossible(struct lesson *lesson, char *error)
{
	char *colon, *text;

	error[strcspn(error, "\n")] = '\0';
	colon = strstr(error, ": ");
	if (asprintf(&text, "Not on this machine: %s.", colon ? colon + 2 : error) < 0)
		errx(STATUS_NO, "no memory");
	lesson_put_filled(lesson, 0, text);
	lesson_show(lesson);
	free(text);
}

static bool start(struct lesson *lesson, struct lesson_running *running, const char *line)
{
	struct lesson_output output;

	lesson_command_start(line, &lesson->page.screen, running);
	if (running->pid > 0 && wait_begun(running))
		return true;
	if (running->pid > 0)
		kill(running->pid, SIGINT);
	lesson_command_end(running, &output);
	if (output.status == STATUS_MODULE || output.status == STATUS_DENIED)
		put_impossible(lesson, output.err);
	else
		lesson_fail(lesson, "\"%s\" ended with %d before the program went on: %s", line,
			    output.status, output.err);
	lesson_output_free(&output);
	return false;
}

/* The same, without filters: what is not shown can be asked about all the same. */
static char *as_json(const char *line)
{
	static const char watch[] = "vmwalk watch";
	const char *bar = strstr(line, " | ");
	char *json;

	line += strlen(watch);
	if (asprintf(&json, "%s --json%.*s", watch, bar ? (int)(bar - line) : (int)strlen(line),
		     line) < 0)
		errx(STATUS_NO, "no memory");
	return json;
}

void lesson_watch_begin(struct lesson *lesson, const struct lesson_part *part)
{
	struct lesson_watch *watch = &lesson->watch;
	char *line = lesson_words(lesson, part->text), *json;

	free(watch->events);
	watch->events = NULL;
	/* One after the other: the first one has the kernel patched, in peace. */
	if (!lesson->status && start(lesson, &watch->shown, line)) {
		json = as_json(line);
		start(lesson, &watch->asked, json);
		free(json);
	}
	free(line);
}

/* All but the first line, which says what there is to be told, and the last. */
static char *take_events(struct lesson *lesson, char *lines)
{
	json_t *array = json_array(), *event;
	const char *kind;
	char *line, *text;
	int lost = 0;

	while ((line = strsep(&lines, "\n"))) {
		event = json_loads(line, 0, NULL);
		kind = json_string_value(json_object_get(event, "event")) ?: "end";
		if (!strcmp(kind, "end"))
			lost += json_integer_value(json_object_get(event, "lost"));
		else if (strcmp(kind, "start"))
			json_array_append(array, event);
		json_decref(event);
	}
	text = json_dumps(array, JSON_COMPACT);
	json_decref(array);
	if (lost)
		lesson_fail(lesson, "the watch has lost %d events", lost);
	return text;
}

static void show(struct lesson *lesson, const char *line, const struct lesson_output *output)
{
	if (!lesson->page.markdown)
		lesson_put(lesson, INK_FAINT, "meanwhile:\n");
	lesson_put_fence(lesson, "console");
	lesson_put_command(lesson, line);
	lesson_put_lines(lesson, "", output->out);
	lesson_put_fence(lesson, "");
	lesson_show(lesson);
	if (output->status && !lesson->status)
		lesson_fail(lesson, "\"%s\" ended with %d: %s", line, output->status, output->err);
}

void lesson_watch_end(struct lesson *lesson)
{
	struct lesson_watch *watch = &lesson->watch;
	struct lesson_output shown = { 0 }, asked = { 0 };
	char *line = NULL;

	if (watch->shown.pid) {
		line = strdup(watch->shown.line);
		stop(&watch->shown, &shown);
	}
	if (watch->asked.pid)
		stop(&watch->asked, &asked);
	/* What the program has said comes first. */
	lesson_show(lesson);
	if (line)
		show(lesson, line, &shown);
	if (asked.out)
		watch->events = take_events(lesson, asked.out);
	lesson_output_free(&shown);
	lesson_output_free(&asked);
	free(line);
}
