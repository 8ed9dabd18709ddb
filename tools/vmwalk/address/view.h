/* SPDX-License-Identifier: GPL-2.0 */
/* The views: each draws a view, and asks nothing of anybody else. */
#ifndef VMWALK_VIEW_H
#define VMWALK_VIEW_H

#include <stdio.h>

#include "address_view.h"
#include "options.h"

/* view_screen() - one screen of text */
void view_screen(FILE *out, const struct address_view *view, const struct options *options);

/* view_quiet() - one line of name=value */
void view_quiet(FILE *out, const struct address_view *view);

/* view_json() - one object, on one line if @compact */
void view_json(FILE *out, const struct address_view *view, bool compact);

#endif /* VMWALK_VIEW_H */
