/* SPDX-License-Identifier: GPL-2.0 */
/* Explain an address view in words. */
#ifndef VMWALK_VERDICT_H
#define VMWALK_VERDICT_H

#include "address_view.h"

/* verdict_write() - write the verdict as a line of UTF-8. Returns @buf. */
char *verdict_write(const struct address_view *view, char *buf, size_t size);

/* verdict_effective() - the reason for rights that the VMA gives but the entry lacks, or "" */
char *verdict_effective(const struct address_view *view, char *buf, size_t size);

/* verdict_allowed() - permissions of the VMA, a mask of enum vmwalk_perm */
unsigned int verdict_allowed(const struct address_view *view);

#endif /* VMWALK_VERDICT_H */
