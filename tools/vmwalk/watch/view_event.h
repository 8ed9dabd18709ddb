/* SPDX-License-Identifier: GPL-2.0 */
/* Show events as text, as lines of name=value, and as JSON. */
#ifndef VMWALK_VIEW_EVENT_H
#define VMWALK_VIEW_EVENT_H

#include "event_info.h"
#include "output/screen.h"
#include "output/table.h"

/* Rows are &struct event_info. */
extern const struct columns event_columns;

/* Print a JSON object on one line. */
void view_event_json(FILE *out, const struct event_info *info, const struct options *options);

/* Print a line of name=value. */
void view_event_quiet(FILE *out, const struct event_info *info, const struct options *options);

/* Print one or two lines, depending on the width of the screen. */
void view_event(struct screen *screen, const struct event_info *info);

/* Print a system call, and the changes of the VMAs. */
void view_call(struct screen *screen, const struct event_info *info);

/* Add a system call, and the changes of the VMAs, to a JSON object. */
void view_call_fields(json_t *object, const struct event_info *info);

/* Format an entry in letters: "P W A D NX". Returns @buf. */
char *view_glance(const struct event_info *info, const struct vmwalk_glance *glance, char *buf,
		  size_t size);

#endif /* VMWALK_VIEW_EVENT_H */
