// SPDX-License-Identifier: GPL-2.0
/*
 * Resolve ADDR: a number, else a region, a file, or a symbol. Everything that parses as a
 * number is a number: the symbol `add` must be written `:add`.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "command.h"
#include "output/escape.h"
#include "symbols.h"

enum number { NOT_A_NUMBER, A_NUMBER, TOO_LARGE };

static enum number parse_number(const char *text, __u64 *value)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	bool decimal = !strncmp(text, "0d", 2);
	const char *digits = text;

	if (decimal || !strncmp(text, "0x", 2) || !strncmp(text, "0X", 2))
		digits += 2;
	if (!*digits || digits[strspn(digits, decimal ? "0123456789" : hex)])
		return NOT_A_NUMBER;
	errno = 0;
	*value = strtoull(digits, NULL, decimal ? 10 : 16);
	return errno ? TOO_LARGE : A_NUMBER;
}

static const char *parse_name(struct address *address, const char *base)
{
	const char *colon = strrchr(base, ':');

	snprintf(address->name, sizeof(address->name), "%s", base);
	if (base[0] == '[') {
		address->form = ADDRESS_REGION;
	} else if (base[0] == '/') {
		/*
		 * A path may contain a colon: find_name() looks for a symbol after the
		 * last one only if no file with the whole path is mapped.
		 */
		address->form = ADDRESS_FILE;
	} else if (colon) {
		address->form = ADDRESS_SYMBOL;
		snprintf(address->object, sizeof(address->object), "%.*s",
			 (int)(colon - base), base);
		snprintf(address->name, sizeof(address->name), "%s", colon + 1);
		if (!address->name[0])
			return "a name must follow the colon";
	} else {
		address->form = ADDRESS_WORD;
	}
	return NULL;
}

const char *address_parse(struct address *address, const char *text)
{
	char base[PATH_MAX];
	const char *plus = strrchr(text, '+');
	enum number kind = NOT_A_NUMBER;

	memset(address, 0, sizeof(*address));
	if (!*text)
		return "it is empty";
	if (strlen(text) >= sizeof(base))
		return "it is too long";
	/* Only a number after the plus is an offset: libstdc++.so.6 is a name. */
	if (plus)
		kind = parse_number(plus + 1, &address->offset);
	if (kind == TOO_LARGE)
		return "the offset does not fit in 64 bits";
	if (kind == NOT_A_NUMBER) {
		address->offset = 0;
		plus = text + strlen(text);
	}
	snprintf(base, sizeof(base), "%.*s", (int)(plus - text), text);
	kind = parse_number(base, &address->number);
	if (kind == TOO_LARGE)
		return "it does not fit in 64 bits";
	if (kind == A_NUMBER) {
		address->form = ADDRESS_NUMBER;
		return NULL;
	}
	if (!*base)
		return "a base must precede the plus";
	if (!strncmp(base, "0d", 2))
		return "0d precedes decimal digits (hex that begins with 0d is written 0x0d...)";
	if (!strncmp(base, "0x", 2) || !strncmp(base, "0X", 2))
		return "0x must be followed by hexadecimal digits";
	return parse_name(address, base);
}

static bool same_region(const char *line, const char *name)
{
	static const char deleted[] = " (deleted)";
	const char *last = strrchr(line, '/');
	size_t len = strlen(name);
	char escaped[4 * 256 + 1];

	if (line[0] == '/' && !strchr(name, '/') && last)
		line = last + 1;
	if (!strncmp(line, name, len) && (!line[len] || !strcmp(line + len, deleted)))
		return true;
	if (!strchr(name, '\n') || len > 256)
		return false;
	return !strcmp(line, escape_text(escaped, sizeof(escaped), name, false));
}

const struct vmwalk_maps_line *address_region(const struct vmwalk_maps *maps, const char *name)
{
	size_t i;

	for (i = 0; i < maps->nr; i++)
		if (*maps->line[i].name && same_region(maps->line[i].name, name))
			return &maps->line[i];
	return NULL;
}

/* Errors go to a buffer: place_arg_find() drops them if the text has another meaning. */
struct complaint {
	char *text;
	size_t size;
};

__attribute__((format(printf, 3, 4)))
static int complain(const struct complaint *why, int status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->text, why->size, format, args);
	va_end(args);
	return status;
}

