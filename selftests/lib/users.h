/* SPDX-License-Identifier: GPL-2.0 */
/* Processes of other users, and what they are told by the device. */
#ifndef VMWALK_TEST_USERS_H
#define VMWALK_TEST_USERS_H

#include <sys/stat.h>
#include "device.h"
#include "states/states.h"

enum who {
	ROOT,		/* of the initial user namespace */
	USER,		/* in the group of the device */
	OTHER,		/* not in it */
	NAMESPACE_ROOT,	/* root of a user namespace of its own */
};

/* What a child found, for its parent to judge; made before the fork. */
struct report {
	struct made made;
	bool ok;
	int device;
	int pagemap;
	int attached;
	int walked;
	struct vmwalk_caps caps;
	struct vmwalk_attach attach;
	struct vmwalk_walk walk;
};

/* Only what is effective: root can come back. Ends the process if it cannot. */
void become(enum who who);
void become_root_again(void);
/* For good, so that the process is the user's in every respect. */
void become_for_good(enum who who);

/* The device, given to the group; before receives what it was. */
bool device_share(struct stat *before);
void device_unshare(const struct stat *before);

/* A report that a child can fill. */
struct report *report_alloc(void);
/* Attaches and walks report->made.address, with what was opened before. */
void attach_and_walk(struct report *report);
/* A child that has run and stands still. */
pid_t child_stop(void (*run)(struct report *, const void *), struct report *report,
		 const void *arg);
void child_end(pid_t child);

/* Whether any 64-bit word of it is this one. */
bool contains(const void *where, size_t size, uint64_t what);

#endif
