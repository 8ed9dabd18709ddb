// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <stdio.h>
#include <time.h>

#include "command.h"
#include "view_mm.h"

#define PARTS	(VMWALK_IMAGE_MM | VMWALK_IMAGE_VMAS | VMWALK_IMAGE_SUMS)

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void pause_for(double seconds)
{
	struct timespec time;

	time.tv_sec = seconds;
	time.tv_nsec = (seconds - time.tv_sec) * 1e9;
	nanosleep(&time, NULL);
}

static int draw(const struct mm_view *view)
{
	const struct options *options = view->options;
	int error;

	if (options->json)
		error = view_mm_json(stdout, view, options->interval != 0);
	else if (options->quiet)
		error = view_mm_quiet(stdout, view);
	else
		error = view_mm(stdout, view);
	fflush(stdout);
	return error ? error_memory() : STATUS_DONE;
}

/*
 * Draw until there are --count answers, the first one of cmd_mm() included. Without
 * --count, only the end of the process, which is reported as an error, or another error
 * ends this.
 */
static int repeat(struct source *source, struct mm_view *view)
{
	struct vmwalk_image before;
	unsigned int nr = 1;
	double last = now();
	int status = STATUS_DONE;

	while (!status && nr++ != view->options->count && !ferror(stdout)) {
		before = source->image;
		source->image = (struct vmwalk_image) { 0 };
		view->before = &before;
		pause_for(view->options->interval);
		status = source_gather(source, 0, ~0ULL, PARTS);
		view->after = now() - last;
		last += view->after;
		if (!status)
			status = draw(view);
		vmwalk_image_free(&before);
		view->before = NULL;
	}
	return status;
}

static int check_usage(const struct options *options, int argc)
{
	if (argc > 1 - !!options->from) {
		warnx("mm takes one PID, or --from FILE");
		return STATUS_USAGE;
	}
	if (options->from && options->interval) {
		warnx("--interval: a snapshot does not change");
		return STATUS_USAGE;
	}
	if (options->count && !options->interval) {
		warnx("--count is about --interval");
		return STATUS_USAGE;
	}
	return error_output(options, &mm_columns);
}

int cmd_mm(const struct options *options, int argc, char **argv)
{
	struct source source;
	struct mm_view view = { .image = &source.image, .options = options };
	int status;

	status = check_usage(options, argc);
	if (status)
		return status;
	status = source_open(&source, options, &argc, &argv);
	if (!status)
		status = source_gather(&source, 0, ~0ULL, PARTS);
	if (!status)
		status = draw(&view);
	if (!status && options->interval)
		status = repeat(&source, &view);
	source_close(&source);
	return status;
}
