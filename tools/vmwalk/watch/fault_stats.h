/* SPDX-License-Identifier: GPL-2.0 */
/* How many faults there were, and how long they took: by class, region and symbol. */
#ifndef VMWALK_FAULT_STATS_H
#define VMWALK_FAULT_STATS_H

#include "event_info.h"

/* The first bucket is of what took less than 512 ns, the others double. */
#define FAULT_STATS_BUCKETS	20
#define FAULT_STATS_SHIFT	9

enum fault_stats_by {
	FAULT_STATS_ALL,
	FAULT_STATS_CLASS,
	FAULT_STATS_REGION,
	FAULT_STATS_SYMBOL,
	FAULT_STATS_BY
};

/**
 * struct fault_stat - faults of one name
 * @by: what @name is
 * @name: raw
 * @faults: how many
 * @ns: how long all of them took
 * @max: how long the longest took, ns
 * @bucket: how many took how long: bucket N, less than 2^(N + FAULT_STATS_SHIFT) ns, and not
 *	so short as to be in the one before; the last one has all that are longer
 */
struct fault_stat {
	enum fault_stats_by by;
	char *name;
	__u64 faults;
	__u64 ns;
	__u64 max;
	__u64 bucket[FAULT_STATS_BUCKETS];
};

/**
 * struct fault_stats - all of them
 * @nr: of @row
 * @room: at @row
 * @row: in no order, until fault_stats_sort()
 * @table: for tsearch(3)
 * @outcome: faults by &enum vmwalk_ended
 * @kernel: faults that the kernel took
 * @waited: faults that waited
 * @event: events by &enum vmwalk_event
 * @failed: there was no memory: it is not all here
 */
struct fault_stats {
	size_t nr;
	size_t room;
	struct fault_stat **row;
	void *table;
	__u64 outcome[VMWALK_ENDED_INTERRUPTED + 1];
	__u64 kernel;
	__u64 waited;
	__u64 event[VMWALK_EVENT_MAX];
	bool failed;
};

/* fault_stats_add() - count an event */
void fault_stats_add(struct fault_stats *stats, const struct event_info *info);

/* fault_stats_sort() - by what, and then those first that took longest */
void fault_stats_sort(struct fault_stats *stats);

/* fault_stats_free() - give the memory back; an all-zero one is fine */
void fault_stats_free(struct fault_stats *stats);

/**
 * struct fault_stats_end - how a watch ended
 * @account: of the events
 * @shown: events that were shown
 * @comm: name of the process, raw
 * @pid: its id
 */
struct fault_stats_end {
	const struct vmwalk_watch_account *account;
	__u64 shown;
	const char *comm;
	pid_t pid;
};

#endif /* VMWALK_FAULT_STATS_H */
