/* SPDX-License-Identifier: GPL-2.0 */
/* Show the VMAs of an address space, and their memory. */
#ifndef VMWALK_VIEW_MAP_H
#define VMWALK_VIEW_MAP_H

#include "output/table.h"

extern const struct columns map_columns;

/* view_map() - draw the VMAs and the totals. Return 0, or -1 on allocation failure */
int view_map(FILE *out, const struct vmwalk_image *image, const struct options *options);

/* view_map_json() - print them as a JSON object; returns likewise */
int view_map_json(FILE *out, const struct vmwalk_image *image, const struct options *options);

/* view_map_quiet() - print a line per VMA, and one for the totals; returns likewise */
int view_map_quiet(FILE *out, const struct vmwalk_image *image, const struct options *options);

#endif /* VMWALK_VIEW_MAP_H */
