// SPDX-License-Identifier: GPL-2.0
/* vmwalk PID: show the address space, a VMA per row. */
#include "command.h"
#include "elf_view.h"
#include "view_map.h"

int map_show(struct source *source, const struct options *options)
{
	int status, error;

	if (error_output(options, &map_columns))
		return STATUS_USAGE;
	status = source_gather(source, 0, ~0ULL, VMWALK_IMAGE_MAPS | VMWALK_IMAGE_VMAS |
			       VMWALK_IMAGE_RUNS | VMWALK_IMAGE_TABLES);
	if (status)
		return status;
	/* A snapshot has its ELF sections: the files may have changed since. */
	if (source->dev && elf_describe(source->dev, &source->image))
		return error_memory();
	if (options->json)
		error = view_map_json(stdout, &source->image, options);
	else if (options->quiet)
		error = view_map_quiet(stdout, &source->image, options);
	else
		error = view_map(stdout, &source->image, options);
	return error ? error_memory() : STATUS_DONE;
}
