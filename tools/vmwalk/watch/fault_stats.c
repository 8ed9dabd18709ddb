// SPDX-License-Identifier: GPL-2.0
/*
 * How many faults there were, and how long they took: by class, region and symbol.
 */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault_stats.h"

static int compare_names(const void *a, const void *b)
{
	const struct sample *left = a, *right = b;

	if (left->by != right->by)
		return left->by < right->by ? -1 : 1;
	return strcmp(left->name, right->name);
}

static struct sample *new_sample(struct samples *samples, enum samples_by by, const char *name)
{
	struct sample *sample, **bigger;

	if (!(samples->nr & (samples->nr - 1))) {
		bigger = realloc(samples->sample,
				 (samples->nr ? 2 * samples->nr : 1) * sizeof(*bigger));
		if (!bigger)
			return NULL;
		samples->sample = bigger;
	}
	sample = calloc(1, sizeof(*sample));
	if (!sample)
		return NULL;
	sample->by = by;
	sample->name = strdup(name);
	if (sample->name && tsearch(sample, &samples->table, compare_names)) {
		samples->sample[samples->nr++] = sample;
		return sample;
	}
	free(sample->name);
	free(sample);
	return NULL;
}

static unsigned int bucket_of(__u64 ns)
{
	unsigned int bucket = ns >> SAMPLES_SHIFT ?
			      64 - SAMPLES_SHIFT - __builtin_clzll(ns) : 0;

	return bucket < SAMPLES_BUCKETS ? bucket : SAMPLES_BUCKETS - 1;
}

static void add(struct samples *samples, enum samples_by by, const char *name, __u64 ns)
{
	const struct sample key = { .by = by, .name = (char *)name };
	struct sample *sample, **found;

	found = tfind(&key, &samples->table, compare_names);
	sample = found ? *found : new_sample(samples, by, name);
	if (!sample) {
		samples->failed = true;
		return;
	}
	sample->faults++;
	sample->ns += ns;
	if (ns > sample->max)
		sample->max = ns;
	sample->bucket[bucket_of(ns)]++;
}

/* A symbol without its offset. */
static void add_symbol(struct samples *samples, const struct seen *seen)
{
	const struct vmwalk_fault_event *fault = seen_fault(seen);
	const char *symbol = *seen->symbol ? seen->symbol : "(unknown)";
	char name[sizeof(seen->symbol)], *plus;

	if (fault->flags & VMWALK_FAULT_KERNEL)
		symbol = "(the kernel)";
	snprintf(name, sizeof(name), "%s", symbol);
	plus = strrchr(name, '+');
	if (plus)
		*plus = '\0';
	add(samples, SAMPLES_SYMBOL, name, fault->ns);
}

void samples_add(struct samples *samples, const struct seen *seen)
{
	const struct vmwalk_fault_event *fault = seen_fault(seen);

	if (seen->event->kind < VMWALK_EVENT_MAX)
		samples->event[seen->event->kind]++;
	if (!fault)
		return;
	if (fault->outcome <= VMWALK_ENDED_INTERRUPTED)
		samples->outcome[fault->outcome]++;
	samples->kernel += !!(fault->flags & VMWALK_FAULT_KERNEL);
	samples->waited += !!(fault->flags & VMWALK_FAULT_WAITED);
	add(samples, SAMPLES_ALL, "all", fault->ns);
	add(samples, SAMPLES_CLASS, seen->class, fault->ns);
	add(samples, SAMPLES_REGION, seen_got(seen, VMWALK_A_FAULT_VMA) ? seen->region :
	    "(no VMA)", fault->ns);
	add_symbol(samples, seen);
}

static int compare_times(const void *a, const void *b)
{
	const struct sample *left = *(struct sample * const *)a;
	const struct sample *right = *(struct sample * const *)b;

	if (left->by != right->by)
		return left->by < right->by ? -1 : 1;
	if (left->ns != right->ns)
		return left->ns > right->ns ? -1 : 1;
	return strcmp(left->name, right->name);
}

void samples_sort(struct samples *samples)
{
	if (samples->nr)
		qsort(samples->sample, samples->nr, sizeof(*samples->sample), compare_times);
}

void samples_free(struct samples *samples)
{
	size_t i;

	for (i = 0; i < samples->nr; i++) {
		tdelete(samples->sample[i], &samples->table, compare_names);
		free(samples->sample[i]->name);
		free(samples->sample[i]);
	}
	free(samples->sample);
	memset(samples, 0, sizeof(*samples));
}
