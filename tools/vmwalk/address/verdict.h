/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_VERDICT_H
#define VMWALK_VERDICT_H

#include "address_view.h"

/* verdict_write() - write the verdict in UTF-8, " · " between its parts. Return @buf. */
char *verdict_write(const struct address_view *view, char *buf, size_t size);

/*
 * verdict_effective() - write why the effective permissions differ from those of the VMA,
 * and the protection key, unless 0; "" if there is neither. Return @buf.
 */
char *verdict_effective(const struct address_view *view, char *buf, size_t size);

/* verdict_allowed() - return the permissions of the VMA as a mask of enum vmwalk_perm */
unsigned int verdict_allowed(const struct address_view *view);

#endif
