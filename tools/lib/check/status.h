/* SPDX-License-Identifier: GPL-2.0 */
/* Compare with /proc/PID/status and /proc/PID/stat, private to the library; pure. */
#ifndef VMWALK_STATUS_H
#define VMWALK_STATUS_H

#include "libvmwalk.h"

/* Tolerance for counters that the kernel updates lazily; pages */
struct vmwalk_slack {
	__u64 alone;	/* anonymous memory and swap: a fault changes them by 1 */
	/* files and shared memory: a fault also maps pages around its address */
	__u64 around;
};

/*
 * vmwalk_slack_of() - the tolerance for a kernel version
 * @release: as from uname(2)
 * @threads: number of threads of the process
 * @cpus: number of processors of the machine
 *
 * Until 6.1, each thread holds back the counts of up to 66 faults. From 6.2, each processor holds
 * back a batch. From 6.12, status sums the batches up: the tolerance is 0.
 */
struct vmwalk_slack vmwalk_slack_of(const char *release, unsigned int threads,
				    unsigned int cpus);

/* A process, by the answers of the module */
struct vmwalk_process {
	struct vmwalk_mm mm;
	/* sums over all VMAs; @account.tables has only the levels of VmPTE */
	struct vmwalk_account account;
	unsigned int page_size;
};

/* Elements of the arrays that vmwalk_status_check() and vmwalk_stat_check() fill */
#define VMWALK_STATUS_MAX	32

/*
 * vmwalk_status_check() - compare with /proc/PID/status
 * @text: contents of the file
 * @slack: from vmwalk_slack_of()
 * @check: array of VMWALK_STATUS_MAX elements, filled
 *
 * Return: number of elements of @check that were filled.
 */
unsigned int vmwalk_status_check(const struct vmwalk_process *process, const char *text,
				 const struct vmwalk_slack *slack, struct vmwalk_check *check);

/* vmwalk_stat_check() - compare with /proc/PID/stat. Return: as vmwalk_status_check() */
unsigned int vmwalk_stat_check(const struct vmwalk_process *process, const char *text,
			       struct vmwalk_check *check);

/* vmwalk_status_number() - find a number of /proc/PID/status, kB as bytes; false if absent */
bool vmwalk_status_number(const char *text, const char *name, __u64 *value);

#endif /* VMWALK_STATUS_H */
