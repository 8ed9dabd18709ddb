/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_GATHER_H
#define VMWALK_GATHER_H

#include "libvmwalk.h"

/* VMWALK_E_READ is the last flag of enum vmwalk_entry_flags. */
#define VMWALK_ENTRY_FLAGS	((VMWALK_E_READ << 1) - 1)

/*
 * Fill in the threads, by ascending tid, and the texts that @image->parts asks for; leave
 * out files that cannot be read. Return 0 or a negative errno.
 */
int vmwalk_threads_gather(struct vmwalk_image *image, const struct vmwalk_device *dev);
int vmwalk_texts_gather(struct vmwalk_image *image, const struct vmwalk_device *dev);

#endif
