// SPDX-License-Identifier: GPL-2.0
/* To add an option, add a row to rows[]: getopt_long(3), the parser and --help use it. */
#include <err.h>
#include <getopt.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "options.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static bool wants_color(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color) &&
	       term && *term && strcmp(term, "dumb");
}

static int parse_color(const char *when, struct options *options)
{
	if (!when || !strcmp(when, "always"))
		options->color = true;
	else if (!strcmp(when, "never"))
		options->color = false;
	else if (!strcmp(when, "auto"))
		options->color = wants_color();
	else
		return -1;
	return 0;
}

static int parse_integer(const char *text, long least, long most, long *value)
{
	char *end;

	*value = strtol(text, &end, 10);
	return *end || end == text || *value < least || *value > most ? -1 : 0;
}

static int parse_real(const char *text, double least, double most, double *value)
{
	char *end;

	*value = strtod(text, &end);
	/* NaN fails every comparison, so test for inside the range, not for outside. */
	return *end || end == text || !(*value >= least && *value <= most) ? -1 : 0;
}

static int parse_width(const char *text, struct options *options)
{
	long width;

	if (parse_integer(text, 60, 1000, &width))
		return -1;
	options->width = width;
	return 0;
}

static int parse_count(const char *text, struct options *options)
{
	long count;

	if (parse_integer(text, 1, INT_MAX, &count))
		return -1;
	options->count = count;
	return 0;
}

static int parse_follow(const char *text, struct options *options)
{
	options->follow = true;
	options->trace = text;
	return text && strcmp(text, "ptrace") ? -1 : 0;
}

static int parse_interval(const char *text, struct options *options)
{
	return parse_real(text, 0.01, 1e6, &options->interval);
}

static int parse_seconds(const char *text, struct options *options)
{
	return parse_real(text, 0.001, 1e9, &options->seconds);
}

/*
 * getopt_long(3) returns LONG_ONLY, which no letter reaches, plus the index of the row if
 * an option has no letter.
 */
#define LONG_ONLY	256

#define FIELD(name)	.field = offsetof(struct options, name)

/*
 * A row per option. It sets a bool of struct options, stores its argument in a string
 * there, or calls @parse, which returns 0 or -1; @wanted then says what the argument must
 * be.
 */
static const struct row {
	char letter;
	const char *name;
	const char *argument;
	unsigned int mask;
	const char *help;
	size_t field;
	int (*parse)(const char *text, struct options *options);
	const char *wanted;
} rows[] = {
	{ 'J', "json", "", OPTION_JSON, "print JSON", FIELD(json) },
	{ 'q', "quiet", "", OPTION_QUIET, "print lines of name=value", FIELD(quiet) },
	{ 'n', "noheadings", "", OPTION_TABLE, "print tables without headings", FIELD(noheadings) },
	{ 'o', "output", " COLS", OPTION_TABLE, "columns, separated by commas", FIELD(output) },
	{ 0, "from", " FILE", OPTION_FROM, "look at a snapshot instead of a PID", FIELD(from) },
	{ 0, "expect", " EXPR", OPTION_EXPECT, "print nothing; exit 0 if all terms hold, else 1",
	  FIELD(expect) },
	{ 0, "interval", " S", OPTION_REPEAT, "again every S seconds, with what changed",
	  .parse = parse_interval, .wanted = "S is a number of seconds, 0.01 or more" },
	{ 0, "summary", "", OPTION_WATCH, "sums by class, region and symbol, at the end",
	  FIELD(summary) },
	{ 0, "for", " S", OPTION_WATCH, "end after S seconds", .parse = parse_seconds,
	  .wanted = "S is a number of seconds, 0.001 or more" },
	{ 0, "count", " N", OPTION_COUNT, "end after N events; with --interval, N times",
	  .parse = parse_count, .wanted = "N is a number, 1 or more" },
	{ 0, "to", " FILE", OPTION_WATCH, "write to FILE", FIELD(to) },
	{ 0, "follow", "[=ptrace]", OPTION_WATCH,
	  "children too; ptrace: no gap at exec, but no debugger",
	  .parse = parse_follow, .wanted = "it stands alone, or is --follow=ptrace" },
	{ 0, "thread", "", OPTION_WATCH, "the thread PID alone, not its process", FIELD(thread) },
	{ 0, "event", " LIST", OPTION_WATCH, "only these events: fault,signal,mmap,...",
	  FIELD(events) },
	{ 0, "range", " RANGE", OPTION_WATCH, "of faults, only those at these addresses",
	  FIELD(range) },
	{ 0, "access", " LIST", OPTION_WATCH, "of faults, only these: read,write,exec",
	  FIELD(access) },
	{ 0, "outcome", " LIST", OPTION_WATCH, "of faults, only these: minor,major,SIGSEGV,...",
	  FIELD(outcomes) },
	{ 0, "class", " LIST", OPTION_WATCH, "of faults, only these: anon-new,cow,...",
	  FIELD(classes) },
	{ 0, "kernel", "", OPTION_KERNEL, "the kernel's half", FIELD(kernel) },
	{ 0, "no-pause", "", OPTION_LESSON, "do not wait for the Enter key", FIELD(no_pause) },
	{ 0, "markdown", "", OPTION_LESSON, "a transcript in Markdown, for handouts",
	  FIELD(markdown) },
	{ 0, "ascii", "", OPTION_STYLE, "print nothing but ASCII", FIELD(ascii) },
	{ 0, "color", "[=WHEN]", OPTION_STYLE, "colour: always, never or auto",
	  .parse = parse_color, .wanted = "WHEN is always, never or auto" },
	{ 0, "width", " N", OPTION_STYLE, "fit in N columns (default: the terminal)",
	  .parse = parse_width, .wanted = "N is a number of columns from 60 to 1000" },
	{ 'h', "help", "", OPTION_ALWAYS, "print this", FIELD(help) },
	{ 'V', "version", "", OPTION_ALWAYS, "print the version and what is built in",
	  FIELD(version) },
};

