/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_SOURCE_H
#define VMWALK_SOURCE_H

#include "libvmwalk.h"
#include "options.h"

struct source {
	const char *given;	/* PID or file name as the user wrote it */
	struct vmwalk_device *dev;	/* attached device; NULL: a snapshot */
	bool ready;
	struct vmwalk_target target;
	/* the snapshot, or the last result of source_gather() */
	struct vmwalk_image image;
};

/**
 * source_process() - attach to a process
 * @source: filled; release with source_close(), also after an error
 * @pid: argument as the user wrote it
 *
 * Return: enum status; errors have been reported.
 */
int source_process(struct source *source, const char *pid);

/*
 * Load a snapshot, from standard input if @file is "-". Release it as after
 * source_process(). Return enum status; errors have been reported.
 */
int source_snapshot(struct source *source, const char *file);

/**
 * source_open() - open the snapshot of --from, or the process of the first word
 * @source: filled; release with source_close(), also after an error
 * @options: for --from
 * @argc: number of words left; decremented if one was used
 * @argv: the words; advanced if one was used
 *
 * Without --quiet and --json, a line about the snapshot goes to stderr, so that stdout is
 * the same as for the process.
 *
 * Return: enum status; errors have been reported.
 */
int source_open(struct source *source, const struct options *options, int *argc, char ***argv);

/**
 * source_gather() - gather parts of a range into @source->image
 * @source: open; a snapshot is only checked for the parts
 * @start: first address
 * @end: first address past the range; ~0 is the end of the user range
 * @parts: &enum vmwalk_image_part; the runs of a snapshot take the place of sums
 *
 * Return: enum status; errors have been reported.
 */
int source_gather(struct source *source, __u64 start, __u64 end, __u32 parts);

const struct vmwalk_caps *source_caps(const struct source *source);

__u64 source_task_size(const struct source *source);

/*
 * Format the local time at which an image was taken, and its kernel version. Return @buf.
 */
char *source_when(const struct vmwalk_image *image, char *buf, size_t size);

/* Free the image and close the device; an all-zero source is fine. */
void source_close(struct source *source);

/* Report that an address is outside the user range, and why. Return STATUS_NOTHING. */
int error_range(const struct source *source, const char *given, __u64 address);

#endif
