/* SPDX-License-Identifier: GPL-2.0 */
/* The guest's first process: what its files share. */
#ifndef VMWALK_VM_INIT_H
#define VMWALK_VM_INIT_H

#include <stdbool.h>

#define __printf(a, b) __attribute__((format(printf, a, b)))
#define __noreturn __attribute__((noreturn))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The channel to the host: lines of words, apart from all other output. */
__printf(1, 2) void report(const char *fmt, ...);
void report_open(void);
/* Says why on the console and to the host, and ends the machine. */
__printf(1, 2) __noreturn void fail(const char *fmt, ...);
int port_open(const char *name);
__noreturn void power_off(void);

void setup_filesystems(void);
void setup_modules(void);
void setup_cgroup(void);
void setup_processors(void);
void setup_swap(void);
void setup_disk(void);
void setup_environment(void);

/* Whether the kernel command line has this word. */
bool cmdline_has(const char *word);

void device_load(void);
void device_unload(void);

/* Runs the command, or a shell on the terminal; returns a wait status. */
int run_command(void);

/* Looks through the kernel's log from boot on and at its taint. */
void log_report(void);

#endif
