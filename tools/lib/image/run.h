/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_RUN_H
#define VMWALK_RUN_H

#include "libvmwalk.h"

/*
 * As vmwalk_run_join(), for adjacent runs that may differ: drop the bits of @run->got
 * that do not hold for both.
 */
void vmwalk_run_append(struct vmwalk_run *run, const struct vmwalk_run *next);

#endif
