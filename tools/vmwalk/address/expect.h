/* SPDX-License-Identifier: GPL-2.0 */
/* --expect: what should be there. */
#ifndef VMWALK_EXPECT_H
#define VMWALK_EXPECT_H

#include <stdio.h>

#include "address_view.h"

/**
 * expect_check() - check the grammar of an expression; pure
 * @expression: comma-separated terms
 * @why: receives what is wrong, in words
 * @size: of @why, bytes
 *
 * Return: 0, or -1 with @why filled.
 */
int expect_check(const char *expression, char *why, size_t size);

/* expect_list() - write all terms, separated by commas, to complete them in a shell */
void expect_list(FILE *out);

/**
 * expect_evaluate() - whether all terms hold; pure
 * @expression: that expect_check() has accepted
 * @view: what is there
 * @why: receives the first term that does not hold, and what was there instead
 * @size: of @why, bytes
 *
 * A term that asks for what is hidden from the caller does not hold, negated or
 * not.
 *
 * Return: true or false.
 */
bool expect_evaluate(const char *expression, const struct address_view *view, char *why,
		     size_t size);

#endif /* VMWALK_EXPECT_H */
