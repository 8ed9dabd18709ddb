// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "output/format.h"
#include "output/json.h"
#include "output/words.h"
#include "view_event.h"
#include "view_fault_stats.h"

/*
 * Maximum of rows in the text, of regions and of symbols each: those with the longest
 * total time
 */
#define ROWS_MOST	20

static const struct fault_stat *fault_stat_of(const void *row)
{
	return row;
}

static void get_name(const void *row, struct value *value)
{
	value_text(value, fault_stat_of(row)->name);
}

static void get_faults(const void *row, struct value *value)
{
	value_number(value, fault_stat_of(row)->faults);
}

static void show_ns(struct value *value, __u64 ns)
{
	char text[32];

	value_number(value, ns);
	format_duration(ns, text, sizeof(text));
	value_show(value, "%s", text + strspn(text, " "));
}

static void get_ns(const void *row, struct value *value)
{
	show_ns(value, fault_stat_of(row)->ns);
}

static void get_mean(const void *row, struct value *value)
{
	show_ns(value, fault_stat_of(row)->ns / fault_stat_of(row)->faults);
}

static void get_max(const void *row, struct value *value)
{
	show_ns(value, fault_stat_of(row)->max);
}

static void get_buckets(const void *row, struct value *value)
{
	struct words words = words_begin(value->own, sizeof(value->own));
	unsigned int i;

	for (i = 0; i < FAULT_STATS_BUCKETS; i++)
		words_add(&words, "%s%llu", i ? "," : "",
			  (unsigned long long)fault_stat_of(row)->bucket[i]);
	value_text(value, value->own);
}

/*
 * Draw a character per bucket: "@" for the fullest of the row, and one step lighter for
 * each halving of the number of faults, down to "."; a blank if there are none.
 */
static void get_histogram(const void *row, struct value *value)
{
	static const char ramp[] = " .:-=+*#%@";
	const struct fault_stat *stat = row;
	__u64 most = 1;
	int i, shade;

	for (i = 0; i < FAULT_STATS_BUCKETS; i++)
		if (stat->bucket[i] > most)
			most = stat->bucket[i];
	for (i = 0; i < FAULT_STATS_BUCKETS; i++) {
		shade = 0;
		if (stat->bucket[i])
			shade = 9 - __builtin_clzll(stat->bucket[i]) + __builtin_clzll(most);
		value->own[i] = ramp[stat->bucket[i] && shade < 1 ? 1 : shade];
	}
	value->own[i] = '\0';
	value_text(value, value->own);
}

static void head_histogram(const void *context, char *heading)
{
	(void)context;
	/* Buckets 1, 6, 11 and 16 begin at 512 ns, 16 us, 524 us and 17 ms. */
	snprintf(heading, VALUE_SIZE, " .5us 16us .5ms 17ms");
}

static const struct column column[] = {
	{ "NAME", "name", "name", "class, region or symbol", COLUMN_SHOWN | COLUMN_FLEX, get_name,
	  NULL },
	{ "FAULTS", "faults", "faults", "number of faults", COLUMN_SHOWN | COLUMN_RIGHT, get_faults,
	  NULL },
	{ "TIME", "time", "ns", "total duration", COLUMN_SHOWN | COLUMN_RIGHT, get_ns, NULL },
	{ "MEAN", "mean", "mean_ns", "mean duration", COLUMN_SHOWN | COLUMN_RIGHT, get_mean, NULL },
	{ "MAX", "max", "max_ns", "longest duration", COLUMN_SHOWN | COLUMN_RIGHT, get_max, NULL },
	{ "HISTOGRAM", NULL, NULL, "by duration, which doubles from column to column",
	  COLUMN_WIDE | COLUMN_NARROW, get_histogram, head_histogram },
	{ "BUCKETS", "buckets", "buckets", "the histogram in numbers", COLUMN_LINE, get_buckets,
	  NULL },
};

const struct columns fault_stat_columns = COLUMNS("sums (watch --summary)", column);

static const char * const by_name[] = {
	[FAULT_STATS_ALL] = "all", [FAULT_STATS_CLASS] = "class", [FAULT_STATS_REGION] = "region",
	[FAULT_STATS_SYMBOL] = "symbol",
};

