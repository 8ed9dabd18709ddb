// SPDX-License-Identifier: GPL-2.0
/*
 * A lesson while it is given: the lines of its story, one after the other.
 */
#include <err.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "command.h"
#include "lesson_command.h"
#include "lesson_files.h"
#include "lesson_give.h"
#include "lesson_run.h"
#include "output/escape.h"
#include "output/hidden.h"

static void program_start(struct lesson *lesson)
{
	char path[PATH_MAX], pid[16];

	if (lesson_path(path, sizeof(path), lesson->name, "") ||
	    lesson_program_start(&lesson->program, path)) {
		lesson_fail(lesson, "its program cannot be run: %s: %m", path);
		return;
	}
	snprintf(pid, sizeof(pid), "%d", (int)lesson->program.pid);
	lesson_value_set(&lesson->values, "pid", pid);
}

/* "missing: WHY" of the lesson, "missing WORD: WHY" of a section. */
static void take_missing(struct lesson *lesson, char *text)
{
	char *why = strstr(text, ": "), *word;

	if (!why)
		return;
	*why = '\0';
	why += 2;
	if (*text && asprintf(&word, "missing %s", text + 1) >= 0) {
		lesson_value_set(&lesson->values, word, why);
		free(word);
		return;
	}
	lesson_put(lesson, INK_WARN, "This machine cannot show it: %s.\n", why);
	lesson->status = STATUS_NOTHING;
}

/* A line that the program says; true at its stop. */
static bool take_line(struct lesson *lesson, char *line)
{
	char safe[1024], *sign, *value;

	if (!strncmp(line, "stop ", 5)) {
		snprintf(lesson->stop, sizeof(lesson->stop), "%.63s", line + 5);
		return true;
	}
	if (!strncmp(line, "missing", 7) && strchr(" :", line[7])) {
		take_missing(lesson, line + 7);
		return lesson->status;
	}
	escape_text(safe, sizeof(safe), line, lesson->page.screen.ascii);
	lesson_put(lesson, INK_PLAIN, "%s%s\n", lesson->page.markdown ? "    " : "  > ", safe);
	sign = strstr(line, " = ");
	if (sign) {
		value = sign + 3;
		while (sign > line && sign[-1] == ' ')
			sign--;
		*sign = '\0';
		lesson_value_set(&lesson->values, line, value);
	}
	return false;
}

/* Until the program stops, and whether where it should. */
static void go_to(struct lesson *lesson, const char *stop)
{
	char line[512], why[128] = "ended well";
	bool stopped = false;
	int got = 1;

	while (!stopped && got > 0) {
		got = lesson_program_line(&lesson->program, line, sizeof(line));
		if (got > 0)
			stopped = take_line(lesson, line);
	}
	if (got < 0) {
		lesson_fail(lesson, "the program says nothing for a minute, on its way to \"%s\"",
			    stop);
	} else if (!got) {
		lesson_program_end(&lesson->program, false, why, sizeof(why));
		lesson_fail(lesson, "the program %s before its stop \"%s\"", why, stop);
	} else if (!lesson->status && strcmp(lesson->stop, stop)) {
		lesson_fail(lesson, "the program stops at \"%s\", not at \"%s\"", lesson->stop,
			    stop);
	}
}

