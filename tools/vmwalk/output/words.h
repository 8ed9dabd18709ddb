/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_WORDS_H
#define VMWALK_WORDS_H

#include <stdarg.h>
#include <stddef.h>

struct words {
	char *buf;	/* NUL-terminated */
	size_t size;
	size_t used;	/* @size or more: the text was cut */
};

/* words_begin() - start with an empty sentence in @buf, which the caller owns */
struct words words_begin(char *buf, size_t size);

__attribute__((format(printf, 2, 3)))
void words_add(struct words *words, const char *format, ...);
void words_add_list(struct words *words, const char *format, va_list args);

#endif
