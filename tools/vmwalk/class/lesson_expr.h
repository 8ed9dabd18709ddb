/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fill in the variables of a lesson, which are the members of a JSON object, and compare
 * values. A variable is null, for instance, if it comes from a watch that could not run.
 */
#ifndef VMWALK_LESSON_EXPR_H
#define VMWALK_LESSON_EXPR_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Like asprintf(3), but exit on allocation failure. The caller frees the text. */
__attribute__((format(printf, 1, 2)))
char *lesson_format(const char *format, ...);

/*
 * Replace each {name} by the value of that variable. Return a text to be freed, or NULL
 * if a variable is null. Set @unknown to the first name without a variable, also to be
 * freed, or to NULL.
 */
char *lesson_fill(const json_t *values, const char *text, char **unknown);

/*
 * Check the syntax of a comparison before variables are filled in: two expressions with
 * == != < <= > or >= between them, or an expression and a word with == or != between
 * them. An expression is numbers (decimal, or hex after 0x, perhaps negative) with + * /
 * % between them, evaluated from left to right, without precedence.
 */
bool lesson_comparison_check(const char *text);

/*
 * Return true if a comparison holds; @why receives both sides. If one is not an
 * expression, == and != compare the texts.
 */
bool lesson_compare(const char *text, char *why, size_t size);

/*
 * Return a new reference to a value in @root, or NULL. @path is a list of keys separated
 * by dots. In an array, a number is an index, # is the number of elements, and a word
 * selects the first object that has the word as a value, or in a list: walk.PMD.index.
 */
json_t *lesson_json_get(json_t *root, const char *path);

#endif
