// SPDX-License-Identifier: GPL-2.0
#include "libvmwalk.h"

/* Test VM_MAYSHARE: a shared mapping of a file opened read-only lacks VM_SHARED. */
char *vmwalk_vma_perms(__u64 flags, char *buf)
{
	buf[0] = flags & VMWALK_VMA_BIT(VMWALK_VMA_RD) ? 'r' : '-';
	buf[1] = flags & VMWALK_VMA_BIT(VMWALK_VMA_WR) ? 'w' : '-';
	buf[2] = flags & VMWALK_VMA_BIT(VMWALK_VMA_EX) ? 'x' : '-';
	buf[3] = flags & VMWALK_VMA_BIT(VMWALK_VMA_MS) ? 's' : 'p';
	buf[4] = '\0';
	return buf;
}
