/* SPDX-License-Identifier: GPL-2.0 */
/* The table of levels. */
#ifndef VMWALK_VIEW_TABLE_H
#define VMWALK_VIEW_TABLE_H

#include <stdio.h>

#include "options.h"
#include "report.h"
#include "screen.h"

/* view_table_help() - the columns, for the usage */
void view_table_help(FILE *out);

/*
 * view_table_check() - check the argument of --output
 * Returns NULL, or the word that is no column, from malloc(3).
 */
char *view_table_check(const char *output);

/* view_table() - draw the levels; 0, or -1 without memory */
int view_table(struct screen *screen, const struct report *report, const struct options *options);

#endif /* VMWALK_VIEW_TABLE_H */
