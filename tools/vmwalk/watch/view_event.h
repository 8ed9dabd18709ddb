/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_VIEW_EVENT_H
#define VMWALK_VIEW_EVENT_H

#include "event_info.h"
#include "output/screen.h"
#include "output/table.h"

/* Rows are &struct event_info. */
extern const struct columns event_columns;

/* Print a line of JSON: the columns of --output, or else all fields. */
void view_event_json(FILE *out, const struct event_info *info, const struct options *options);

/* Print a line of name=value: the columns of --output, or else COLUMN_LINE. */
void view_event_quiet(FILE *out, const struct event_info *info, const struct options *options);

/* Print an event as text: a fault takes two lines below 160 columns. */
void view_event(struct screen *screen, const struct event_info *info);

/*
 * Print a system call, and a second line if VMAs changed or could not be read. The event
 * must be a system call; the caller begins and ends the row.
 */
void view_call(struct screen *screen, const struct event_info *info);

/*
 * Add the arguments, the result, the VMAs before and after, and the changes between them
 * to @object. The event must be a system call.
 */
void view_call_fields(json_t *object, const struct event_info *info);

/*
 * Write a leaf in letters, "P W A D NX", any other entry as the name of its class, with
 * its marker or swap slot. If there is no entry, write "unseen" if the handler of the
 * fault dropped the locks of the tables, "-" otherwise. Return @buf.
 */
char *view_leaf(const struct event_info *info, const struct vmwalk_event_leaf *leaf, char *buf,
		size_t size);

#endif
