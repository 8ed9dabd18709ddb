// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <limits.h>
#include <string.h>

#include "address.h"
#include "command.h"
#include "output/escape.h"
#include "place_arg.h"

static bool is_number(const char *text)
{
	static struct address address;

	return !address_parse(&address, text) && address.form == ADDRESS_NUMBER;
}

/*
 * Set @place->end to the end of the mapping at @place->start and of the adjacent ones
 * after it that have the same name; without a name, to that of the mapping alone. Errors
 * have been reported.
 */
static int find_end(struct source *source, const char *given, struct place_arg *place)
{
	const struct vmwalk_maps *maps = &source->image.maps;
	const struct vmwalk_maps_line *line, *last;
	int status;

	status = source_gather(source, 0, ~0ULL, VMWALK_IMAGE_MAPS);
	if (status)
		return status;
	line = vmwalk_maps_at(maps, place->start);
	if (!line) {
		warnx("%s: nothing is mapped at %#llx", given, (unsigned long long)place->start);
		return STATUS_NOTHING;
	}
	for (last = line; last + 1 < maps->line + maps->nr && last[1].start == last->end &&
	     *line->name && !strcmp(last[1].name, line->name); last++)
		continue;
	place->end = last->end;
	return STATUS_DONE;
}

/*
 * Split @text at @dash into two addresses. The second may be + and a length, or missing:
 * then the end is the start. Return false if either cannot be resolved; print nothing.
 */
static bool parts_at(const struct source *source, const char *text, const char *dash,
		     struct place_arg *place)
{
	char left[PATH_MAX], why[512];
	const char *right = dash + 1;
	bool length = *right == '+';

	snprintf(left, sizeof(left), "%.*s", (int)(dash - text), text);
	if (address_find(source, left, &place->start, why, sizeof(why)))
		return false;
	if (!*right) {
		place->end = place->start;
		return true;
	}
	if (length && !is_number(right + 1))
		return false;
	if (address_find(source, right + length, &place->end, why, sizeof(why)))
		return false;
	if (length)
		place->end += place->start;
	return true;
}

static bool numbers_at(const char *text, const char *dash)
{
	char left[PATH_MAX];

	snprintf(left, sizeof(left), "%.*s", (int)(dash - text), text);
	return is_number(left) && is_number(dash + 1 + (dash[1] == '+'));
}

static int check_range(const char *given, const struct place_arg *place)
{
	if (place->end > place->start)
		return STATUS_DONE;
	warnx("%s: the range ends at %#llx, before its start %#llx", given,
	      (unsigned long long)place->end, (unsigned long long)place->start);
	return STATUS_USAGE;
}

int place_arg_find(struct source *source, const char *text, struct place_arg *place)
{
	char given[512], why[1024];
	const char *dash;
	int status;

	escape_text(given, sizeof(given), text, true);
	/* If @text is too long for an address, leave the error to address_find(). */
	for (dash = text; strlen(text) < PATH_MAX && (dash = strchr(dash, '-')); dash++)
		if (numbers_at(text, dash) && parts_at(source, text, dash, place))
			return check_range(given, place);
	status = address_find(source, text, &place->start, why, sizeof(why));
	place->end = place->start;
	if (!status)
		return STATUS_DONE;
	for (dash = text; strlen(text) < PATH_MAX && (dash = strchr(dash, '-')); dash++) {
		if (!parts_at(source, text, dash, place))
			continue;
		return dash[1] ? check_range(given, place) : find_end(source, given, place);
	}
	warnx("%s", why);
	return status;
}
