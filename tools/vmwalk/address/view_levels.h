/* SPDX-License-Identifier: GPL-2.0 */
/* The table of levels. */
#ifndef VMWALK_VIEW_LEVELS_H
#define VMWALK_VIEW_LEVELS_H

#include "address_view.h"
#include "output/screen.h"
#include "output/table.h"

extern const struct columns level_columns;

/* view_table() - draw the levels; 0, or -1 without memory */
int view_table(struct screen *screen, const struct address_view *view,
	       const struct options *options);

/* view_levels() - the levels as an array of objects */
json_t *view_levels(const struct address_view *view);

#endif /* VMWALK_VIEW_LEVELS_H */
