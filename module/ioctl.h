/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_IOCTL_H
#define VMWALK_IOCTL_H

#include <linux/fs.h>

extern const struct file_operations vmwalk_fops;

#endif
