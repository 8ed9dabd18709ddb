/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_VM_INIT_H
#define VMWALK_VM_INIT_H

#include <stdbool.h>

#include "init_report.h"

void setup_filesystems(void);
void setup_modules(void);
void setup_cgroup(void);
void setup_processors(void);
void setup_swap(void);
void setup_disk(void);
void setup_environment(void);

bool cmdline_has(const char *word);

void device_load(void);
void device_unload(void);

/* Run the command of the host, or a shell if there is none; return its wait status. */
int run_command(void);

#endif
