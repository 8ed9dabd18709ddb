/* SPDX-License-Identifier: GPL-2.0 */
/* Write the process and the machine: the first row, or the first fields, of every view. */
#ifndef VMWALK_HEADING_H
#define VMWALK_HEADING_H

#include <jansson.h>

#include "libvmwalk.h"
#include "screen.h"

/* heading_row() - draw the first row, with @right at the right margin */
void heading_row(struct screen *screen, const struct vmwalk_target *target,
		 const struct vmwalk_caps *caps, const char *right);

/* heading_draw() - draw the first row with the process and the machine of an image */
void heading_draw(struct screen *screen, const struct vmwalk_image *image, const char *right);

/* heading_fields() - return a new JSON object with the first fields */
json_t *heading_fields(const struct vmwalk_target *target, const struct vmwalk_caps *caps);

/* heading_object() - return a new JSON object with the first fields of an image */
json_t *heading_object(const struct vmwalk_image *image);

/* heading_verdict() - begin the row of the verdict, below a blank row on a wide screen */
void heading_verdict(struct screen *screen, enum ink ink);

/* heading_verdict_end() - end the row of the verdict, and its colour */
void heading_verdict_end(struct screen *screen);

#endif /* VMWALK_HEADING_H */
