/* SPDX-License-Identifier: GPL-2.0 */
/* Sends lines from the guest's init to the host */
#ifndef VMWALK_VM_INIT_REPORT_H
#define VMWALK_VM_INIT_REPORT_H

#define __printf(a, b) __attribute__((format(printf, a, b)))
#define __noreturn __attribute__((noreturn))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Send one line to the host, apart from all other output. */
__printf(1, 2) void report(const char *fmt, ...);
void report_open(void);
/* Print the reason on the console and to the host, and power off. */
__printf(1, 2) __noreturn void fail(const char *fmt, ...);
/*
 * Wait for a virtio-serial port to appear and open it; power off if it does not
 * appear.
 */
int port_open(const char *name);
__noreturn void power_off(void);

#endif
