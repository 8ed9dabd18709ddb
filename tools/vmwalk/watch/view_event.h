/* SPDX-License-Identifier: GPL-2.0 */
/* Views of events. */
#ifndef VMWALK_VIEW_EVENT_H
#define VMWALK_VIEW_EVENT_H

#include "event_info.h"
#include "output/screen.h"
#include "output/table.h"

/* Rows are &struct event_info. */
extern const struct columns event_columns;

/* One JSON object on a line */
void view_event_json(FILE *out, const struct event_info *info, const struct options *options);

/* A line of name=value */
void view_event_quiet(FILE *out, const struct event_info *info, const struct options *options);

/* One or two lines of text */
void view_event(struct screen *screen, const struct event_info *info);

/* A system call, and what it did to the VMAs, as text */
void view_call(struct screen *screen, const struct event_info *info);

/* The same as fields of a JSON object */
void view_call_fields(json_t *object, const struct event_info *info);

/* An entry in letters, for example "P W A D NX". Returns @buf. */
char *view_glance(const struct event_info *info, const struct vmwalk_glance *glance, char *buf,
		  size_t size);

#endif /* VMWALK_VIEW_EVENT_H */
