// SPDX-License-Identifier: GPL-2.0
/*
 * Escape names from the kernel or from users, which can have any bytes. UTF-8 is checked
 * here, because mbrtowc(3) decodes it only in a locale that uses it.
 */
#include <stdio.h>
#include <string.h>

#include "escape.h"

unsigned int escape_decode(const char *string, unsigned int *code)
{
	static const unsigned int smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *text = (const unsigned char *)string;
	unsigned int len, i;

	if (text[0] < 0x80) {
		*code = text[0];
		return 1;
	}
	if ((text[0] & 0xe0) == 0xc0)
		len = 2;
	else if ((text[0] & 0xf0) == 0xe0)
		len = 3;
	else if ((text[0] & 0xf8) == 0xf0)
		len = 4;
	else
		return 0;
	*code = text[0] & (0x7f >> len);
	for (i = 1; i < len; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (text[i] & 0x3f);
	}
	/* Reject overlong forms, surrogates, and codes past U+10FFFF. */
	if (*code < smallest[len] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return len;
}

/*
 * Return true for controls (C0 and C1), separators of lines and paragraphs, characters
 * that turn the direction of writing, some that are invisible, and all from U+E0000 on,
 * such as tags.
 */
static bool steers(unsigned int code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad ||
	       code == 0x61c || (code >= 0x200b && code <= 0x200f) ||
	       (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) ||
	       code == 0xfeff || (code >= 0xfff0 && code <= 0xfffb) || code >= 0xe0000;
}

/*
 * Append @len bytes, escaped unless @as_is. Return the new length; 0 if they do not fit.
 */
static size_t append(char *buf, size_t size, size_t used, const unsigned char *text,
		     unsigned int len, bool as_is)
{
	unsigned int i;

	if (used + (as_is ? len : 4 * len) >= size)
		return 0;
	if (as_is) {
		memcpy(buf + used, text, len);
		return used + len;
	}
	for (i = 0; i < len; i++, used += 4)
		snprintf(buf + used, size - used, text[i] == '\n' ? "\\%03o" : "\\x%02x", text[i]);
	return used;
}

static char *escape(char *buf, size_t size, const char *text, bool ascii, bool json)
{
	const unsigned char *at = (const unsigned char *)text;
	unsigned int len, code;
	size_t used = 0, more;
	bool as_is;

	while (*at) {
		/* Fast path for printable ASCII: most names have nothing else. */
		if (*at >= 0x20 && *at < 0x7f) {
			if (used + 1 >= size)
				break;
			buf[used++] = *at++;
			continue;
		}
		len = escape_decode((const char *)at, &code);
		as_is = len && (json || (!steers(code) && !(ascii && code >= 0x80)));
		if (!len)
			len = 1;
		more = append(buf, size, used, at, len, as_is);
		if (!more)
			break;
		used = more;
		at += len;
	}
	buf[used] = '\0';
	return buf;
}

char *escape_text(char *buf, size_t size, const char *text, bool ascii)
{
	return escape(buf, size, text, ascii, false);
}

char *escape_json(char *buf, size_t size, const char *text)
{
	return escape(buf, size, text, false, true);
}
