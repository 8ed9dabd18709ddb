// SPDX-License-Identifier: GPL-2.0
/*
 * Options: one table gives getopt_long(3) its arrays and the usage its lines.
 */
#include <err.h>
#include <getopt.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "options.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Codes of options without a letter. */
enum {
	CODE_ACCESS = 256, CODE_ASCII, CODE_CLASS, CODE_COLOR, CODE_COUNT, CODE_EVENT, CODE_EXPECT,
	CODE_FOLLOW, CODE_FOR, CODE_FROM, CODE_INTERVAL, CODE_KERNEL, CODE_MARKDOWN,
	CODE_NO_PAUSE, CODE_OUTCOME, CODE_RANGE, CODE_SUMMARY, CODE_THREAD, CODE_TO, CODE_WIDTH,
};

static const struct row {
	int code;
	const char *name;
	int has_arg;
	const char *argument;
	unsigned int mask;
	const char *help;
} rows[] = {
	{ 'J', "json", no_argument, "", OPTION_JSON, "print JSON" },
	{ 'q', "quiet", no_argument, "", OPTION_QUIET, "print lines of name=value" },
	{ 'n', "noheadings", no_argument, "", OPTION_TABLE, "print tables without headings" },
	{ 'o', "output", required_argument, " COLS", OPTION_TABLE,
	  "columns, separated by commas" },
	{ CODE_FROM, "from", required_argument, " FILE", OPTION_FROM,
	  "look at a snapshot instead of a PID" },
	{ CODE_EXPECT, "expect", required_argument, " EXPR", OPTION_EXPECT,
	  "print nothing; exit 0 if all terms hold, else 1" },
	{ CODE_INTERVAL, "interval", required_argument, " S", OPTION_REPEAT,
	  "again every S seconds, with what changed" },
	{ CODE_SUMMARY, "summary", no_argument, "", OPTION_WATCH,
	  "sums by class, region and symbol, at the end" },
	{ CODE_FOR, "for", required_argument, " S", OPTION_WATCH, "end after S seconds" },
	{ CODE_COUNT, "count", required_argument, " N", OPTION_COUNT,
	  "end after N events; with --interval, N times" },
	{ CODE_TO, "to", required_argument, " FILE", OPTION_WATCH, "write to FILE" },
	{ CODE_FOLLOW, "follow", no_argument, "", OPTION_WATCH, "children as well" },
	{ CODE_THREAD, "thread", no_argument, "", OPTION_WATCH,
	  "the thread PID alone, not its process" },
	{ CODE_EVENT, "event", required_argument, " LIST", OPTION_WATCH,
	  "only these events: fault,signal,mmap,..." },
	{ CODE_RANGE, "range", required_argument, " RANGE", OPTION_WATCH,
	  "of faults, only those at these addresses" },
	{ CODE_ACCESS, "access", required_argument, " LIST", OPTION_WATCH,
	  "of faults, only these: read,write,exec" },
	{ CODE_OUTCOME, "outcome", required_argument, " LIST", OPTION_WATCH,
	  "of faults, only these: minor,major,SIGSEGV,..." },
	{ CODE_CLASS, "class", required_argument, " LIST", OPTION_WATCH,
	  "of faults, only these: anon-new,cow,..." },
	{ CODE_KERNEL, "kernel", no_argument, "", OPTION_KERNEL, "the kernel's half" },
	{ CODE_NO_PAUSE, "no-pause", no_argument, "", OPTION_LESSON,
	  "do not wait for the Enter key" },
	{ CODE_MARKDOWN, "markdown", no_argument, "", OPTION_LESSON,
	  "a transcript in Markdown, for handouts" },
	{ CODE_ASCII, "ascii", no_argument, "", OPTION_STYLE, "print nothing but ASCII" },
	{ CODE_COLOR, "color", optional_argument, "[=WHEN]", OPTION_STYLE,
	  "colour: always, never or auto" },
	{ CODE_WIDTH, "width", required_argument, " N", OPTION_STYLE,
	  "fit in N columns (default: the terminal)" },
	{ 'h', "help", no_argument, "", OPTION_ALWAYS, "print this" },
	{ 'V', "version", no_argument, "", OPTION_ALWAYS,
	  "print the version and what is built in" },
};

static void describe(struct option *longs, char *shorts)
{
	const struct row *row;

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		*longs++ = (struct option) { row->name, row->has_arg, NULL, row->code };
		if (row->code >= 256)
			continue;
		*shorts++ = row->code;
		if (row->has_arg == required_argument)
			*shorts++ = ':';
	}
	*longs = (struct option) { 0 };
	*shorts = '\0';
}

static int parse_color(const char *when, struct options *options)
{
	const char *no_color = getenv("NO_COLOR");

	if (!when || !strcmp(when, "always"))
		options->color = true;
	else if (!strcmp(when, "never"))
		options->color = false;
	else if (!strcmp(when, "auto"))
		options->color = isatty(STDOUT_FILENO) && !(no_color && *no_color);
	else
		return -1;
	return 0;
}

static int parse_width(const char *text, struct options *options)
{
	char *end;
	long width = strtol(text, &end, 10);

	if (*end || end == text || width < 60 || width > 1000)
		return -1;
	options->width = width;
	return 0;
}

static int parse_interval(const char *text, struct options *options)
{
	char *end;

	options->interval = strtod(text, &end);
	/* A number that is none is not above the least either. */
	if (*end || end == text || !(options->interval >= 0.01 && options->interval <= 1e6))
		return -1;
	return 0;
}

static int parse_seconds(const char *text, struct options *options)
{
	char *end;

	options->seconds = strtod(text, &end);
	if (*end || end == text || !(options->seconds >= 0.001 && options->seconds <= 1e9))
		return -1;
	return 0;
}

