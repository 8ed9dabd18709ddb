/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_HEADING_H
#define VMWALK_HEADING_H

#include <jansson.h>

#include "libvmwalk.h"
#include "screen.h"

/*
 * heading_row() - draw the process and the machine, and @right, which may be "", at the
 * right margin
 */
void heading_row(struct screen *screen, const struct vmwalk_target *target,
		 const struct vmwalk_caps *caps, const char *right);

void heading_draw(struct screen *screen, const struct vmwalk_image *image, const char *right);

/*
 * heading_fields() - return a new reference to an object with the process and the machine
 */
json_t *heading_fields(const struct vmwalk_target *target, const struct vmwalk_caps *caps);

json_t *heading_object(const struct vmwalk_image *image);

/*
 * heading_verdict() - begin the row of the verdict; on a screen of 100 columns or more,
 * a blank row comes before it
 */
void heading_verdict(struct screen *screen, enum ink ink);

/*
 * heading_verdict_end() - end the row and its colour; on a screen of 100 columns or
 * more, a blank row follows
 */
void heading_verdict_end(struct screen *screen);

#endif
