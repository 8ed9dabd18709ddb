/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module withholds facts unless the openers of the device and of pagemap have this
 * capability in the initial user namespace.
 */
#ifndef VMWALK_HIDDEN_H
#define VMWALK_HIDDEN_H

#define HIDDEN_BY	"CAP_SYS_ADMIN"
#define HIDDEN_LONG	"hidden (needs " HIDDEN_BY ")"

#endif
