/* SPDX-License-Identifier: GPL-2.0 */
/* Texts for facts withheld from a caller without a capability. */
#ifndef VMWALK_HIDDEN_H
#define VMWALK_HIDDEN_H

#define HIDDEN_BY	"CAP_SYS_ADMIN"
#define HIDDEN_LONG	"hidden (needs " HIDDEN_BY ")"

#endif /* VMWALK_HIDDEN_H */