static int parse_count(const char *text, struct options *options)
{
	char *end;
	long count = strtol(text, &end, 10);

	if (*end || end == text || count < 1 || count > INT_MAX)
		return -1;
	options->count = count;
	return 0;
}

/* Options whose argument can be wrong. */
static int take_checked(struct options *options, int code)
{
	switch (code) {
	case CODE_COLOR:
		if (!parse_color(optarg, options))
			return 0;
		warnx("--color=%s: WHEN is always, never or auto", optarg);
		return -1;
	case CODE_WIDTH:
		if (!parse_width(optarg, options))
			return 0;
		warnx("--width %s: N is a number of columns from 60 to 1000", optarg);
		return -1;
	case CODE_INTERVAL:
		if (!parse_interval(optarg, options))
			return 0;
		warnx("--interval %s: S is a number of seconds, 0.01 or more", optarg);
		return -1;
	case CODE_FOR:
		if (!parse_seconds(optarg, options))
			return 0;
		warnx("--for %s: S is a number of seconds, 0.001 or more", optarg);
		return -1;
	case CODE_COUNT:
		if (!parse_count(optarg, options))
			return 0;
		warnx("--count %s: N is a number, 1 or more", optarg);
		return -1;
	default:
		return -1;
	}
}

/* Options of watch, whose lists are looked at by the command. */
static bool take_watch(struct options *options, int code)
{
	switch (code) {
	case CODE_SUMMARY:
		options->summary = true;
		break;
	case CODE_FOLLOW:
		options->follow = true;
		break;
	case CODE_THREAD:
		options->thread = true;
		break;
	case CODE_TO:
		options->to = optarg;
		break;
	case CODE_RANGE:
		options->range = optarg;
		break;
	case CODE_EVENT:
		options->events = optarg;
		break;
	case CODE_ACCESS:
		options->access = optarg;
		break;
	case CODE_OUTCOME:
		options->outcomes = optarg;
		break;
	case CODE_CLASS:
		options->classes = optarg;
		break;
	default:
		return false;
	}
	return true;
}

static int take(struct options *options, int code)
{
	if (take_watch(options, code))
		return 0;
	switch (code) {
	case 'J':
		options->json = true;
		return 0;
	case 'q':
		options->quiet = true;
		return 0;
	case 'n':
		options->noheadings = true;
		return 0;
	case 'o':
		options->output = optarg;
		return 0;
	case 'h':
		options->help = true;
		return 0;
	case 'V':
		options->version = true;
		return 0;
	case CODE_ASCII:
		options->ascii = true;
		return 0;
	case CODE_EXPECT:
		options->expect = optarg;
		return 0;
	case CODE_FROM:
		options->from = optarg;
		return 0;
	case CODE_KERNEL:
		options->kernel = true;
		return 0;
	case CODE_NO_PAUSE:
		options->no_pause = true;
		return 0;
	case CODE_MARKDOWN:
		options->markdown = true;
		return 0;
	default:
		return take_checked(options, code);
	}
}

/*
 * What the user asked for counts, also where the locale itself is not installed:
 * our own words are UTF-8 in any case.
 */
static bool wants_utf8(void)
{
	static const char * const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *value;
	size_t i;

	if (!strcmp(nl_langinfo(CODESET), "UTF-8"))
		return true;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		value = getenv(names[i]);
		if (value && *value)
			return strcasestr(value, "UTF-8") || strcasestr(value, "utf8");
	}
	return false;
}

static int terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;

	if (columns && atoi(columns) >= 60)
		return atoi(columns);
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col < 60 ? 60 : size.ws_col;
	return 100;
}

/*
 * How many words follow the -- that ended the options. getopt_long(3) has moved it before
 * the first word, together with those words that it comes after.
 */
static int words_behind(char **before, int argc, char **argv, const char *last)
{
	int i;

	if (optind < 2 || strcmp(argv[optind - 1], "--") || argv[optind - 1] == last)
		return -1;
	for (i = 1; i < argc; i++)
		if (before[i] == argv[optind - 1])
			break;
	return argc - i - 1;
}

int options_parse(struct options *options, unsigned int *given, int argc, char **argv)
{
	struct option longs[ARRAY_SIZE(rows) + 1];
	char shorts[2 * ARRAY_SIZE(rows) + 1];
	const char *last = NULL;
	char *before[argc + 1];
	size_t i;
	int code;

	memset(options, 0, sizeof(*options));
	options->ascii = !wants_utf8();
	/* libsmartcols asks the locale what can be printed. */
	if (!options->ascii && strcmp(nl_langinfo(CODESET), "UTF-8"))
		setlocale(LC_CTYPE, "C.UTF-8");
	options->width = terminal_width();
	parse_color("auto", options);
	*given = 0;
	describe(longs, shorts);
	memcpy(before, argv, (argc + 1) * sizeof(*argv));
	while ((code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (take(options, code))
			return -1;
		last = optarg;
		for (i = 0; i < ARRAY_SIZE(rows); i++)
			if (rows[i].code == code)
				*given |= rows[i].mask;
	}
	options->command = words_behind(before, argc, argv, last);
	return optind;
}

void options_print(FILE *out, unsigned int mask)
{
	const struct row *row;
	char left[64];

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		if (!(row->mask & mask))
			continue;
		snprintf(left, sizeof(left), "--%s%s", row->name, row->argument);
		if (row->code < 256)
			fprintf(out, "  -%c, %-18s %s\n", row->code, left, row->help);
		else
			fprintf(out, "      %-18s %s\n", left, row->help);
	}
}
