// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <limits.h>
#include <string.h>

#include "address.h"
#include "command.h"
#include "output/escape.h"
#include "place_arg.h"

/* Return false if @text is no number, or with its offset does not fit in 64 bits. */
static bool get_number(const char *text, __u64 *number)
{
	static struct address address;

	if (address_parse(&address, text) || address.form != ADDRESS_NUMBER)
		return false;
	*number = address.number + address.offset;
	return *number >= address.offset;
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
	__u64 bytes;

	snprintf(left, sizeof(left), "%.*s", (int)(dash - text), text);
	if (address_find(source, left, &place->start, why, sizeof(why)))
		return false;
	if (!*right) {
		place->end = place->start;
		return true;
	}
	if (length) {
		if (!get_number(right + 1, &bytes))
			return false;
		place->end = place->start + bytes;
		return true;
	}
	return !address_find(source, right, &place->end, why, sizeof(why));
}

static bool numbers_at(const char *text, const char *dash, struct place_arg *place)
{
	bool length = dash[1] == '+';
	char left[PATH_MAX];

	snprintf(left, sizeof(left), "%.*s", (int)(dash - text), text);
	if (!get_number(left, &place->start) || !get_number(dash + 1 + length, &place->end))
		return false;
	if (length)
		place->end += place->start;
	return true;
}

/* @dash: the one that separates the two parts of @text */
static int check_range(const char *text, const char *dash, const struct place_arg *place)
{
	char given[512];

	if (place->end > place->start)
		return STATUS_DONE;
	escape_text(given, sizeof(given), text, true);
	if (place->end == place->start)
		warnx("%s: the range is empty", given);
	else if (dash[1] == '+')
		warnx("%s: with its length the range does not fit in 64 bits", given);
	else
		warnx("%s: the range ends at %#llx, before its start %#llx", given,
		      (unsigned long long)place->end, (unsigned long long)place->start);
	return STATUS_USAGE;
}

static bool may_be_parts(const char *text, const char *dash)
{
	static struct address address;
	char left[PATH_MAX];
	__u64 bytes;

	snprintf(left, sizeof(left), "%.*s", (int)(dash - text), text);
	if (address_parse(&address, left))
		return false;
	if (dash[1] == '+')
		return get_number(dash + 2, &bytes);
	return !dash[1] || !address_parse(&address, dash + 1);
}

bool place_arg_is_range(const char *text)
{
	struct place_arg place;
	const char *dash;

	for (dash = text; strlen(text) < PATH_MAX && (dash = strchr(dash, '-')); dash++)
		if (numbers_at(text, dash, &place))
			return true;
	return false;
}

int place_arg_check(const char *text)
{
	static struct address address;
	struct place_arg place;
	const char *dash, *wrong;
	char given[512];

	/* If @text is too long for an address, address_parse() says so. */
	for (dash = text; strlen(text) < PATH_MAX && (dash = strchr(dash, '-')); dash++)
		if (numbers_at(text, dash, &place))
			return check_range(text, dash, &place);
	wrong = address_parse(&address, text);
	if (!wrong && address.form == ADDRESS_NUMBER &&
	    address.number + address.offset < address.offset)
		wrong = "with its offset it does not fit in 64 bits";
	if (!wrong)
		return STATUS_DONE;
	for (dash = text; strlen(text) < PATH_MAX && (dash = strchr(dash, '-')); dash++)
		if (may_be_parts(text, dash))
			return STATUS_DONE;
	warnx("\"%s\" is not an address: %s", escape_text(given, sizeof(given), text, true), wrong);
	return STATUS_USAGE;
}

/* [stack]-0x2000 is an address: as a range it would end before it begins. */
static bool is_below(const char *text, const char *dash, struct place_arg *place)
{
	char left[PATH_MAX];
	__u64 number;

	/* A prefix tells a number from a symbol such as add. */
	if (strncmp(dash + 1, "0x", 2) && strncmp(dash + 1, "0d", 2))
		return false;
	snprintf(left, sizeof(left), "%.*s", (int)(dash - text), text);
	if (strchr(dash, '+') || get_number(left, &number) || !get_number(dash + 1, &number) ||
	    number >= place->start)
		return false;
	place->start -= number;
	place->end = place->start;
	return true;
}

int place_arg_find(struct source *source, const char *text, struct place_arg *place)
{
	char given[512], why[1024];
	const char *dash;
	int status;

	escape_text(given, sizeof(given), text, true);
	status = place_arg_check(text);
	if (status)
		return status;
	for (dash = text; (dash = strchr(dash, '-')); dash++)
		if (numbers_at(text, dash, place))
			return STATUS_DONE;
	status = address_find(source, text, &place->start, why, sizeof(why));
	place->end = place->start;
	if (!status)
		return STATUS_DONE;
	for (dash = text; (dash = strchr(dash, '-')); dash++) {
		if (!parts_at(source, text, dash, place))
			continue;
		if (!dash[1])
			return find_end(source, given, place);
		return is_below(text, dash, place) ? STATUS_DONE : check_range(text, dash, place);
	}
	warnx("%s", why);
	return status;
}
