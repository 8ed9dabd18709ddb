/* SPDX-License-Identifier: GPL-2.0 */
/* Call the module, private to the library. */
#ifndef VMWALK_CALL_H
#define VMWALK_CALL_H

#include "libvmwalk.h"

/*
 * Make an ioctl of <linux/vmwalk.h> on an attached device, again after EINTR. Returns VMWALK_OK,
 * VMWALK_ERR_GONE, VMWALK_ERR_RANGE, VMWALK_ERR_DENIED, or VMWALK_ERR_SYSTEM with errno set.
 */
enum vmwalk_error vmwalk_ioctl(struct vmwalk_device *dev, unsigned long request, void *arg);

/*
 * WALK without optional parts: no name, no counters of the process. Returns as
 * vmwalk_device_walk().
 */
enum vmwalk_error vmwalk_walk_briefly(struct vmwalk_device *dev, __u64 address,
				      struct vmwalk_walk *walk);

/* Descriptors of the device and of the attached pagemap file; both stay owned by @dev. */
int vmwalk_fd(const struct vmwalk_device *dev);
int vmwalk_fd_pagemap(const struct vmwalk_device *dev);

/* Call the callback of vmwalk_device_watch(), if any, with the address that a scan reached. */
void vmwalk_reached(struct vmwalk_device *dev, __u64 address);

#endif /* VMWALK_CALL_H */
