/* SPDX-License-Identifier: GPL-2.0 */
/* Gather the parts of an image that come from /proc and /sys, private to the library. */
#ifndef VMWALK_GATHER_H
#define VMWALK_GATHER_H

#include "libvmwalk.h"

/* Mask of all &enum vmwalk_entry_flags */
#define VMWALK_ENTRY_FLAGS	((VMWALK_E_READ << 1) - 1)

/*
 * Fill in the threads, by ascending tid, and the texts that @image->parts asks for; missing files
 * are left out. Return 0 or a negative errno.
 */
int vmwalk_threads_gather(struct vmwalk_image *image, const struct vmwalk_device *dev);
int vmwalk_texts_gather(struct vmwalk_image *image, const struct vmwalk_device *dev);

#endif /* VMWALK_GATHER_H */
