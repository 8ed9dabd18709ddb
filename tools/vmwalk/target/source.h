/* SPDX-License-Identifier: GPL-2.0 */
/* What a view is of: a process, or a snapshot of one. */
#ifndef VMWALK_SOURCE_H
#define VMWALK_SOURCE_H

#include "libvmwalk.h"
#include "options.h"

/**
 * struct source - a process or a snapshot
 * @given: what the user wrote: a PID or the name of a file
 * @dev: the device, attached; NULL: it is a snapshot
 * @ready: it could be opened
 * @target: the process; of a snapshot, as it was
 * @image: of a snapshot all of it, of a process what was gathered last
 */
struct source {
	const char *given;
	struct vmwalk_device *dev;
	bool ready;
	struct vmwalk_target target;
	struct vmwalk_image image;
};

/**
 * source_process() - attach to a process
 * @source: filled; give it to source_close(), also after an error
 * @pid: what the user wrote
 *
 * Return: enum status; what is not STATUS_DONE has been reported.
 */
int source_process(struct source *source, const char *pid);

/* source_snapshot() - load a snapshot; as source_process() */
int source_snapshot(struct source *source, const char *file);

/**
 * source_open() - the snapshot of --from, or else the process of the first word
 * @source: filled; give it to source_close(), also after an error
 * @options: --from
 * @argc: words left; one less if the first was taken
 * @argv: the words; moved on if the first was taken
 *
 * Which snapshot it is, is said on stderr, so that what is written to stdout is
 * the same as of the process.
 *
 * Return: enum status; what is not STATUS_DONE has been reported.
 */
int source_open(struct source *source, const struct options *options, int *argc, char ***argv);

/**
 * source_gather() - have parts of a range in the image
 * @source: an open one; of a snapshot, nothing is done but to see that it has them
 * @start: first address
 * @end: first address past the range; ~0 is the whole user range
 * @parts: &enum vmwalk_image_part
 *
 * Return: enum status; what is not STATUS_DONE has been reported.
 */
int source_gather(struct source *source, __u64 start, __u64 end, __u32 parts);

/* source_caps() - of the machine that it is of */
const struct vmwalk_caps *source_caps(const struct source *source);

/* source_task_size() - first address past the user range */
__u64 source_task_size(const struct source *source);

/* source_when() - the time and the kernel of an image, in words. Returns @buf. */
char *source_when(const struct vmwalk_image *image, char *buf, size_t size);

/* source_close() - give everything back; an all-zero one is fine */
void source_close(struct source *source);

/* error_range() - say why an address is outside the process. Returns a status. */
int error_range(const struct source *source, const char *given, __u64 address);

#endif /* VMWALK_SOURCE_H */
