/* SPDX-License-Identifier: GPL-2.0 */
/* What the calls that go through a range have in common, private to the library. */
#ifndef VMWALK_SCAN_H
#define VMWALK_SCAN_H

#include "call.h"

/* Tries at entries that keep changing */
#define VMWALK_PATIENCE	8

/* How often in a row a call stopped at an address; all-zero at first. */
struct vmwalk_patience {
	__u64 address;
	unsigned int tries;
};

/* Count a stop; true if it is one too many, and counting begins anew. */
bool vmwalk_patience_ends(struct vmwalk_patience *patience, __u64 address);

/* VMWALK_ERR_SYSTEM if a call that is to be resumed has come no further. */
enum vmwalk_error vmwalk_progress(__u64 start, __u64 walk_end, __u32 nr, __u32 stop);

/* The end of a range, not above that of the user range. */
__u64 vmwalk_range_end(const struct vmwalk_device *dev, __u64 start, __u64 end);

unsigned int vmwalk_page_size(const struct vmwalk_device *dev);

#endif /* VMWALK_SCAN_H */