static int code_of(const struct row *row)
{
	return row->letter ?: LONG_ONLY + (int)(row - rows);
}

static const struct row *find_row(int code)
{
	const struct row *row;

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++)
		if (code_of(row) == code)
			return row;
	return NULL;
}

static int argument_of(const struct row *row)
{
	if (!*row->argument)
		return no_argument;
	return *row->argument == '[' ? optional_argument : required_argument;
}

static void describe(struct option *longs, char *shorts)
{
	const struct row *row;

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		*longs++ = (struct option) { row->name, argument_of(row), NULL, code_of(row) };
		if (!row->letter)
			continue;
		*shorts++ = row->letter;
		if (argument_of(row) == required_argument)
			*shorts++ = ':';
	}
	*longs = (struct option) { 0 };
	*shorts = '\0';
}

static int take(const struct row *row, struct options *options)
{
	void *field = (char *)options + row->field;

	if (row->parse) {
		if (!row->parse(optarg, options))
			return 0;
		warnx("--%s%c%s: %s", row->name, argument_of(row) == optional_argument ? '=' : ' ',
		      optarg, row->wanted);
		return -1;
	}
	if (argument_of(row) == no_argument)
		*(bool *)field = true;
	else
		*(const char **)field = optarg;
	return 0;
}

/*
 * The variables are read here because setlocale(3) fails if the locale is not installed,
 * and takes a tenth of the time of a whole run. It is asked only about a locale whose
 * name does not tell its character set.
 */
static bool wants_utf8(void)
{
	static const char * const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *value = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names) && !(value && *value); i++)
		value = getenv(names[i]);
	if (!value || !*value || !strcmp(value, "C") || !strcmp(value, "POSIX"))
		return false;
	if (strcasestr(value, "UTF-8") || strcasestr(value, "utf8"))
		return true;
	return setlocale(LC_CTYPE, "") && !strcmp(nl_langinfo(CODESET), "UTF-8");
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
 * Return the number of words after the "--" that ended the options, or -1. getopt_long(3)
 * has moved the "--" before the first word, so find it in @before, the original order.
 * @last is the argument of the last option, which may be "--" as well.
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

int options_parse(struct options *options, int argc, char **argv)
{
	struct option longs[ARRAY_SIZE(rows) + 1];
	char shorts[2 * ARRAY_SIZE(rows) + 1];
	const char *last = NULL;
	char *before[argc + 1];
	const struct row *row;
	int code;

	memset(options, 0, sizeof(*options));
	options->ascii = !wants_utf8();
	options->width = terminal_width();
	parse_color("auto", options);
	describe(longs, shorts);
	memcpy(before, argv, (argc + 1) * sizeof(*argv));
	while ((code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		row = find_row(code);
		if (!row || take(row, options))
			return -1;
		last = optarg;
		options->given |= 1ULL << (row - rows);
	}
	if (options->json && options->quiet) {
		warnx("--json and --quiet are two forms of the same answer: choose one");
		return -1;
	}
	options->command = words_behind(before, argc, argv, last);
	return optind;
}

bool options_refused(const struct options *options, unsigned int taken, char *buf, size_t size)
{
	const struct row *row;
	size_t used = 0;

	_Static_assert(ARRAY_SIZE(rows) <= 64, "the rows have bits in struct options");
	*buf = '\0';
	for (row = rows; row < rows + ARRAY_SIZE(rows); row++)
		if (options->given & 1ULL << (row - rows) && !(row->mask & taken) && used < size)
			used += snprintf(buf + used, size - used, "%s--%s", used ? ", " : "",
					 row->name);
	return used;
}

void options_print(FILE *out, unsigned int mask)
{
	const struct row *row;
	char left[64];

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		if (!(row->mask & mask))
			continue;
		snprintf(left, sizeof(left), "--%s%s", row->name, row->argument);
		if (row->letter)
			fprintf(out, "  -%c, %-18s %s\n", row->letter, left, row->help);
		else
			fprintf(out, "      %-18s %s\n", left, row->help);
	}
}
