/* SPDX-License-Identifier: GPL-2.0 */
/* The views draw from the record alone, and ask neither the kernel nor /proc again. */
#ifndef VMWALK_VIEW_H
#define VMWALK_VIEW_H

#include <stdio.h>

#include "address_view.h"
#include "options.h"
#include "output/screen.h"
#include "output/table.h"

void view_screen(FILE *out, const struct address_view *view, const struct options *options);

void view_quiet(FILE *out, const struct address_view *view);

void view_json(FILE *out, const struct address_view *view, bool compact);

/*
 * The rows are the root register, except in JSON, then the levels. For a user address
 * with PTI, a second row of the PGD has the entry in the user copy of the root, in JSON
 * the key "shadow".
 */
extern const struct columns level_columns;

/* view_table() - draw the table of levels. Return 0, or -1 on allocation failure */
int view_table(struct screen *screen, const struct address_view *view,
	       const struct options *options);

/* view_levels() - return a new JSON array with an object for each level that was read */
json_t *view_levels(const struct address_view *view);

#endif
