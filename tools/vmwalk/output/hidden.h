/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module withholds facts unless the openers of the device and of pagemap have these
 * capabilities in the initial user namespace: the second one for symbols and addresses of
 * the kernel. kptr_restrict and lockdown can withhold them, too.
 */
#ifndef VMWALK_HIDDEN_H
#define VMWALK_HIDDEN_H

#define HIDDEN_BY	"CAP_SYS_ADMIN"
#define HIDDEN_LONG	"hidden (needs " HIDDEN_BY ")"
#define HIDDEN_KERNEL_BY	"CAP_SYSLOG"
#define HIDDEN_KERNEL_LONG	"hidden (needs " HIDDEN_KERNEL_BY ")"

#endif
