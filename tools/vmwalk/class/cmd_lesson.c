// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <stdio.h>

#include "command.h"
#include "lesson.h"
#include "output/screen.h"

static void draw_list(const struct lesson_story *list, size_t nr, const struct options *options)
{
	struct screen screen;
	size_t i;

	screen_begin(&screen, stdout, options);
	if (!options->quiet)
		puts("vmwalk lesson NAME gives one of these; each needs only those above it:");
	for (i = 0; i < nr; i++) {
		if (options->quiet) {
			printf("%s\n", list[i].name);
			continue;
		}
		screen_ink(&screen, INK_STRONG);
		printf("  %-15s ", list[i].name);
		screen_ink(&screen, INK_PLAIN);
		screen_put(&screen, list[i].title);
		fputc('\n', stdout);
	}
}

static int show_list(const struct options *options)
{
	struct lesson_story *list;
	char path[4096];
	int error;
	size_t nr;

	error = lesson_list(&list, &nr);
	if (nr) {
		draw_list(list, nr, options);
	} else if (!error) {
		lesson_path(path, sizeof(path), "NAME", ".story");
		warnx("there are no lessons: no %s, nor where VMWALK_LESSONS says", path);
		error = -1;
	}
	lesson_list_free(list, nr);
	return error ? STATUS_NOTHING : STATUS_DONE;
}

int cmd_lesson(const struct options *options, int argc, char **argv)
{
	struct lesson_story story;
	int status;

	if (argc > 1) {
		warnx("lesson takes one name");
		return STATUS_USAGE;
	}
	if (!argc)
		return show_list(options);
	status = lesson_load(argv[0], &story);
	if (!status)
		status = lesson_run(&story, options);
	lesson_story_free(&story);
	return status;
}
