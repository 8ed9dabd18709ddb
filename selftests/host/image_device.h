/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A simulated /dev/vmwalk that answers from an image. It can
 * fail, and return fewer records than asked for, as the module
 * does when a signal, a race or a full array stops a call.
 */
#ifndef IMAGE_DEVICE_H
#define IMAGE_DEVICE_H

#include "libvmwalk.h"

/**
 * struct image_device - what the device answers, and the failures that it simulates
 * @image: the caller makes and frees it
 * @fd: descriptor that open() returned for the device
 * @at_once: most records in one call; 0 for no limit
 * @signal_at: address at which SCAN stops once with VMWALK_STOP_SIGNAL; 0 for never
 * @changed_at: address at which SCAN, and TABLES at a PTE table, stop with
 *	VMWALK_STOP_CHANGED
 * @changed: number of calls that are still to stop at @changed_at
 * @error: errno of all calls but CAPS and ATTACH, or 0
 * @interrupted: number of calls, CAPS and ATTACH excepted, that still fail with EINTR
 * @calls: number of calls so far, CAPS and ATTACH excepted
 * @stuck: SCAN, VMAS and TABLES stop with VMWALK_STOP_FULL before the first record
 * @unmap_after: VMAS call from which on the arena ends at DEMO_PAGES, 1 being the next
 *	one; 0 for never
 * @walks: number of WALK calls so far; the caller may reset it
 * @split_after: number of WALK calls after which the huge page is split; 0 for never
 * @asked: arguments of the last SCAN
 */
struct image_device {
	struct vmwalk_image image;
	int fd;
	unsigned int at_once;
	__u64 signal_at;
	__u64 changed_at;
	unsigned int changed;
	int error;
	unsigned int interrupted;
	unsigned int calls;
	bool stuck;
	unsigned int unmap_after;
	unsigned int walks;
	unsigned int split_after;
	struct vmwalk_scan asked;
};

extern struct image_device fake;

#endif
