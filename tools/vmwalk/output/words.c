// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "words.h"

struct words words_begin(char *buf, size_t size)
{
	buf[0] = '\0';
	return (struct words) { .buf = buf, .size = size };
}

void words_add_list(struct words *words, const char *format, va_list args)
{
	if (words->used < words->size)
		words->used += vsnprintf(words->buf + words->used, words->size - words->used,
					 format, args);
}

void words_add(struct words *words, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	words_add_list(words, format, args);
	va_end(args);
}
