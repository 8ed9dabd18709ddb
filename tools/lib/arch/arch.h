/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_ARCH_H
#define VMWALK_ARCH_H

#include "libvmwalk.h"

extern const struct vmwalk_arch_desc vmwalk_arch_x86;
extern const struct vmwalk_arch_desc vmwalk_arch_arm64;
extern const struct vmwalk_arch_desc vmwalk_arch_riscv;

#define BIT(n)		(1ULL << (n))
#define MASK(high, low)	(~0ULL >> (63 - (high)) & ~0ULL << (low))
#define AT(where)	VMWALK_BIT_AT_##where
#define GENERIC		VMWALK_BIT_GENERIC
#define RARE		VMWALK_BIT_RARE
#define NUMBER		VMWALK_BIT_NUMBER
#define PRESENT		VMWALK_BIT_PRESENT
#define ABSENT		VMWALK_BIT_ABSENT
#define WITH(name)	VMWALK_FEATURE_##name

#endif
