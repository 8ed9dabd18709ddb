/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A /dev/vmwalk that answers from an image. It can stop wherever the module may stop, and
 * returns a few records at a time.
 */
#ifndef IMAGE_DEVICE_H
#define IMAGE_DEVICE_H

#include "libvmwalk.h"

/* An image to answer from, and the failures to simulate */
struct image_device {
	struct vmwalk_image image;
	int fd;
	unsigned int at_once;		/* most records in one call */
	__u64 signal_at;		/* address at which one call is stopped by a signal */
	__u64 changed_at;		/* address at which calls stop with CHANGED */
	unsigned int changed;		/* number of calls that stop at @changed_at */
	int error;			/* errno of every call but CAPS and ATTACH */
	unsigned int interrupted;	/* number of calls that fail with EINTR first */
	unsigned int calls;
	bool stuck;			/* return no record at all */
	unsigned int unmap_after;	/* VMAS calls before the arena is unmapped */
	unsigned int walks;		/* WALK calls so far */
	unsigned int split_after;	/* WALK calls before the huge page is split */
	struct vmwalk_scan asked;
};

extern struct image_device fake;

#endif
