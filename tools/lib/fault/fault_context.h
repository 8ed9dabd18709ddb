/* SPDX-License-Identifier: GPL-2.0 */
/* Read the context of a fault from /proc and /sys, private to the library. */
#ifndef VMWALK_FAULT_CONTEXT_H
#define VMWALK_FAULT_CONTEXT_H

#include "libvmwalk.h"

/* Fill in past_end, cached, shmem and hole of the mapped file; @name: name of the VMA, raw. */
void vmwalk_around_file(struct vmwalk_device *dev, const struct vmwalk_walk *walk,
			const char *name, struct vmwalk_around *around);

/* Parse the text of a file of /proc or /sys: set the fields found, and their bits in @got. */
void vmwalk_around_release(struct vmwalk_around *around, const char *release);
void vmwalk_around_limits(struct vmwalk_around *around, const char *limits);
void vmwalk_around_command_line(struct vmwalk_around *around, const char *line,
				unsigned int page_size);
/* @all: text of enabled; @size: text of hugepages-*kB/enabled (from 6.8), or NULL */
void vmwalk_around_thp(struct vmwalk_around *around, const char *all, const char *size);
/* Returns true and sets @features (UFFD_FEATURE_*) if @fdinfo belongs to a userfaultfd. */
bool vmwalk_around_uffd(const char *fdinfo, __u64 *features);

#endif /* VMWALK_FAULT_CONTEXT_H */
