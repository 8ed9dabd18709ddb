/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_CALL_H
#define VMWALK_CALL_H

#include "libvmwalk.h"

/*
 * Call an ioctl of <linux/vmwalk.h> on an attached device, and repeat it after EINTR.
 * Return VMWALK_OK, VMWALK_ERR_GONE, VMWALK_ERR_RANGE, VMWALK_ERR_DENIED, or
 * VMWALK_ERR_SYSTEM with errno set.
 */
enum vmwalk_error vmwalk_ioctl(struct vmwalk_device *dev, unsigned long request, void *arg);

/*
 * Walk an address without the optional parts: the name and symbols of the VMA, and the
 * fault counters of the process. Return as vmwalk_device_walk().
 */
enum vmwalk_error vmwalk_walk_briefly(struct vmwalk_device *dev, __u64 address,
				      struct vmwalk_address *walk);

/* Get the descriptor of the device, which stays owned by @dev. */
int vmwalk_fd(const struct vmwalk_device *dev);

/*
 * Call an ioctl on the descriptor of any open device, and repeat it after EINTR. Return 0 or
 * a negative errno.
 */
int vmwalk_fd_ioctl(int fd, unsigned long request, void *arg);

/*
 * Open a path below /proc/PID with O_PATH, as vmwalk_device_book() opens it for reading.
 * Return a descriptor that the caller closes, or -1 with errno set.
 */
int vmwalk_device_open_path(const struct vmwalk_device *dev, const char *path);

/*
 * Call the callback of vmwalk_device_watch(), if there is one. @address: first address of
 * the scan that is not done
 */
void vmwalk_reached(struct vmwalk_device *dev, __u64 address);

#endif
