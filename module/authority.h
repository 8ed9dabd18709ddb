/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_AUTHORITY_H
#define VMWALK_AUTHORITY_H

#include <linux/fs.h>
#include <linux/types.h>

u64 vmwalk_redacted(const struct file *file);
u64 vmwalk_redacted_now(u64 redacted, bool names_kernel);
int vmwalk_probes_permitted(void);

#endif
