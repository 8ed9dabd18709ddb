// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "command.h"
#include "lesson.h"
#include "output/escape.h"
#include "output/hidden.h"

static void program_start(struct lesson *lesson)
{
	char path[PATH_MAX];

	if (lesson_path(path, sizeof(path), lesson->story->name, "") ||
	    lesson_program_start(&lesson->program, path))
		lesson_fail(lesson, "its program cannot be run: %s: %m", path);
	else
		json_object_set_new(lesson->values, "pid", json_integer(lesson->program.pid));
}

/*
 * "missing: WHY" ends the lesson, "missing WORD: WHY" skips the sections that need WORD.
 */
static void take_missing(struct lesson *lesson, char *line)
{
	char *why = strstr(line, ": ");

	*why = '\0';
	why += strlen(": ");
	if (strcmp(line, "missing")) {
		lesson_set(lesson, line, why);
		return;
	}
	lesson_page_put(&lesson->page, INK_WARN, "This machine cannot show it: %s.\n", why);
	lesson->status = STATUS_NOTHING;
}

static void take_line(struct lesson *lesson, char *line)
{
	char safe[1024], *end = strstr(line, " = ");

	if (!strncmp(line, "stop ", 5)) {
		snprintf(lesson->stop, sizeof(lesson->stop), "%.63s", line + 5);
		return;
	}
	if (!strncmp(line, "missing", 7) && strchr(" :", line[7]) && strstr(line, ": ")) {
		take_missing(lesson, line);
		return;
	}
	escape_text(safe, sizeof(safe), line, lesson->page.screen.ascii);
	lesson_page_put(&lesson->page, INK_PLAIN, "%s%s\n",
			lesson->page.markdown ? "    " : "  > ", safe);
	if (!end)
		return;
	*end = '\0';
	line[strcspn(line, " ")] = '\0';
	lesson_set(lesson, line, end + strlen(" = "));
}

static void go_to(struct lesson *lesson, const char *stop)
{
	char line[512], why[128] = "exited";
	int got = 1;

	*lesson->stop = '\0';
	while (!*lesson->stop && !lesson->status && got > 0) {
		got = lesson_program_line(&lesson->program, line, sizeof(line));
		if (got > 0)
			take_line(lesson, line);
	}
	if (lesson->status)
		return;
	if (got < 0) {
		lesson_fail(lesson, "the program has printed nothing for a minute before \"%s\"",
			    stop);
	} else if (!got) {
		lesson_program_end(&lesson->program, false, why, sizeof(why));
		lesson_fail(lesson, "the program %s before its stop \"%s\"", why, stop);
	} else if (strcmp(lesson->stop, stop)) {
		lesson_fail(lesson, "the program stops at \"%s\", not at \"%s\"", lesson->stop,
			    stop);
	}
}

static void show_code(struct lesson *lesson, const char *to)
{
	struct lesson_page *page = &lesson->page;
	const char *name = lesson->story->name;
	char path[PATH_MAX], *source = NULL, *code = NULL;
	size_t room = 0;
	FILE *in;

	in = lesson_path(path, sizeof(path), name, ".c") ? NULL : fopen(path, "re");
	if (!in)
		return;
	if (getdelim(&source, &room, '\0', in) > 0)
		code = lesson_code(source, *lesson->stop ? lesson->stop : NULL, to);
	fclose(in);
	free(source);
	if (!code)
		return;
	if (!page->markdown)
		lesson_page_put(page, INK_FAINT, "%s.c:\n", name);
	lesson_page_put_fence(page, "c");
	lesson_page_put_lines(page, page->markdown ? "" : "    ", code);
	lesson_page_put_fence(page, "");
	lesson_page_show(page);
	free(code);
}

static void do_go(struct lesson *lesson, const struct lesson_part *part)
{
	const struct lesson_part *watch = lesson_part(lesson, LESSON_WATCH);

	lesson_command_free(&lesson->asked);
	show_code(lesson, part->text);
	if (watch) {
		lesson_watch_begin(lesson, watch);
		lesson->at++;
	}
	if (!lesson->program.pid)
		program_start(lesson);
	else if (!lesson->status)
		lesson_program_go(&lesson->program);
	if (!lesson->status)
		go_to(lesson, part->text);
	lesson_watch_end(lesson);
}

static void do_command(struct lesson *lesson, const struct lesson_part *part)
{
	char *line = lesson_words(lesson, part->text);
	struct lesson_command command;

	if (!line)
		return;
	lesson_command_run(&command, line, &lesson->page.screen);
	lesson_page_put_command(&lesson->page, line, command.out);
	lesson_page_show(&lesson->page);
	if (command.status)
		lesson_fail(lesson, "\"%s\" exited with %d: %s", line, command.status,
			    command.err);
	lesson_command_free(&command);
	free(line);
}

