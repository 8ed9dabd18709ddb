/* SPDX-License-Identifier: GPL-2.0 */
/* Events of a watch, drawn. */
#ifndef VMWALK_VIEW_EVENT_H
#define VMWALK_VIEW_EVENT_H

#include "event_info.h"
#include "output/screen.h"
#include "output/table.h"

/* Of a &struct event_info; view_event.c */
extern const struct columns event_columns;

/* view_event_json() - one object, on a line */
void view_event_json(FILE *out, const struct event_info *info, const struct options *options);

/* view_event_quiet() - a line of name=value */
void view_event_quiet(FILE *out, const struct event_info *info, const struct options *options);

/* view_event() - in words; view_watch.c */
void view_event(struct screen *screen, const struct event_info *info);

/* view_call.c */

/* view_call() - a call as a program would write it, and what it did to the VMAs */
void view_call(struct screen *screen, const struct event_info *info);

/* view_call_fields() - the same as fields of an object */
void view_call_fields(json_t *object, const struct event_info *info);

/* view_glance() - an entry in letters: "P W A D NX". Returns @buf. */
char *view_glance(const struct event_info *info, const struct vmwalk_glance *glance, char *buf,
		  size_t size);

#endif /* VMWALK_VIEW_EVENT_H */
