/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A /dev/vmwalk that answers from an image: it stops wherever a module may, and a few
 * records at a time.
 */
#ifndef IMAGE_DEVICE_H
#define IMAGE_DEVICE_H

#include "libvmwalk.h"

/* What the process has, and how the device is to behave. */
struct image_device {
	struct vmwalk_image image;
	int fd;
	unsigned int at_once;		/* records, at most */
	__u64 signal_at;		/* stop there with a signal, once */
	__u64 changed_at;		/* stop there */
	unsigned int changed;		/* so many times */
	int error;			/* errno of every call but CAPS and ATTACH */
	unsigned int interrupted;	/* calls that give EINTR before */
	unsigned int calls;
	bool stuck;			/* never a record */
	unsigned int unmap_after;	/* VMAS calls until the arena goes */
	unsigned int walks;		/* WALK calls */
	unsigned int split_after;	/* WALK calls until the huge page is split */
	struct vmwalk_scan asked;
};

extern struct image_device fake;

#endif /* IMAGE_DEVICE_H */
