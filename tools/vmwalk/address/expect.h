/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_EXPECT_H
#define VMWALK_EXPECT_H

#include <stdio.h>

#include "address_view.h"

/**
 * expect_check() - check that all terms of an expression are valid; pure
 * @expression: comma-separated terms
 * @why: receives the error message, if any
 * @size: size of @why, bytes
 *
 * Return: 0, or -1 with @why filled.
 */
int expect_check(const char *expression, char *why, size_t size);

void expect_list(FILE *out);

/**
 * expect_evaluate() - test all terms against a view; pure
 * @expression: accepted by expect_check()
 * @view: the view of the address
 * @why: receives the first term that does not hold, and the actual value, or why that
 *	is not known
 * @size: size of @why, bytes
 *
 * A term about a fact that is neither FACT_YES nor FACT_NO does not hold, negated or not.
 *
 * Return: true if all terms hold.
 */
bool expect_evaluate(const char *expression, const struct address_view *view, char *why,
		     size_t size);

#endif