static int no_symbol(const struct complaint *why, enum symbol_result result, const char *given,
		     const char *where, const struct address *address)
{
	switch (result) {
	case SYMBOL_NONE:
		return complain(why, STATUS_NOTHING,
				"%s: no mapped file and no symbol has this name", given);
	case SYMBOL_NO_FILE:
		return complain(why, STATUS_NOTHING,
				"%s: no symbol that can be read has this name, and the symbols of some mapped files cannot: the files are gone from their paths, or are others here",
				given);
	case SYMBOL_AMBIGUOUS:
		return complain(why, STATUS_USAGE,
				"%s: several objects have this symbol (%s): choose one with OBJECT:%s",
				given, where, address->name);
	case SYMBOL_NO_OBJECT:
		return complain(why, STATUS_NOTHING, "%s: no mapped file is called %s", given,
				address->object);
	case SYMBOL_NO_SUPPORT:
		return complain(why, STATUS_USAGE,
				"%s: built without symbol support (libdw): give the address in hex",
				given);
	case SYMBOL_NO_LIBRARY:
		return complain(why, STATUS_USAGE,
				"%s: symbols need libdw, which cannot be loaded (%s): install it, or give the address in hex",
				given, where);
	default:
		return complain(why, STATUS_NOTHING,
				"%s: the objects of the process cannot be listed", given);
	}
}

static int find_symbol(const struct source *source, const struct address *address,
		       const char *given, __u64 *number, const struct complaint *why)
{
	char where[256], escaped[512];
	enum symbol_result result;

	/* The files may have changed since the snapshot, and their symbols with them. */
	if (!source->dev)
		return complain(why, STATUS_NOTHING,
				"%s: no mapped file has this name, and snapshots have no symbols: give the address in hex",
				given);
	result = symbols_find(source->dev, source->target.pid, address->object, address->name,
			      number, where, sizeof(where));
	if (result == SYMBOL_FOUND)
		return STATUS_DONE;
	escape_text(escaped, sizeof(escaped), where, true);
	return no_symbol(why, result, given, escaped, address);
}

/*
 * Split "/usr/lib/libx.so:name" into @address->object and @address->name. Return false if
 * no symbol follows the path.
 */
static bool split_path(struct address *address)
{
	char *colon = strrchr(address->name, ':');

	if (!colon || !colon[1])
		return false;
	*colon = '\0';
	snprintf(address->object, sizeof(address->object), "%s", address->name);
	memmove(address->name, colon + 1, strlen(colon + 1) + 1);
	return true;
}

/* Return 0, 1 if @name is not mapped, or a negative errno. */
static int find_region(const struct source *source, const char *name, __u64 *number)
{
	const struct vmwalk_maps *maps = &source->image.maps;
	const struct vmwalk_maps_line *line;
	struct vmwalk_maps now = { 0 };
	int error;

	if (source->dev) {
		error = vmwalk_maps_read(source->dev, &now);
		if (error)
			return error;
		maps = &now;
	}
	line = address_region(maps, name);
	if (line)
		*number = line->start;
	vmwalk_maps_free(&now);
	return !line;
}

static int find_name(const struct source *source, struct address *address, const char *given,
		     __u64 *number, const struct complaint *why)
{
	int error = find_region(source, address->name, number);

	if (error < 0)
		return complain(why, error == -EACCES || error == -EPERM ? STATUS_DENIED :
				STATUS_NOTHING, "%s: the maps of the process cannot be read: %s",
				given, strerror(-error));
	if (!error)
		return STATUS_DONE;
	if (address->form == ADDRESS_WORD || (address->form == ADDRESS_FILE && split_path(address)))
		return find_symbol(source, address, given, number, why);
	return complain(why, STATUS_NOTHING,
			"%s: no region of the process has this name; see /proc/%d/maps",
			given, (int)source->target.pid);
}

int address_find(const struct source *source, const char *text, __u64 *number, char *buf,
		 size_t size)
{
	static struct address address;
	struct complaint why = { buf, size };
	char given[512];
	const char *wrong;
	int status = STATUS_DONE;

	escape_text(given, sizeof(given), text, true);
	wrong = address_parse(&address, text);
	if (wrong)
		return complain(&why, STATUS_USAGE, "\"%s\" is not an address: %s", given, wrong);
	*number = address.number;
	if (address.form == ADDRESS_SYMBOL)
		status = find_symbol(source, &address, given, number, &why);
	else if (address.form != ADDRESS_NUMBER)
		status = find_name(source, &address, given, number, &why);
	if (status == STATUS_DONE && *number + address.offset < *number)
		status = complain(&why, STATUS_USAGE,
				  "\"%s\" is not an address: with its offset it does not fit in 64 bits",
				  given);
	*number += address.offset;
	return status;
}
