// SPDX-License-Identifier: GPL-2.0
#include "command.h"
#include "elf_view.h"
#include "view_map.h"

static int gather(struct source *source, const struct options *options)
{
	__u32 parts = VMWALK_IMAGE_VMAS | VMWALK_IMAGE_SUMS | VMWALK_IMAGE_TABLES;
	int status;

	if (columns_show(&map_columns, options, "MAPS"))
		parts |= VMWALK_IMAGE_MAPS;
	status = source_gather(source, 0, ~0ULL, parts);
	if (status)
		return status;
	/* A snapshot has the ELF words of its time: the files may have changed since. */
	if (source->dev && columns_show(&map_columns, options, "ELF") &&
	    elf_describe(source->dev, &source->image))
		return error_memory();
	return STATUS_DONE;
}

int map_show(struct source *source, const struct options *options)
{
	int status, error;

	if (error_output(options, &map_columns))
		return STATUS_USAGE;
	status = gather(source, options);
	if (status)
		return status;
	if (options->json)
		error = view_map_json(stdout, &source->image, options);
	else if (options->quiet)
		error = view_map_quiet(stdout, &source->image, options);
	else
		error = view_map(stdout, &source->image, options);
	return error ? error_memory() : STATUS_DONE;
}
