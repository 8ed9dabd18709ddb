/* SPDX-License-Identifier: GPL-2.0 */
/* Runs, what of them is private to the library. */
#ifndef VMWALK_RUN_H
#define VMWALK_RUN_H

#include "libvmwalk.h"

/*
 * As vmwalk_run_join(), for runs that meet and need not be alike: what is then not
 * known of both is dropped.
 */
void vmwalk_run_append(struct vmwalk_run *run, const struct vmwalk_run *next);

#endif /* VMWALK_RUN_H */
