/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_FAULT_STATS_H
#define VMWALK_FAULT_STATS_H

#include "event_info.h"
#include "last_words.h"

/* Bucket i ends below 1 << (SHIFT + i) ns: the first at 512 ns; the last has no end. */
#define FAULT_STATS_BUCKETS	20
#define FAULT_STATS_SHIFT	9

enum fault_stats_by {
	FAULT_STATS_ALL,
	FAULT_STATS_CLASS,
	FAULT_STATS_REGION,
	FAULT_STATS_SYMBOL,
	FAULT_STATS_BY
};

struct fault_stat {
	enum fault_stats_by by;	/* kind of @name; unique together with it */
	char *name;	/* not escaped; owned by this row */
	__u64 faults;
	__u64 ns;	/* sum of durations, ns */
	__u64 max;	/* longest duration, ns */
	__u64 bucket[FAULT_STATS_BUCKETS];
};

struct fault_stats {
	size_t nr;
	size_t room;	/* pointers allocated at @row */
	struct fault_stat **row;	/* unordered until fault_stats_sort() */
	void *table;	/* index of @row by kind and name, for tsearch(3) */
	__u64 outcome[VMWALK_ENDED_LAST + 1];	/* indexed by enum vmwalk_ended */
	__u64 kernel;	/* faults taken in kernel mode */
	__u64 waited;	/* faults during which the thread slept */
	__u64 event[VMWALK_EVENT_LAST + 1];	/* indexed by enum vmwalk_event */
	bool failed;	/* out of memory: the sums are incomplete */
};

/* Count an event. Set @stats->failed on allocation failure. */
void fault_stats_add(struct fault_stats *stats, const struct event_info *info);

/* Sort by kind of name, then by descending total duration. */
void fault_stats_sort(struct fault_stats *stats);

/* Free the rows; an all-zero @stats is fine. */
void fault_stats_free(struct fault_stats *stats);

/* For view_watch_end(). @shown: events shown, or summed by --summary; without LOST */
struct fault_stats_end {
	const struct vmwalk_watch_account *account;
	__u64 shown;
	const char *comm;	/* name of the process, not escaped */
	pid_t pid;
};

#endif
