/* SPDX-License-Identifier: GPL-2.0 */
/* The parsers take text and read no file, so that host tests can call them. */
#ifndef VMWALK_FAULT_CONTEXT_H
#define VMWALK_FAULT_CONTEXT_H

#include "libvmwalk.h"

/*
 * In @around, set those of past_end, cached, shmem and hole that can be read, and their
 * bits of @got; in @hidden, set the bits of those that this caller may not read. @name:
 * name of the VMA, raw
 */
void vmwalk_around_file(struct vmwalk_device *dev, const struct vmwalk_address *walk,
			const char *name, struct vmwalk_around *around);

/*
 * Parse a text of /proc. If it lacks the value, set no bit of @got, and leave @guard_gap,
 * which has no bit, unchanged.
 */
void vmwalk_around_limits(struct vmwalk_around *around, const char *limits);
void vmwalk_around_command_line(struct vmwalk_around *around, const char *line,
				unsigned int page_size);
/* @all: text of enabled; @size: text of hugepages-*kB/enabled (from 6.8), or NULL */
void vmwalk_around_thp(struct vmwalk_around *around, const char *all, const char *size);
/* Return true, with UFFD_FEATURE_* in @features, if @fdinfo is of a userfaultfd. */
bool vmwalk_around_uffd(const char *fdinfo, __u64 *features);

#endif
