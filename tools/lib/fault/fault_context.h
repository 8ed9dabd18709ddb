/* SPDX-License-Identifier: GPL-2.0 */
/* What decides beside the walk, private to the library. */
#ifndef VMWALK_FAULT_CONTEXT_H
#define VMWALK_FAULT_CONTEXT_H

#include "libvmwalk.h"

/* vmwalk_around_file() - what is to be known of the file that is mapped there */
void vmwalk_around_file(struct vmwalk_device *dev, const struct vmwalk_walk *walk,
			const char *name, struct vmwalk_around *around);

/* Of the text of a file, for tests; each sets what it finds, and its bit. */
void vmwalk_around_release(struct vmwalk_around *around, const char *release);
void vmwalk_around_limits(struct vmwalk_around *around, const char *limits);
void vmwalk_around_command_line(struct vmwalk_around *around, const char *line,
				unsigned int page_size);
/* @size: the file of the PMD's size, from 6.8 on, or NULL */
void vmwalk_around_thp(struct vmwalk_around *around, const char *all, const char *size);
/* Return whether it is one of userfaultfd, with its features. */
bool vmwalk_around_uffd(const char *fdinfo, __u64 *features);

#endif /* VMWALK_FAULT_CONTEXT_H */
