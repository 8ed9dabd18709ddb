// SPDX-License-Identifier: GPL-2.0
#include "command.h"
#include "view_range.h"

/* Return STATUS_NOTHING, with a message, if the range begins past user space. */
static int clip(const struct source *source, struct place_arg *place, const char *given)
{
	__u64 mask = source_caps(source)->page_size - 1;
	__u64 last = source_task_size(source);

	if (place->start >= last)
		return error_range(source, given, place->start);
	place->start &= ~mask;
	if (place->end > last)
		place->end = last;
	place->end = (place->end + mask) & ~mask;
	return STATUS_DONE;
}

int range_show(struct source *source, const struct options *options, const struct place_arg *given,
	       const char *text, bool compact)
{
	struct place_arg place = *given;
	int status, error = 0;

	if (error_output(options, &run_columns))
		return STATUS_USAGE;
	status = clip(source, &place, text);
	if (!status)
		status = source_gather(source, place.start, place.end,
				       VMWALK_IMAGE_VMAS | VMWALK_IMAGE_RUNS);
	if (status)
		return status;
	if (options->json)
		view_range_json(stdout, &source->image, place.start, place.end, options, compact);
	else if (options->quiet)
		view_range_quiet(stdout, &source->image, place.start, place.end, options);
	else
		error = view_range(stdout, &source->image, place.start, place.end, options);
	fflush(stdout);
	return error ? error_memory() : STATUS_DONE;
}
