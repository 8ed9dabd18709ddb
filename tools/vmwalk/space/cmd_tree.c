// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <stdlib.h>

#include "command.h"
#include "output/escape.h"
#include "view_tree.h"

static int show_cost(struct source *source, const struct options *options)
{
	const struct vmwalk_image *image = &source->image;
	int status, error;

	if (error_output(options, &cost_columns))
		return STATUS_USAGE;
	status = source_gather(source, 0, ~0ULL, VMWALK_IMAGE_VMAS | VMWALK_IMAGE_SUMS |
			       VMWALK_IMAGE_TABLES | VMWALK_IMAGE_MM);
	if (status)
		return status;
	if (options->json)
		error = view_cost_json(stdout, image, options);
	else if (options->quiet)
		error = view_cost_quiet(stdout, image, options);
	else
		error = view_cost(stdout, image, options);
	return error ? error_memory() : STATUS_DONE;
}

static int show_tables(struct source *source, const struct options *options, const char *text)
{
	const struct vmwalk_image *image = &source->image;
	struct place_arg place;
	char given[512];
	int status, error;

	if (error_output(options, &table_columns))
		return STATUS_USAGE;
	escape_text(given, sizeof(given), text, true);
	status = place_arg_find(source, text, &place);
	if (status)
		return status;
	if (place.start >= source_task_size(source))
		return error_range(source, given, place.start);
	if (place.start == place.end)
		place.end++;
	status = source_gather(source, place.start, place.end, VMWALK_IMAGE_TABLES);
	if (status)
		return status;
	if (options->json)
		error = view_tables_json(stdout, image, place.start, place.end, options);
	else if (options->quiet)
		error = view_tables_quiet(stdout, image, place.start, place.end, options);
	else
		error = view_tables(stdout, image, place.start, place.end, options);
	return error ? error_memory() : STATUS_DONE;
}

int cmd_tree(const struct options *options, int argc, char **argv)
{
	struct source source;
	int status;

	if (options->kernel)
		return roots_show(options, argc, argv);
	if (argc > 2 - !!options->from) {
		warnx("tree takes one ADDR, or one range");
		return STATUS_USAGE;
	}
	status = argc > !options->from ? place_arg_check(argv[argc - 1]) : STATUS_DONE;
	if (status)
		return status;
	status = source_open(&source, options, &argc, &argv);
	if (!status)
		status = argc ? show_tables(&source, options, argv[0]) :
				show_cost(&source, options);
	source_close(&source);
	return status;
}
