/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Evaluate the variables of a lesson, a JSON object, and comparisons of them. A variable is null if
 * its watch was not possible.
 */
#ifndef VMWALK_LESSON_EXPR_H
#define VMWALK_LESSON_EXPR_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* asprintf(3) that exits without memory */
__attribute__((format(printf, 1, 2)))
char *lesson_format(const char *format, ...);

/*
 * Replace each {name} by the value of that variable. Returns a text to be freed, or NULL if a
 * variable is null. @unknown receives the first name that is not set, or NULL.
 */
char *lesson_fill(const json_t *values, const char *text, char **unknown);

/*
 * Check the syntax of a comparison before variables are filled in: two expressions, or an
 * expression and a word, with == != < <= > or >= between them. An expression is numbers with
 * + * / % between them, evaluated from left to right, without precedence.
 */
bool lesson_comparison_check(const char *text);

/*
 * Evaluate a comparison; @why receives both sides. If one is not an expression, == and !=
 * compare the texts.
 */
bool lesson_compare(const char *text, char *why, size_t size);

/*
 * Return a value in @root, to be freed with json_decref(), or NULL. @path is keys with dots
 * between; in an array a number is an index, # the number of elements, and a word the first object
 * that has the word as a value, or in a list: walk.PMD.index.
 */
json_t *lesson_json_get(json_t *root, const char *path);

#endif /* VMWALK_LESSON_EXPR_H */
