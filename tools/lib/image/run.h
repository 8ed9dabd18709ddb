/* SPDX-License-Identifier: GPL-2.0 */
/* Joining of runs, private to the library. */
#ifndef VMWALK_RUN_H
#define VMWALK_RUN_H

#include "libvmwalk.h"

/*
 * As vmwalk_run_join(), for adjacent runs that may differ: drop from @got what is not known of
 * both.
 */
void vmwalk_run_append(struct vmwalk_run *run, const struct vmwalk_run *next);

#endif /* VMWALK_RUN_H */
