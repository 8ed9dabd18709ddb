/* SPDX-License-Identifier: GPL-2.0 */
/* The one way to the module, private to the library. */
#ifndef VMWALK_CALL_H
#define VMWALK_CALL_H

#include "libvmwalk.h"

/*
 * Make a call of <linux/vmwalk.h> on an attached device; a signal that came while
 * it waited for a lock makes it again. Returns VMWALK_OK, VMWALK_ERR_GONE,
 * VMWALK_ERR_RANGE, VMWALK_ERR_DENIED or VMWALK_ERR_SYSTEM with errno set.
 */
enum vmwalk_error vmwalk_ioctl(struct vmwalk_device *dev, unsigned long request, void *arg);

/*
 * Ask WALK about an address, without what is asked for by a flag: neither a name nor
 * the counters of the whole process. Returns as vmwalk_device_walk().
 */
enum vmwalk_error vmwalk_walk_briefly(struct vmwalk_device *dev, __u64 address,
				      struct vmwalk_walk *walk);

/* The descriptors of the device, and of the pagemap file that it was attached with. */
int vmwalk_fd(const struct vmwalk_device *dev);
int vmwalk_fd_pagemap(const struct vmwalk_device *dev);

/* Tell who watches the device that a scan has come to an address. */
void vmwalk_reached(struct vmwalk_device *dev, __u64 address);

#endif /* VMWALK_CALL_H */
