/* SPDX-License-Identifier: GPL-2.0 */
/* Runs tests as other users, to see what the module withholds from them. */
#ifndef VMWALK_TEST_USERS_H
#define VMWALK_TEST_USERS_H

#include <sys/stat.h>
#include "device.h"
#include "states/states.h"

enum who {
	ROOT,		/* root in the initial user namespace */
	USER,		/* a user in the group of the device */
	OTHER,		/* a user outside of the group of the device */
	NAMESPACE_ROOT,	/* root of a user namespace of its own */
};

/* Results of a child, judged by its parent; allocated before the fork. */
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

/* Changes only the effective ids, so that become_root_again() works. Exits on failure. */
void become(enum who who);
void become_root_again(void);
/* Changes all ids, so that the kernel treats the process as the user's own. */
void become_for_good(enum who who);

/* Gives the device to the test's group; @before receives its old owner and mode. */
bool device_share(struct stat *before);
void device_unshare(const struct stat *before);

/* Allocates a report in memory that children share. */
struct report *report_alloc(void);
/* Attaches with the descriptors that were opened before, then walks made.address. */
void attach_and_walk(struct report *report);
/* Forks a child that calls run() and then stops. */
pid_t child_stop(void (*run)(struct report *, const void *), struct report *report,
		 const void *arg);
void child_end(pid_t child);

/* True if any aligned 64-bit word is @what: used to find leaked values. */
bool contains(const void *where, size_t size, uint64_t what);

#endif
