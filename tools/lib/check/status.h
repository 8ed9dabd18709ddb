/* SPDX-License-Identifier: GPL-2.0 */
/* The comparison with /proc/PID/status and /proc/PID/stat, private to the library; pure. */
#ifndef VMWALK_STATUS_H
#define VMWALK_STATUS_H

#include "libvmwalk.h"

/* By how much a counter of the kernel may be off; pages */
struct vmwalk_slack {
	__u64 alone;	/* a counter that a fault changes by one page: anonymous memory and swap */
	/* a counter that a fault changes by its neighbours, too: files and shared memory */
	__u64 around;
};

/*
 * vmwalk_slack_of() - the slack of a kernel
 * @release: as uname(2) has it
 * @threads: of the process
 * @cpus: of the machine
 *
 * Until 6.1 each thread keeps to itself what its last faults, up to 66, have counted;
 * then each processor keeps a batch, until status sums all of them up (6.12).
 */
struct vmwalk_slack vmwalk_slack_of(const char *release, unsigned int threads,
				    unsigned int cpus);

/* A process as the module describes it */
struct vmwalk_process {
	struct vmwalk_mm mm;
	/* the memory behind all VMAs; of its tables, those that VmPTE counts */
	struct vmwalk_account account;
	unsigned int page_size;
};

/* The most comparisons that one of the two below makes. */
#define VMWALK_STATUS_MAX	32

/*
 * vmwalk_status_check() - compare with /proc/PID/status
 * @text: the file
 * @slack: from vmwalk_slack_of()
 * @check: VMWALK_STATUS_MAX, filled
 *
 * Return: number of comparisons.
 */
unsigned int vmwalk_status_check(const struct vmwalk_process *process, const char *text,
				 const struct vmwalk_slack *slack, struct vmwalk_check *check);

/* vmwalk_stat_check() - compare with /proc/PID/stat, as above */
unsigned int vmwalk_stat_check(const struct vmwalk_process *process, const char *text,
			       struct vmwalk_check *check);

/* vmwalk_status_number() - a number of /proc/PID/status, kB as bytes; false if absent */
bool vmwalk_status_number(const char *text, const char *name, __u64 *value);

#endif /* VMWALK_STATUS_H */