static void do_go(struct lesson *lesson, const struct lesson_part *part)
{
	lesson_forget(lesson);
	lesson_show_code(lesson, part->text);
	if (lesson_is(lesson, LESSON_WATCH)) {
		lesson_watch_begin(lesson, lesson_part(lesson));
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
	struct lesson_output output;
	char *line;

	if (lesson_value_unseen(&lesson->values, part->text))
		return;
	line = lesson_words(lesson, part->text);
	if (!lesson->status) {
		lesson_command_run(line, &lesson->page.screen, &output);
		lesson_put_fence(lesson, "console");
		lesson_put_command(lesson, line);
		lesson_put_lines(lesson, "", output.out);
		lesson_put_fence(lesson, "");
		if (output.status)
			lesson_fail(lesson, "\"%s\" ended with %d: %s", line, output.status,
				    output.err);
		lesson_show(lesson);
		lesson_output_free(&output);
	}
	free(line);
}

static unsigned int sections(const struct lesson_story *story)
{
	unsigned int nr = 0;
	size_t i;

	for (i = 0; i < story->nr; i++)
		nr += story->part[i].type == LESSON_HEADING;
	return nr;
}

static bool left_out(struct lesson *lesson, const struct lesson_part *part)
{
	const char *why = NULL;
	char word[128];

	if (!part->name)
		return false;
	snprintf(word, sizeof(word), "missing %s", part->name);
	why = lesson_value_get(&lesson->values, word);
	if (!why)
		return false;
	lesson_put(lesson, INK_WARN, "Not on this machine: %s.\n", why);
	lesson_show(lesson);
	while (lesson_part(lesson) && !lesson_is(lesson, LESSON_HEADING))
		lesson->at++;
	return true;
}

static void do_heading(struct lesson *lesson, const struct lesson_part *part)
{
	char count[32];

	if (lesson->section++)
		lesson_page_pause(&lesson->page);
	snprintf(count, sizeof(count), "%u of %u", lesson->section, sections(lesson->story));
	if (lesson->page.markdown)
		lesson_put(lesson, INK_PLAIN, "## %s\n\n", part->text);
	else
		lesson_put_rule(lesson, part->text, count);
	left_out(lesson, part);
}

static bool is_kept(const struct lesson_part *part)
{
	return *part->text == ' ';
}

/* A paragraph is a block: blank lines are between them. What is indented stays as it is. */
static void do_text(struct lesson *lesson, const struct lesson_part *part)
{
	const bool kept = is_kept(part), markdown = lesson->page.markdown;
	char *paragraph, *filled;
	size_t size;
	FILE *out;

	if (!*part->text)
		return;
	out = open_memstream(&paragraph, &size);
	if (!out)
		errx(STATUS_NO, "no memory");
	fprintf(out, "%s\n", part->text);
	for (;;) {
		part = lesson_part(lesson);
		if (!part || part->type != LESSON_TEXT || !*part->text)
			break;
		fprintf(out, "%s\n", part->text);
		lesson->at++;
	}
	fclose(out);
	if (lesson_value_unseen(&lesson->values, paragraph)) {
		free(paragraph);
		return;
	}
	filled = lesson_words(lesson, paragraph);
	/* Markdown keeps what is indented by four columns, and fills the rest itself. */
	if (kept || markdown)
		lesson_put_lines(lesson, kept && markdown ? "  " : "", filled);
	else
		lesson_put_filled(lesson, 0, filled);
	lesson_show(lesson);
	free(filled);
	free(paragraph);
}

static void do_part(struct lesson *lesson)
{
	static void (* const doers[])(struct lesson *lesson, const struct lesson_part *part) = {
		[LESSON_TEXT] = do_text,
		[LESSON_HEADING] = do_heading,
		[LESSON_GO] = do_go,
		[LESSON_COMMAND] = do_command,
		[LESSON_LET] = lesson_let,
		[LESSON_CHECK] = lesson_check,
	};
	const struct lesson_part *part = lesson_part(lesson);

	lesson->at++;
	doers[part->type](lesson, part);
}

/* Lessons show frames, so they need what shows frames; and the module, before anything. */
static int machine_ready(struct lesson_values *values)
{
	const struct vmwalk_caps *caps;
	struct vmwalk_device *dev;
	enum vmwalk_error error;
	struct utsname name;
	int status = STATUS_DONE;
	char text[32];

	error = vmwalk_device_open(&dev);
	if (error != VMWALK_OK) {
		status = error_device(error, dev);
		vmwalk_device_close(dev);
		return status;
	}
	caps = vmwalk_device_caps(dev);
	if (caps->redacted) {
		warnx("a lesson shows page frames, which needs %s: run it as root", HIDDEN_BY);
		status = STATUS_DENIED;
	}
	snprintf(text, sizeof(text), "%u", caps->page_size);
	lesson_value_set(values, "page_size", text);
	snprintf(text, sizeof(text), "%llu",
		 1ULL << (caps->level[VMWALK_LEVEL_PMD].shift & 63));
	lesson_value_set(values, "pmd_size", text);
	snprintf(text, sizeof(text), "%u", caps->nr_levels);
	lesson_value_set(values, "levels", text);
	lesson_value_set(values, "arch", vmwalk_arch_find(caps->arch)->name);
	if (!uname(&name))
		lesson_value_set(values, "kernel", name.release);
	vmwalk_device_close(dev);
	return status;
}

static void put_title(struct lesson *lesson)
{
	if (lesson->page.markdown)
		lesson_put(lesson, INK_PLAIN, "# %s\n", lesson->story->title);
	else
		lesson_put(lesson, INK_STRONG, "%s\n", lesson->story->title);
	lesson_show(lesson);
}

static void finish(struct lesson *lesson)
{
	char why[128] = "", *text;
	bool good;

	good = lesson_program_end(&lesson->program, !lesson->status && !lesson->page.quit, why,
				  sizeof(why));
	if (lesson->status || lesson->page.quit)
		return;
	if (!good) {
		lesson_fail(lesson, "the program %s", why);
		return;
	}
	text = lesson_fill(&lesson->values, "on Linux {kernel}, {arch}, {levels} levels", NULL);
	lesson_put(lesson, INK_GOOD, "%u points hold %s.\n", lesson->points, text);
	free(text);
}

int lesson_run(const char *name, const struct lesson_story *story, const struct options *options)
{
	static struct lesson lesson;

	memset(&lesson, 0, sizeof(lesson));
	lesson.name = name;
	lesson.story = story;
	lesson.status = machine_ready(&lesson.values);
	if (!lesson.status) {
		lesson_page_begin(&lesson.page, options);
		put_title(&lesson);
		while (lesson_part(&lesson) && !lesson.status && !lesson.page.quit)
			do_part(&lesson);
		/* Until then its program is there to be looked at. */
		lesson_page_pause(&lesson.page);
		finish(&lesson);
		lesson_page_end(&lesson.page);
	}
	lesson_forget(&lesson);
	free(lesson.watch.events);
	lesson_values_free(&lesson.values);
	return lesson.status;
}
