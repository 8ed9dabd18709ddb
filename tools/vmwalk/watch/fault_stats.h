/* SPDX-License-Identifier: GPL-2.0 */
/* How many faults there were, and how long they took: by class, region and symbol. */
#ifndef VMWALK_SAMPLES_H
#define VMWALK_SAMPLES_H

#include "event_info.h"

/* The first bucket is of what took less than 512 ns, the others double. */
#define SAMPLES_BUCKETS	20
#define SAMPLES_SHIFT	9

enum samples_by { SAMPLES_ALL, SAMPLES_CLASS, SAMPLES_REGION, SAMPLES_SYMBOL, SAMPLES_BY };

/**
 * struct sample - faults of one name
 * @by: what @name is
 * @name: raw
 * @faults: how many
 * @ns: how long all of them took
 * @max: how long the longest took, ns
 * @bucket: how many took how long: bucket N, less than 2^(N + SAMPLES_SHIFT) ns, and not
 *	so short as to be in the one before; the last one has all that are longer
 */
struct sample {
	enum samples_by by;
	char *name;
	__u64 faults;
	__u64 ns;
	__u64 max;
	__u64 bucket[SAMPLES_BUCKETS];
};

/**
 * struct samples - all of them
 * @nr: of @sample
 * @sample: in no order, until samples_sort()
 * @table: for tsearch(3)
 * @outcome: faults by &enum vmwalk_ended
 * @kernel: faults that the kernel took
 * @waited: faults that waited
 * @event: events by &enum vmwalk_event
 * @failed: there was no memory: it is not all here
 */
struct samples {
	size_t nr;
	struct sample **sample;
	void *table;
	__u64 outcome[VMWALK_ENDED_INTERRUPTED + 1];
	__u64 kernel;
	__u64 waited;
	__u64 event[VMWALK_EVENT_MAX];
	bool failed;
};

/* samples_add() - count an event */
void samples_add(struct samples *samples, const struct seen *seen);

/* samples_sort() - by what, and then those first that took longest */
void samples_sort(struct samples *samples);

/* samples_free() - give the memory back; an all-zero one is fine */
void samples_free(struct samples *samples);

/**
 * struct samples_end - how a watch ended
 * @account: of the events
 * @shown: events that were shown
 * @comm: name of the process, raw
 * @pid: its id
 */
struct samples_end {
	const struct vmwalk_watch_account *account;
	__u64 shown;
	const char *comm;
	pid_t pid;
};

#endif /* VMWALK_SAMPLES_H */
