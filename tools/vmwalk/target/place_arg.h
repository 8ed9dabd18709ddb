/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_PLACE_ARG_H
#define VMWALK_PLACE_ARG_H

#include "source.h"

struct place_arg {
	__u64 start;
	__u64 end;	/* first address past the range; equals @start for an address */
};

/**
 * place_arg_check() - find the errors that need no process to be seen
 * @text: as for place_arg_find(), which begins with this
 *
 * For commands that would otherwise tell first that there is no module.
 *
 * Return: enum status; errors have been reported.
 */
int place_arg_check(const char *text);

/* Return true for two numbers: what has names may be a range, or a name with a dash. */
bool place_arg_is_range(const char *text);

/**
 * place_arg_find() - resolve an address or a range
 * @source: the process or the snapshot
 * @text: ADDR, START-END, START-+LENGTH, or ADDR- (to the end of the mapping,
 *	including adjacent ones of the same name); NAME-0xNUMBER is an address below that
 *	of the name, unless the number is an address above it
 * @place: filled
 *
 * Names can contain dashes. Try two numbers first, then an address as a whole, then each
 * dash as the separator.
 *
 * Return: enum status; errors have been reported.
 */
int place_arg_find(struct source *source, const char *text, struct place_arg *place);

#endif
