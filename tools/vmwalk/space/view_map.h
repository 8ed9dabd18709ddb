/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_VIEW_MAP_H
#define VMWALK_VIEW_MAP_H

#include "output/table.h"

extern const struct columns map_columns;

/* Each shows the VMAs and then the totals. Return 0, or -1 on allocation failure. */
int view_map(FILE *out, const struct vmwalk_image *image, const struct options *options);

int view_map_json(FILE *out, const struct vmwalk_image *image, const struct options *options);

int view_map_quiet(FILE *out, const struct vmwalk_image *image, const struct options *options);

#endif
