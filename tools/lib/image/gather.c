// SPDX-License-Identifier: GPL-2.0
/*
 * Gather an image from a device.
 *
 * VMAs, runs and tables come from separate calls, and the process may run between them.
 * Records that do not fit the others, such as a run outside any VMA, are left out and
 * counted in image->raced. If there are any, begin again with the VMAs, up to
 * GATHER_TRIES times in all.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "device/scan.h"
#include "gather.h"
#include "image.h"
#include "subpages.h"

#define GATHER_TRIES	5

/*
 * State of the callbacks. @room: elements allocated of the array that grows;
 * @inner_room: the same for @image->inner; @area: index for vmwalk_runs_fit(); @branch:
 * for vmwalk_table_fits()
 */
struct gathering {
	struct vmwalk_image *image;
	struct vmwalk_device *dev;
	size_t room;
	size_t inner_room;
	size_t area;
	struct vmwalk_branch branch;
	bool failed;
	enum vmwalk_error error;
};

static void drop_last_area(struct vmwalk_image *image)
{
	struct vmwalk_area *area = &image->areas[--image->nr_areas];

	free(area->name);
	free(area->elf);
	image->raced++;
}

static int add_area(const struct vmwalk_vma *vma, const char *name, void *arg)
{
	struct gathering *gathering = arg;
	struct vmwalk_image *image = gathering->image;
	struct vmwalk_area *area;

	/*
	 * The VMAs changed while they were listed: for instance, this one has grown down,
	 * or has merged with VMAs that were listed before.
	 */
	while (image->nr_areas && image->areas[image->nr_areas - 1].vma.end > vma->start)
		drop_last_area(image);
	area = vmwalk_array_grow(&image->areas, image->nr_areas, &gathering->room, sizeof(*area));
	gathering->failed = !area;
	if (!area)
		return 1;
	area->vma = *vma;
	area->name = strdup(name);
	area->elf = strdup("");
	image->nr_areas++;
	gathering->failed = !area->name || !area->elf;
	return gathering->failed;
}

static int add_run(const struct vmwalk_run *run, void *arg)
{
	struct gathering *gathering = arg;
	struct vmwalk_image *image = gathering->image;
	struct vmwalk_run *added;

	if (image->parts & VMWALK_IMAGE_VMAS &&
	    !vmwalk_runs_fit(image, run, &gathering->area)) {
		image->raced++;
		return 0;
	}
	added = vmwalk_array_grow(&image->runs, image->nr_runs, &gathering->room, sizeof(*added));
	gathering->failed = !added;
	if (!added)
		return 1;
	*added = *run;
	image->nr_runs++;
	if (image->parts & VMWALK_IMAGE_INNER)
		gathering->error = vmwalk_subpages_gather(image, &gathering->inner_room,
							  gathering->dev, run);
	return gathering->error != VMWALK_OK;
}

static int add_sum(const struct vmwalk_run *run, void *arg)
{
	struct gathering *gathering = arg;
	struct vmwalk_image *image = gathering->image;
	const struct vmwalk_vma *vma;

	if (!vmwalk_runs_fit(image, run, &gathering->area)) {
		image->raced++;
		return 0;
	}
	vma = &image->areas[gathering->area].vma;
	vmwalk_account_add(&image->sums[gathering->area], &image->caps, vma, run);
	vmwalk_account_add(&image->sums[image->nr_areas], &image->caps, vma, run);
	return 0;
}

static int add_table(const struct vmwalk_table *table, void *arg)
{
	struct gathering *gathering = arg;
	struct vmwalk_image *image = gathering->image;
	struct vmwalk_table *added;

	if (!vmwalk_table_fits(&image->caps, &gathering->branch, table)) {
		image->raced++;
		return 0;
	}
	added = vmwalk_array_grow(&image->tables, image->nr_tables, &gathering->room,
				  sizeof(*added));
	gathering->failed = !added;
	if (!added)
		return 1;
	*added = *table;
	image->nr_tables++;
	return 0;
}

static enum vmwalk_error outcome(const struct gathering *gathering, enum vmwalk_error error)
{
	if (error != VMWALK_OK)
		return error;
	if (!gathering->failed)
		return gathering->error;
	errno = ENOMEM;
	return VMWALK_ERR_SYSTEM;
}

static enum vmwalk_error gather_areas(struct vmwalk_image *image, struct vmwalk_device *dev)
{
	struct gathering gathering = { .image = image };

	if (!(image->parts & VMWALK_IMAGE_VMAS))
		return VMWALK_OK;
	return outcome(&gathering, vmwalk_device_vmas(dev, image->start, image->end, add_area,
						      &gathering));
}

static enum vmwalk_error gather_runs(struct vmwalk_image *image, struct vmwalk_device *dev)
{
	struct gathering gathering = { .image = image, .dev = dev };
	struct vmwalk_scan_request request = {
		.start = image->start,
		.end = image->end,
		.flags = VMWALK_SCAN_PAGE,
		.entry_flags = VMWALK_ENTRY_FLAGS,
		.require = VMWALK_SEL_NONE,
		.invert = VMWALK_SEL_NONE,
	};

