/* SPDX-License-Identifier: GPL-2.0 */
/* Draw an address view as a screen, a line or JSON, from its record alone. */
#ifndef VMWALK_VIEW_H
#define VMWALK_VIEW_H

#include <stdio.h>

#include "address_view.h"
#include "options.h"
#include "output/screen.h"
#include "output/table.h"

/* view_screen() - print a screen of text, in the width of @options */
void view_screen(FILE *out, const struct address_view *view, const struct options *options);

void view_quiet(FILE *out, const struct address_view *view);

/* view_json() - print a JSON object, on one line if @compact */
void view_json(FILE *out, const struct address_view *view, bool compact);

/* Rows: the root register, then a row for each level. */
extern const struct columns level_columns;

/* view_table() - draw the table of levels; 0, or -1 without memory */
int view_table(struct screen *screen, const struct address_view *view,
	       const struct options *options);

/* view_levels() - new reference: an array with an object per level */
json_t *view_levels(const struct address_view *view);

#endif /* VMWALK_VIEW_H */
