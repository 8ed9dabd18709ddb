// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "mm_fields.h"
#include "output/detail_view.h"
#include "output/heading.h"
#include "output/json.h"
#include "output/rows.h"
#include "view_mm.h"

static void get_tid(const void *row, struct value *value)
{
	value_number(value, ((const struct vmwalk_thread *)row)->tid);
}

static void get_minor(const void *row, struct value *value)
{
	value_number(value, ((const struct vmwalk_thread *)row)->minor);
}

static void get_major(const void *row, struct value *value)
{
	value_number(value, ((const struct vmwalk_thread *)row)->major);
}

static void get_comm(const void *row, struct value *value)
{
	value_text(value, ((const struct vmwalk_thread *)row)->comm);
}

static const struct column column[] = {
	{ "TID", "thread", "tid", "its id", COLUMN_SHOWN | COLUMN_RIGHT, get_tid, NULL },
	{ "MINFLT", "minor", "minor_faults", "minor faults", COLUMN_SHOWN | COLUMN_RIGHT,
	  get_minor, NULL },
	{ "MAJFLT", "major", "major_faults", "major faults", COLUMN_SHOWN | COLUMN_RIGHT,
	  get_major, NULL },
	{ "COMM", "name", "comm", "its name", COLUMN_SHOWN | COLUMN_FLEX, get_comm, NULL },
};

const struct columns thread_columns = COLUMNS("threads (mm PID)", column);

static void add_threads(struct rows *rows, const struct vmwalk_image *image)
{
	size_t i;

	for (i = 0; i < image->nr_threads; i++)
		rows_add(rows, &image->threads[i], NULL, TABLE_NO_PARENT);
}

/* --output names columns of the mm: do not apply the option to the threads. */
static struct options thread_options(const struct options *options)
{
	struct options own = *options;

	own.output = NULL;
	return own;
}

static int draw_threads(FILE *out, const struct mm_view *view)
{
	struct options options = thread_options(view->options);
	struct rows rows = rows_table(&thread_columns, &options, NULL);

	add_threads(&rows, view->image);
	return rows_print(&rows, out, 11);
}

static const struct vmwalk_thread *find_thread(const struct vmwalk_image *image, pid_t tid)
{
	size_t i;

	for (i = 0; i < image->nr_threads; i++)
		if (image->threads[i].tid == tid)
			return &image->threads[i];
	return NULL;
}

/* Return the number of threads shown: those that are new, have ended or took faults. */
static unsigned int draw_thread_changes(struct screen *screen, const struct mm_view *view)
{
	const struct vmwalk_thread *thread, *old;
	unsigned int nr = 0;
	size_t i;

	for (i = 0; i < view->image->nr_threads; i++) {
		thread = &view->image->threads[i];
		old = find_thread(view->before, thread->tid);
		if (old && old->minor == thread->minor && old->major == thread->major)
			continue;
		nr++;
		if (!old)
			screen_part(screen, "thread %d is new", (int)thread->tid);
		else
			screen_part(screen, "thread %d minor +%llu major +%llu", (int)thread->tid,
				    (unsigned long long)(thread->minor - old->minor),
				    (unsigned long long)(thread->major - old->major));
	}
	for (i = 0; i < view->before->nr_threads; i++) {
		thread = &view->before->threads[i];
		if (find_thread(view->image, thread->tid))
			continue;
		nr++;
		screen_part(screen, "thread %d has ended", (int)thread->tid);
	}
	return nr;
}

static void draw_changes(struct screen *screen, const struct mm_view *view,
			 const struct mm_row *before, const struct mm_row *now)
{
	unsigned int nr;
	char label[32];

	snprintf(label, sizeof(label), "+%.2f s", view->after);
	screen_row(screen, label, 11);
	nr = detail_changes(screen, &mm_columns, view->options, before, now);
	if (!view->options->output)
		nr += draw_thread_changes(screen, view);
	if (!nr)
		screen_part(screen, "nothing changed");
	screen_end(screen);
}

static int fill_row(struct mm_row *row, const struct vmwalk_image *image)
{
	struct vmwalk_account *account = vmwalk_account_image(image), *total;

	if (!account)
		return -1;
	total = &account[image->nr_areas];
	row->image = image;
	row->huge = total->level[VMWALK_LEVEL_PMD] + total->level[VMWALK_LEVEL_PUD];
	free(account);
	return 0;
}

static int begin(const struct mm_view *view, struct mm_row *before, struct mm_row *now)
{
	if (view->before && fill_row(before, view->before))
		return -1;
	return fill_row(now, view->image);
}

int view_mm(FILE *out, const struct mm_view *view)
{
	struct mm_row before, now;
	struct screen screen;

	if (begin(view, &before, &now))
		return -1;
	screen_begin(&screen, out, view->options);
	if (screen.width > 100)
		screen.width = 100;
	if (view->before) {
		draw_changes(&screen, view, &before, &now);
		return 0;
	}
	if (!view->options->noheadings) {
		heading_draw(&screen, view->image, "");
		if (screen.width >= 100)
			screen_end(&screen);
	}
	detail_draw(&screen, &mm_columns, mm_groups, view->options, &now);
	return view->options->output ? 0 : draw_threads(out, view);
}

int view_mm_json(FILE *out, const struct mm_view *view, bool compact)
{
	struct options options = thread_options(view->options);
	struct mm_row before, now;
	struct rows rows;
	json_t *root;

	if (begin(view, &before, &now))
		return -1;
	rows = rows_array(&thread_columns, &options);
	add_threads(&rows, view->image);
	root = heading_object(view->image);
	json_object_set_new(root, "mm", columns_object(&mm_columns, view->options->output, &now));
	json_object_set_new(root, "threads", rows.array);
	if (view->before) {
		json_object_set_new(root, "after", json_real(view->after));
		json_object_set_new(root, "changes", detail_object(&mm_columns, view->options,
								   &before, &now));
	}
	field_print(out, root, compact);
	return 0;
}

int view_mm_quiet(FILE *out, const struct mm_view *view)
{
	struct options options = thread_options(view->options);
	int pid = view->image->target.pid;
	struct rows rows = rows_lines(&thread_columns, &options, out, pid);
	struct mm_row before, now;

	if (begin(view, &before, &now))
		return -1;
	fprintf(out, "pid=%d ", pid);
	columns_line(out, &mm_columns, view->options->output, &now);
	fputc('\n', out);
	if (!view->options->output)
		add_threads(&rows, view->image);
	return 0;
}
