/* SPDX-License-Identifier: GPL-2.0 */
/* What a user may write for a part of an address space: an address or a range. */
#ifndef VMWALK_PLACE_ARG_H
#define VMWALK_PLACE_ARG_H

#include "source.h"

/**
 * struct place_arg - an address, or a range
 * @start: the address, or the first one of the range
 * @end: first address past the range; @start: it is an address
 */
struct place_arg {
	__u64 start;
	__u64 end;
};

/**
 * place_arg_find() - find what the user means
 * @source: the process or the snapshot
 * @text: ADDR, START-END, START-+LENGTH, or ADDR- (to the end of the mapping)
 * @place: filled
 *
 * Names hold dashes as well. What is two numbers is a range; else what is an
 * address as a whole is an address; else the first dash that parts two addresses
 * counts.
 *
 * Return: enum status; what is not STATUS_DONE has been reported.
 */
int place_arg_find(struct source *source, const char *text, struct place_arg *place);

#endif /* VMWALK_PLACE_ARG_H */
