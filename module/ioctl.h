/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_IOCTL_H
#define VMWALK_IOCTL_H

#include "attach.h"

extern const struct file_operations vmwalk_fops;
const struct vmwalk_attached *vmwalk_device_target(struct file *file);
u64 vmwalk_device_redacted(const struct file *file);

#endif
