/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_SCAN_H
#define VMWALK_SCAN_H

#include "call.h"

/* Attempts at an entry or table that keeps changing, before it is given up */
#define VMWALK_PATIENCE	8

/* Consecutive stops of a call at one address; initialise to 0. */
struct vmwalk_patience {
	__u64 address;
	unsigned int tries;
};

/*
 * Count a stop. After VMWALK_PATIENCE stops at one address, reset and return true. After
 * fewer stops, yield the CPU, because the thread that changes the entry may be waiting
 * for it, and return false.
 */
bool vmwalk_patience_ends(struct vmwalk_patience *patience, __u64 address);

/*
 * Return VMWALK_ERR_SYSTEM (EPROTO) if a call made no progress, though neither a signal
 * nor a changing entry stopped it: to repeat it would loop.
 */
enum vmwalk_error vmwalk_progress(__u64 start, __u64 walk_end, __u32 nr, __u32 stop);

/* Return @end, limited to the user range unless @start is beyond that. */
__u64 vmwalk_range_end(const struct vmwalk_device *dev, __u64 start, __u64 end);

unsigned int vmwalk_page_size(const struct vmwalk_device *dev);

#endif
