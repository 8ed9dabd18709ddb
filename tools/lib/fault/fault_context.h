/* SPDX-License-Identifier: GPL-2.0 */
/* Read the context of a fault from /proc and /sys, private to the library. */
#ifndef VMWALK_FAULT_CONTEXT_H
#define VMWALK_FAULT_CONTEXT_H

#include "libvmwalk.h"

/* Set past_end, cached, shmem and hole for a mapped file. @name: of the VMA, raw */
void vmwalk_around_file(struct vmwalk_device *dev, const struct vmwalk_walk *walk,
			const char *name, struct vmwalk_around *around);

/* Parse a text of uname(2), /proc or /sys; set the fields found, and bits of @got. */
void vmwalk_around_release(struct vmwalk_around *around, const char *release);
void vmwalk_around_limits(struct vmwalk_around *around, const char *limits);
void vmwalk_around_command_line(struct vmwalk_around *around, const char *line,
				unsigned int page_size);
/* @all: text of enabled; @size: text of hugepages-*kB/enabled (from 6.8), or NULL */
void vmwalk_around_thp(struct vmwalk_around *around, const char *all, const char *size);
/* Return true, with UFFD_FEATURE_* in @features, if @fdinfo is of a userfaultfd. */
bool vmwalk_around_uffd(const char *fdinfo, __u64 *features);

#endif /* VMWALK_FAULT_CONTEXT_H */