	if (!(image->parts & VMWALK_IMAGE_RUNS))
		return VMWALK_OK;
	if (image->parts & VMWALK_IMAGE_EACH)
		request.flags |= VMWALK_SCAN_EACH;
	return outcome(&gathering, vmwalk_device_scan(dev, &request, add_run, &gathering));
}

/*
 * SCAN ends a run where one of the requested flags changes: request only those that are
 * summed up, for long runs.
 */
static enum vmwalk_error gather_sums(struct vmwalk_image *image, struct vmwalk_device *dev)
{
	struct gathering gathering = { .image = image };
	const struct vmwalk_scan_request request = {
		.start = image->start,
		.end = image->end,
		.flags = VMWALK_SCAN_PAGE,
		.entry_flags = VMWALK_ACCOUNT_FLAGS,
		.require = VMWALK_SEL_NONE,
		.invert = VMWALK_SEL_NONE,
	};

	if (!(image->parts & VMWALK_IMAGE_SUMS))
		return VMWALK_OK;
	image->sums = calloc(image->nr_areas + 1, sizeof(*image->sums));
	gathering.failed = !image->sums;
	if (gathering.failed)
		return outcome(&gathering, VMWALK_OK);
	return outcome(&gathering, vmwalk_device_scan(dev, &request, add_sum, &gathering));
}

static enum vmwalk_error gather_tables(struct vmwalk_image *image, struct vmwalk_device *dev)
{
	struct gathering gathering = { .image = image };

	if (!(image->parts & VMWALK_IMAGE_TABLES))
		return VMWALK_OK;
	return outcome(&gathering, vmwalk_device_tables(dev, image->start, image->end, add_table,
							&gathering));
}

static enum vmwalk_error gather_ranges(struct vmwalk_image *image, struct vmwalk_device *dev)
{
	enum vmwalk_error error;
	int tries;

	for (tries = 1; ; tries++) {
		error = gather_areas(image, dev);
		if (error == VMWALK_OK)
			error = gather_runs(image, dev);
		if (error == VMWALK_OK)
			error = gather_sums(image, dev);
		if (error == VMWALK_OK)
			error = gather_tables(image, dev);
		if (error != VMWALK_OK || !image->raced || tries == GATHER_TRIES)
			return error;
		vmwalk_ranges_free(image);
		image->raced = 0;
		sched_yield();
	}
}

static enum vmwalk_error gather_mm(struct vmwalk_image *image, struct vmwalk_device *dev)
{
	if (!(image->parts & VMWALK_IMAGE_MM))
		return VMWALK_OK;
	return vmwalk_device_mm(dev, &image->mm);
}

/*
 * Texts and threads that cannot be read are left out. It is an error if maps cannot be
 * read, or if the threads of a process that still exists cannot be listed.
 */
static enum vmwalk_error gather_proc(struct vmwalk_image *image, const struct vmwalk_device *dev)
{
	int error = 0;

	if (image->parts & VMWALK_IMAGE_MAPS) {
		error = vmwalk_maps_read(dev, &image->maps);
		if (error == -ESRCH || error == -ENOENT)
			return VMWALK_ERR_GONE;
	}
	if (!error && image->parts & VMWALK_IMAGE_MM)
		error = vmwalk_threads_gather(image, dev);
	if (!error && image->parts & (VMWALK_IMAGE_MM | VMWALK_IMAGE_RUNS))
		error = vmwalk_texts_gather(image, dev);
	if (!error)
		return VMWALK_OK;
	errno = -error;
	return VMWALK_ERR_SYSTEM;
}

static void begin(struct vmwalk_image *image, const struct vmwalk_device *dev,
		  const struct vmwalk_target *target, __u64 start, __u64 end)
{
	__u64 mask = vmwalk_page_size(dev) - 1;
	struct utsname name;

	image->start = start & ~mask;
	end = vmwalk_range_end(dev, start, end);
	image->end = (end + mask) & ~mask;
	image->time = time(NULL);
	if (!uname(&name))
		snprintf(image->release, sizeof(image->release), "%s", name.release);
	image->caps = *vmwalk_device_caps(dev);
	image->attach = *vmwalk_device_attached(dev);
	image->target = *target;
}

enum vmwalk_error vmwalk_image_gather(struct vmwalk_image *image, struct vmwalk_device *dev,
				      const struct vmwalk_target *target, __u64 start, __u64 end,
				      __u32 parts)
{
	enum vmwalk_error error;

	memset(image, 0, sizeof(*image));
	image->parts = parts;
	begin(image, dev, target, start, end);
	error = gather_proc(image, dev);
	if (error == VMWALK_OK)
		error = gather_ranges(image, dev);
	if (error == VMWALK_OK)
		error = gather_mm(image, dev);
	return error;
}
