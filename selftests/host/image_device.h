/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A simulated /dev/vmwalk that answers from an image. It can
 * fail, and return fewer records than asked for, as the module
 * does when a signal, a race or a full array stops a call.
 */
#ifndef IMAGE_DEVICE_H
#define IMAGE_DEVICE_H

#include "libvmwalk.h"

/* The image to answer from, and the failures to simulate; all zero simulates none */
struct image_device {
	struct vmwalk_image image;
	int fd;
	unsigned int at_once;		/* most records in one call; 0: no limit */
	__u64 signal_at;		/* SCAN stops here once with STOP_SIGNAL */
	__u64 changed_at;		/* STOP_CHANGED here; TABLES: at a PTE table */
	unsigned int changed;		/* calls still to be stopped at @changed_at */
	int error;			/* errno of all calls but CAPS and ATTACH */
	unsigned int interrupted;	/* calls to fail with EINTR first; not CAPS, ATTACH */
	unsigned int calls;		/* number made, but for CAPS and ATTACH */
	bool stuck;			/* SCAN, VMAS, TABLES: STOP_FULL, no record */
	unsigned int unmap_after;	/* this VMAS call cuts the arena at DEMO_PAGES */
	unsigned int walks;
	unsigned int split_after;	/* WALKs that find the leaf huge; 0: all */
	struct vmwalk_scan asked;
};

extern struct image_device fake;

#endif
