/* SPDX-License-Identifier: GPL-2.0 */
/* The descriptions of architectures: one file each, private to the library. */
#ifndef VMWALK_ARCH_H
#define VMWALK_ARCH_H

#include "libvmwalk.h"

extern const struct vmwalk_arch_desc vmwalk_arch_x86;

#endif /* VMWALK_ARCH_H */