static int draw_table(FILE *out, struct fault_stats *stats, enum fault_stats_by by,
		      const struct options *options)
{
	struct table *table = table_new(&fault_stat_columns, options, NULL);
	struct fault_stat *row;
	size_t i, rows = 0, more = 0;
	int error = table ? 0 : -1;

	for (i = 0; i < stats->nr && !error; i++) {
		row = stats->row[i];
		if (row->by != by)
			continue;
		if (by > FAULT_STATS_CLASS && rows == ROWS_MOST)
			more++;
		else
			error = table_add(table, row, NULL, TABLE_NO_PARENT);
		rows += rows < ROWS_MOST;
	}
	if (!error && rows) {
		fprintf(out, "\nby %s\n", by_name[by]);
		error = table_print(table, out, 2);
	}
	if (more)
		fprintf(out, "  and %zu more, which took less\n", more);
	table_free(table);
	return error;
}

int view_fault_stats(FILE *out, struct fault_stats *stats, const struct options *options)
{
	enum fault_stats_by by;
	int error = 0;

	fault_stats_sort(stats);
	for (by = FAULT_STATS_CLASS; by < FAULT_STATS_BY && !error; by++)
		error = draw_table(out, stats, by, options);
	return error || stats->failed ? -1 : 0;
}

static json_t *fault_stat_object(const struct fault_stat *row)
{
	json_t *object = json_object(), *array = json_array();
	unsigned int i;

	if (row->by != FAULT_STATS_ALL)
		field_text(object, by_name[row->by], row->name);
	field_number(object, "faults", row->faults);
	field_number(object, "ns", row->ns);
	field_number(object, "mean_ns", row->ns / row->faults);
	field_number(object, "max_ns", row->max);
	for (i = 0; i < FAULT_STATS_BUCKETS; i++)
		json_array_append_new(array, json_integer(row->bucket[i]));
	json_object_set_new(object, "buckets", array);
	return object;
}

static json_t *outcomes_object(const struct fault_stats *stats)
{
	json_t *object = json_object();
	unsigned int i;

	for (i = 0; i <= VMWALK_ENDED_LAST; i++)
		if (stats->outcome[i])
			field_number(object, vmwalk_ended_name(i), stats->outcome[i]);
	return object;
}

static json_t *events_object(const struct fault_stats *stats)
{
	json_t *object = json_object();
	unsigned int i;

	for (i = 0; i <= VMWALK_EVENT_LAST; i++)
		if (stats->event[i])
			field_number(object, vmwalk_event_name(i), stats->event[i]);
	return object;
}

static json_t *bounds_array(void)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i + 1 < FAULT_STATS_BUCKETS; i++)
		json_array_append_new(array, json_integer(1LL << (i + FAULT_STATS_SHIFT)));
	return array;
}

void view_fault_stats_json(FILE *out, struct fault_stats *stats)
{
	static const char * const keys[] = { NULL, "classes", "regions", "symbols" };
	json_t *object = json_object(), *array;
	enum fault_stats_by by;
	size_t i;

	fault_stats_sort(stats);
	field_text(object, "event", "summary");
	json_object_set_new(object, "events", events_object(stats));
	json_object_set_new(object, "outcomes", outcomes_object(stats));
	field_number(object, "kernel", stats->kernel);
	field_number(object, "waited", stats->waited);
	json_object_set_new(object, "buckets_below_ns", bounds_array());
	for (i = 0; i < stats->nr; i++)
		if (stats->row[i]->by == FAULT_STATS_ALL)
			json_object_set_new(object, "all", fault_stat_object(stats->row[i]));
	for (by = FAULT_STATS_CLASS; by < FAULT_STATS_BY; by++) {
		array = json_array();
		for (i = 0; i < stats->nr; i++)
			if (stats->row[i]->by == by)
				json_array_append_new(array, fault_stat_object(stats->row[i]));
		json_object_set_new(object, keys[by], array);
	}
	field_print(out, object, true);
}

void view_fault_stats_quiet(FILE *out, struct fault_stats *stats, const struct options *options)
{
	size_t i;

	fault_stats_sort(stats);
	for (i = 0; i < stats->nr; i++) {
		fprintf(out, "by=%s ", by_name[stats->row[i]->by]);
		columns_line(out, &fault_stat_columns, options->output, stats->row[i]);
		fputc('\n', out);
	}
}
