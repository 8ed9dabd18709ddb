// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "output/format.h"
#include "output/json.h"
#include "output/rows.h"
#include "output/screen.h"
#include "view_find.h"

static const struct mapping *mapping_of(const void *row)
{
	return row;
}

static void get_pid(const void *row, struct value *value)
{
	value_number(value, mapping_of(row)->target.pid);
}

static void get_comm(const void *row, struct value *value)
{
	value_text(value, mapping_of(row)->target.comm);
}

static void get_address(const void *row, struct value *value)
{
	value_hex(value, mapping_of(row)->address);
}

static void get_size(const void *row, struct value *value)
{
	value_bytes(value, mapping_of(row)->size);
}

static void get_kind(const void *row, struct value *value)
{
	value_text(value, vmwalk_kind_name(mapping_of(row)->walk.call.kind));
}

static void get_perms(const void *row, struct value *value)
{
	char perms[5];

	value_format(value, "%s", vmwalk_vma_perms(mapping_of(row)->walk.vma.flags, perms));
}

static void get_effective(const void *row, struct value *value)
{
	char perms[4];

	value_format(value, "%s", format_perms(mapping_of(row)->walk.call.effective, perms));
}

static void get_name(const void *row, struct value *value)
{
	value_text(value, mapping_of(row)->name);
}

static const struct column column[] = {
	{ "PID", "pid", "pid", "the process", COLUMN_SHOWN | COLUMN_RIGHT, get_pid, NULL },
	{ "COMM", "comm", "comm", "its name", COLUMN_SHOWN, get_comm, NULL },
	{ "ADDRESS", "address", "address", "where it is mapped", COLUMN_SHOWN | COLUMN_RIGHT,
	  get_address, NULL },
	{ "SIZE", "size", "size", "bytes that the entry maps", COLUMN_SHOWN | COLUMN_RIGHT,
	  get_size, NULL },
	{ "KIND", "kind", "kind", "base, thp, hugetlb, ...", COLUMN_SHOWN, get_kind, NULL },
	{ "PERMS", "perms", "perms", "of the VMA", COLUMN_SHOWN, get_perms, NULL },
	{ "EFFECTIVE", "may", "effective", "what all levels permit now", COLUMN_SHOWN,
	  get_effective, NULL },
	{ "NAME", "name", "name", "of the VMA", COLUMN_SHOWN | COLUMN_FLEX, get_name, NULL },
};

const struct columns mapping_columns = COLUMNS("mappings (find)", column);

static __u64 physical(const struct finding *finding)
{
	return finding->frame.pfn * finding->page_size + finding->frame.offset;
}

static const char *use(const struct finding *finding)
{
	return finding->flags_error ? "beyond the memory that the kernel manages" :
				      frame_use(finding->flags);
}

static void draw_verdict(struct screen *screen, const struct finding *finding)
{
	screen_row(screen, "", 2);
	if (finding->nr) {
		screen_ink(screen, INK_GOOD);
		screen_part(screen, "mapped by %u process%s, at %zu address%s", finding->holders,
			    finding->holders == 1 ? "" : "es", finding->nr,
			    finding->nr == 1 ? "" : "es");
	} else {
		screen_ink(screen, INK_WARN);
		screen_part(screen, "mapped by no process%s",
			    finding->denied || finding->restless ? " that could be looked at" :
								   "");
		screen_part(screen, "%s", use(finding));
		if (finding->count)
			screen_part(screen, "but kpagecount has %llu mapping%s",
				    (unsigned long long)finding->count,
				    finding->count == 1 ? "" : "s");
	}
	screen_ink(screen, INK_PLAIN);
	screen_end(screen);
}

static void draw_unseen(struct screen *screen, const struct finding *finding)
{
	if (finding->denied) {
		screen_row(screen, "", 2);
		screen_part(screen, "%u process%s may not be looked at", finding->denied,
			    finding->denied == 1 ? "" : "es");
		screen_end(screen);
	}
	if (finding->restless) {
		screen_row(screen, "", 2);
		screen_part(screen, "%u process%s kept changing while looked at",
			    finding->restless, finding->restless == 1 ? "" : "es");
		screen_end(screen);
	}
}

static void add_mappings(struct rows *rows, const struct finding *finding)
{
	size_t i;

	for (i = 0; i < finding->nr; i++)
		rows_add(rows, &finding->mapping[i], NULL, TABLE_NO_PARENT);
}

int view_find(FILE *out, const struct finding *finding, const struct options *options)
{
	struct screen screen;
	struct rows rows;

	screen_begin(&screen, out, options);
	if (!options->noheadings) {
		fprintf(out, "PA %#llx  pfn %#llx\n\n", (unsigned long long)physical(finding),
			(unsigned long long)finding->frame.pfn);
		draw_verdict(&screen, finding);
		draw_unseen(&screen, finding);
		if (finding->nr)
			fputc('\n', out);
	}
	if (!finding->nr)
		return 0;
	rows = rows_table(&mapping_columns, options, NULL);
	add_mappings(&rows, finding);
	return rows_print(&rows, out, 2);
}

int view_find_json(FILE *out, const struct finding *finding, const struct options *options)
{
	struct rows rows = rows_array(&mapping_columns, options);
	json_t *root = json_object();

	field_hex(root, "pa", physical(finding));
	field_hex(root, "pfn", finding->frame.pfn);
	if (!finding->flags_error)
		field_words(root, "flags", vmwalk_page_words, vmwalk_page_flags(finding->flags));
	if (!finding->nr)
		field_text(root, "use", use(finding));
	field_number(root, "processes", finding->processes);
	field_number(root, "holders", finding->holders);
	field_number(root, "denied", finding->denied);
	field_number(root, "restless", finding->restless);
	add_mappings(&rows, finding);
	json_object_set_new(root, "mappings", rows.array);
	field_print(out, root, false);
	return 0;
}

int view_find_quiet(FILE *out, const struct finding *finding, const struct options *options)
{
	struct rows rows = rows_lines(&mapping_columns, options, out, 0);

	add_mappings(&rows, finding);
	return 0;
}
