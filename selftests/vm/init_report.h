/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_VM_INIT_REPORT_H
#define VMWALK_VM_INIT_REPORT_H

#define __printf(a, b) __attribute__((format(printf, a, b)))
#define __noreturn __attribute__((noreturn))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Send one line to the host; report_open() must have been called. */
__printf(1, 2) void report(const char *fmt, ...);
void report_open(void);
/* Print the reason to the console, report it if the port is open, and power off. */
__printf(1, 2) __noreturn void fail(const char *fmt, ...);
/* Wait up to 10 s for a virtio-serial port; return its descriptor, or call fail(). */
int port_open(const char *name);
__noreturn void power_off(void);

#endif