/* take_missing() has set the variable "missing WORD" if the section cannot be shown. */
static void skip_missing(struct lesson *lesson, const char *needed)
{
	char *name = lesson_format("missing %s", needed);
	const char *why = json_string_value(json_object_get(lesson->values, name));

	free(name);
	if (!why)
		return;
	lesson_page_put(&lesson->page, INK_WARN, "Not on this machine: %s.\n", why);
	lesson_page_show(&lesson->page);
	while (lesson->at < lesson->story->nr && !lesson_part(lesson, LESSON_HEADING))
		lesson->at++;
}

static void do_heading(struct lesson *lesson, const struct lesson_part *part)
{
	char *right;

	if (lesson->section++)
		lesson_page_pause(&lesson->page);
	right = lesson_format("%u of %u", lesson->section,
			      lesson_story_count(lesson->story, LESSON_HEADING));
	lesson_page_put_heading(&lesson->page, part->text, right);
	free(right);
	if (part->name)
		skip_missing(lesson, part->name);
}

static void do_text(struct lesson *lesson, const struct lesson_part *part)
{
	const bool indented = *part->text == ' ', markdown = lesson->page.markdown;
	char *text = lesson_words(lesson, part->text);

	if (!text)
		return;
	/*
	 * Markdown fills paragraphs itself, except those indented by four columns.
	 * Stories indent by two: add two.
	 */
	if (indented || markdown)
		lesson_page_put_lines(&lesson->page, indented && markdown ? "  " : "", text);
	else
		lesson_page_put_filled(&lesson->page, 0, text);
	lesson_page_show(&lesson->page);
	free(text);
}

void lesson_step(struct lesson *lesson)
{
	static void (* const doers[])(struct lesson *lesson, const struct lesson_part *part) = {
		[LESSON_TEXT] = do_text,
		[LESSON_HEADING] = do_heading,
		[LESSON_GO] = do_go,
		[LESSON_COMMAND] = do_command,
		[LESSON_LET] = lesson_let,
		[LESSON_CHECK] = lesson_check,
	};
	const struct lesson_part *part = &lesson->story->part[lesson->at++];

	/* Keep consecutive points in one block, so that no pause comes between them. */
	if (part->type != LESSON_LET && part->type != LESSON_CHECK)
		lesson_page_show(&lesson->page);
	lesson->line = part->line;
	doers[part->type](lesson, part);
}

/* Refuse to start if page frames are hidden: the lesson would fail in the middle. */
static int machine_ready(struct lesson *lesson)
{
	const struct vmwalk_caps *caps;
	struct vmwalk_device *dev;
	enum vmwalk_error error = vmwalk_device_open(&dev);
	struct utsname name;

	if (error != VMWALK_OK) {
		lesson->status = error_device(error, dev);
		vmwalk_device_close(dev);
		return lesson->status;
	}
	caps = vmwalk_device_caps(dev);
	if (caps->redacted) {
		warnx("a lesson shows page frames, which needs %s: run it as root", HIDDEN_BY);
		lesson->status = STATUS_DENIED;
	}
	uname(&name);
	lesson->values = json_pack("{s:i, s:I, s:i, s:s, s:s}", "page_size", caps->page_size,
				   "pmd_size",
				   1LL << (caps->level[VMWALK_LEVEL_PMD].shift & 63),
				   "levels", caps->nr_levels,
				   "arch", vmwalk_arch_find(caps->arch)->name,
				   "kernel", name.release);
	vmwalk_device_close(dev);
	return lesson->status;
}

static void finish(struct lesson *lesson)
{
	const bool good = !lesson->status && !lesson->page.quit;
	char why[128] = "", *unknown, *text;
	bool ended;

	ended = lesson_program_end(&lesson->program, good, why, sizeof(why));
	if (!good)
		return;
	if (!ended) {
		lesson_fail(lesson, "the program %s", why);
		return;
	}
	text = lesson_fill(lesson->values, "on Linux {kernel}, {arch}, {levels} levels", &unknown);
	lesson_page_put(&lesson->page, INK_GOOD, "%u points hold %s.\n", lesson->points, text);
	free(text);
}

void lesson_free(struct lesson *lesson)
{
	lesson_command_free(&lesson->asked);
	json_decref(lesson->events);
	json_decref(lesson->values);
}

int lesson_run(const struct lesson_story *story, const struct options *options)
{
	struct lesson lesson = { .story = story };
	struct lesson_page *page = &lesson.page;

	if (!machine_ready(&lesson)) {
		lesson_page_begin(page, options);
		lesson_page_put(page, page->markdown ? INK_PLAIN : INK_STRONG, "%s%s\n",
				page->markdown ? "# " : "", story->title);
		lesson_page_show(page);
		while (lesson.at < story->nr && !lesson.status && !page->quit)
			lesson_step(&lesson);
		/* Keep the program at its last stop for a look from another terminal. */
		lesson_page_pause(page);
		finish(&lesson);
		lesson_page_end(page);
	}
	lesson_free(&lesson);
	return lesson.status;
}
