// SPDX-License-Identifier: GPL-2.0
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault_stats.h"

static int compare_names(const void *a, const void *b)
{
	const struct fault_stat *left = a, *right = b;

	if (left->by != right->by)
		return left->by < right->by ? -1 : 1;
	return strcmp(left->name, right->name);
}

static struct fault_stat *new_row(struct fault_stats *stats, enum fault_stats_by by,
				  const char *name)
{
	struct fault_stat *row, **next;

	next = vmwalk_array_grow(&stats->row, stats->nr, &stats->room, sizeof(*next));
	if (!next)
		return NULL;
	row = calloc(1, sizeof(*row));
	if (!row)
		return NULL;
	row->by = by;
	row->name = strdup(name);
	if (row->name && tsearch(row, &stats->table, compare_names)) {
		*next = row;
		stats->nr++;
		return row;
	}
	free(row->name);
	free(row);
	return NULL;
}

static unsigned int bucket_of(__u64 ns)
{
	unsigned int bucket = ns >> FAULT_STATS_SHIFT ?
			      64 - FAULT_STATS_SHIFT - __builtin_clzll(ns) : 0;

	return bucket < FAULT_STATS_BUCKETS ? bucket : FAULT_STATS_BUCKETS - 1;
}

static void add(struct fault_stats *stats, enum fault_stats_by by, const char *name, __u64 ns)
{
	const struct fault_stat key = { .by = by, .name = (char *)name };
	struct fault_stat *row, **found;

	found = tfind(&key, &stats->table, compare_names);
	row = found ? *found : new_row(stats, by, name);
	if (!row) {
		stats->failed = true;
		return;
	}
	row->faults++;
	row->ns += ns;
	if (ns > row->max)
		row->max = ns;
	row->bucket[bucket_of(ns)]++;
}

/* Leave out the offset of the instruction: all faults of a function are one row. */
static void add_symbol(struct fault_stats *stats, const struct event_info *info)
{
	const struct vmwalk_fault_event *fault = info_fault(info);
	const char *symbol = *info->symbol ? info->symbol : "(unknown)";
	char name[sizeof(info->symbol)], *plus;

	if (fault->flags & VMWALK_FAULT_KERNEL)
		symbol = "(the kernel)";
	snprintf(name, sizeof(name), "%s", symbol);
	plus = strrchr(name, '+');
	if (plus)
		*plus = '\0';
	add(stats, FAULT_STATS_SYMBOL, name, fault->ns);
}

void fault_stats_add(struct fault_stats *stats, const struct event_info *info)
{
	const struct vmwalk_fault_event *fault = info_fault(info);

	if (info->event->kind <= VMWALK_EVENT_LAST)
		stats->event[info->event->kind]++;
	if (!fault)
		return;
	if (fault->outcome <= VMWALK_ENDED_LAST)
		stats->outcome[fault->outcome]++;
	stats->kernel += !!(fault->flags & VMWALK_FAULT_KERNEL);
	stats->waited += !!(fault->flags & VMWALK_FAULT_WAITED);
	add(stats, FAULT_STATS_ALL, "all", fault->ns);
	add(stats, FAULT_STATS_CLASS, info->class, fault->ns);
	add(stats, FAULT_STATS_REGION, *info->region ? info->region :
	    info_in_vma(info) ? "(not known)" : "(no VMA)", fault->ns);
	add_symbol(stats, info);
}

static int compare_times(const void *a, const void *b)
{
	const struct fault_stat *left = *(struct fault_stat * const *)a;
	const struct fault_stat *right = *(struct fault_stat * const *)b;

	if (left->by != right->by)
		return left->by < right->by ? -1 : 1;
	if (left->ns != right->ns)
		return left->ns > right->ns ? -1 : 1;
	return strcmp(left->name, right->name);
}

void fault_stats_sort(struct fault_stats *stats)
{
	if (stats->nr)
		qsort(stats->row, stats->nr, sizeof(*stats->row), compare_times);
}

void fault_stats_free(struct fault_stats *stats)
{
	size_t i;

	for (i = 0; i < stats->nr; i++) {
		tdelete(stats->row[i], &stats->table, compare_names);
		free(stats->row[i]->name);
		free(stats->row[i]);
	}
	free(stats->row);
	memset(stats, 0, sizeof(*stats));
}
