/* SPDX-License-Identifier: GPL-2.0 */
/* Run tests as other users, to see what the module withholds from them. */
#ifndef VMWALK_TEST_USERS_H
#define VMWALK_TEST_USERS_H

#include <sys/stat.h>
#include "device.h"
#include "states/states.h"

enum who {
	ROOT,		/* root in the initial user namespace */
	USER,		/* a user in the group of the device */
	OTHER,		/* a user who is not in the group of the device */
	NAMESPACE_ROOT,	/* all capabilities, but in a user namespace of its own */
};

/*
 * Results of a child, which its parent judges. report_alloc() allocates them before the
 * fork. @device and @pagemap are descriptors or a negative errno; @attached and @walked
 * are 0 or a negative errno.
 */
struct report {
	struct made made;
	bool ok;
	int device;
	int pagemap;
	int attached;
	int walked;
	struct vmwalk_caps caps;
	struct vmwalk_attach attach;
	struct vmwalk_address walk;
};

/*
 * Change only the effective ids and the supplementary groups, so that become_root_again()
 * works; for NAMESPACE_ROOT, enter a new user namespace, from which nothing leads back.
 * Exit on failure.
 */
void become(enum who who);
void become_root_again(void);
/*
 * Change real, effective and saved ids, so that the kernel treats the process as the
 * user's own; for ROOT change nothing. Exit on failure.
 */
void become_for_good(enum who who);

/* Give up a capability, such as CAP_SYSLOG, for good. Exit on failure. */
void capability_drop(int capability);

/* Give the device to the group of USER; @before receives its old owner and mode. */
bool device_share(struct stat *before);
void device_unshare(const struct stat *before);

/* Allocate a zeroed report in memory that children share. Return NULL on failure. */
struct report *report_alloc(void);
/*
 * Attach to the calling process with the descriptors in the report, then walk
 * made.address.
 */
void attach_and_walk(struct report *report);
/* Fork a child that calls run() and stops. Return its pid once it stopped or exited. */
pid_t child_stop(void (*run)(struct report *, const void *), struct report *report,
		 const void *arg);
void child_end(pid_t child);

/* Return true if any 64-bit word at a multiple of 8 bytes is @what: a leaked value. */
bool contains(const void *where, size_t size, uint64_t what);

#endif
