/* SPDX-License-Identifier: GPL-2.0 */
/* The functions here are pure: their callers read the files of /proc. */
#ifndef VMWALK_STATUS_H
#define VMWALK_STATUS_H

#include "libvmwalk.h"

/* Tolerance for counters that the kernel updates lazily; pages */
struct vmwalk_slack {
	/* for anonymous memory and swap: a lazily counted fault changes them by 1 */
	__u64 alone;
	/* for files and shared memory: a fault may also map pages around its address */
	__u64 around;
};

/*
 * vmwalk_slack_of() - the tolerance for a kernel version
 * @release: as from uname(2)
 * @threads: number of threads of the process
 * @cpus: number of processors of the machine
 *
 * Until 6.1, each thread caches the counts of up to 66 faults. From 6.2, each CPU caches
 * a batch. From 6.12 (with its stable updates), status adds the batches: the tolerance is
 * 0. It is also 0 if @release cannot be parsed.
 */
struct vmwalk_slack vmwalk_slack_of(const char *release, unsigned int threads,
				    unsigned int cpus);

struct vmwalk_process {
	struct vmwalk_mm mm;
	/* sums over all VMAs; @account.tables without PGD and P4D, which VmPTE lacks */
	struct vmwalk_account account;
	unsigned int page_size;
};

/* Size of the arrays that vmwalk_status_check() and vmwalk_stat_check() fill, elements */
#define VMWALK_STATUS_MAX	32

/*
 * vmwalk_status_check() - compare @process with /proc/PID/status
 * @text: contents of the file
 * @slack: from vmwalk_slack_of()
 * @check: array of VMWALK_STATUS_MAX elements, filled
 *
 * Return: number of elements of @check that were filled.
 */
unsigned int vmwalk_status_check(const struct vmwalk_process *process, const char *text,
				 const struct vmwalk_slack *slack, struct vmwalk_check *check);

/*
 * vmwalk_stat_check() - compare @process with /proc/PID/stat, as vmwalk_status_check()
 * does; return 0 if @text has fewer than 51 fields
 */
unsigned int vmwalk_stat_check(const struct vmwalk_process *process, const char *text,
			       struct vmwalk_check *check);

/*
 * vmwalk_status_number() - find a number in status, kB as bytes; return false if absent
 */
bool vmwalk_status_number(const char *text, const char *name, __u64 *value);

#endif
