/* SPDX-License-Identifier: GPL-2.0 */
/* The meaning of an address view, in words that a student understands. */
#ifndef VMWALK_VERDICT_H
#define VMWALK_VERDICT_H

#include "address_view.h"

/* verdict_write() - the answer in one line, UTF-8. Returns @buf. */
char *verdict_write(const struct address_view *view, char *buf, size_t size);

/* verdict_effective() - why rights that the VMA gives are withheld; "" if none is */
char *verdict_effective(const struct address_view *view, char *buf, size_t size);

/* verdict_allowed() - what the VMA allows, as enum vmwalk_perm */
unsigned int verdict_allowed(const struct address_view *view);

#endif /* VMWALK_VERDICT_H */
