// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "address/view_explain.h"
#include "address/view.h"
#include "check/view_check.h"
#include "command.h"
#include "output/escape.h"
#include "phys/view_find.h"
#include "snapshot/view_diff.h"
#include "space/view_map.h"
#include "space/view_mm.h"
#include "space/view_range.h"
#include "space/view_roots.h"
#include "space/view_tree.h"
#include "target/symbols.h"
#include "watch/view_event.h"
#include "watch/view_fault_stats.h"

#ifndef VMWALK_VERSION
#define VMWALK_VERSION	"0.1"
#endif

#define OPTION_VIEW	(OPTION_JSON | OPTION_QUIET | OPTION_TABLE | OPTION_STYLE | OPTION_ALWAYS)

/*
 * The first three rows, without a name, are the forms that begin with a PID. cmd_walk(),
 * in the first row, handles all three.
 */
static const struct command commands[] = {
	{ NULL, "PID ADDR...", "what the kernel has at an address, one screen each",
	  OPTION_VIEW | OPTION_EXPECT | OPTION_FROM,
	  { &level_columns, &run_columns, &map_columns }, cmd_walk },
	{ NULL, "PID START-END", "a range, as runs of like entries", 0, { NULL }, NULL },
	{ NULL, "PID", "the address space: each VMA, and what is behind it", 0, { NULL }, NULL },
	{ "tree", "PID [ADDR|RANGE]", "memory used by page tables; the tables of a range",
	  OPTION_VIEW | OPTION_FROM | OPTION_KERNEL,
	  { &cost_columns, &table_columns, &root_columns }, cmd_tree },
	{ "tree", "--kernel PID PID2", "do two processes share the kernel half?", 0, { NULL },
	  NULL },
	{ "mm", "PID", "segments, limits, resident memory, faults, tunables",
	  OPTION_VIEW | OPTION_FROM | OPTION_REPEAT | OPTION_COUNT,
	  { &mm_columns, &thread_columns }, cmd_mm },
	{ "record", "PID FILE", "keep a snapshot, for --from and diff",
	  OPTION_QUIET | OPTION_ALWAYS, { NULL }, cmd_record },
	{ "diff", "A B", "what changed between two snapshots, or a snapshot and a PID",
	  OPTION_VIEW, { &difference_columns }, cmd_diff },
	{ "check", "PID", "compare everything with /proc; exit 1 on a mismatch",
	  OPTION_VIEW, { &check_columns }, cmd_check },
	{ "explain", "PID ADDR...", "what a read, a write and an execution would do now, and why",
	  OPTION_VIEW | OPTION_FROM, { &step_columns }, cmd_explain },
	{ "watch", "PID | -- CMD...", "page faults as they happen, each with its cause",
	  OPTION_VIEW | OPTION_COUNT | OPTION_WATCH, { &event_columns, &fault_stat_columns },
	  cmd_watch },
	{ "find", "PA|pfn:PFN", "every process and address that maps a page frame",
	  OPTION_VIEW, { &mapping_columns }, cmd_find },
	{ "lesson", "[NAME]", "the classroom demonstrations: list them, or give one",
	  OPTION_QUIET | OPTION_STYLE | OPTION_LESSON | OPTION_ALWAYS, { NULL }, cmd_lesson },
	{ "caps", "", "what this kernel and this caller can have",
	  OPTION_JSON | OPTION_QUIET | OPTION_STYLE | OPTION_ALWAYS, { NULL }, cmd_caps },
};

#define WORD_MAX	16	/* letters of a command, and of what may be a typing error in one */
#define NR_COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static void print_columns(FILE *out, const struct command *command)
{
	const struct columns *const *columns;

	for (columns = command->columns; *columns; columns++) {
		fprintf(out, "\nColumns of %s:\n", (*columns)->rows);
		columns_help(*columns, out);
	}
}

static void print_form(FILE *out, const struct command *command)
{
	char left[64];

	snprintf(left, sizeof(left), "%s%s%s", command->name ? command->name : "",
		 command->name ? " " : "", command->synopsis);
	fprintf(out, "  vmwalk %-22s %s\n", left, command->summary);
}

static bool has_name(const struct command *command, const char *name)
{
	return command->name && name ? !strcmp(command->name, name) : command->name == name;
}

/* After an error: only the forms that may have been meant. */
static int print_forms(const struct command *of)
{
	const struct command *command;

	fputs("Usage:\n", stderr);
	for (command = commands; command < commands + NR_COMMANDS; command++)
		if (has_name(command, of->name))
			print_form(stderr, command);
	fprintf(stderr, "vmwalk %s%s--help says more\n", of->name ?: "", of->name ? " " : "");
	return STATUS_USAGE;
}

static int print_all_forms(void)
{
	const struct command *command;

	fputs("Usage:\n", stderr);
	for (command = commands; command < commands + NR_COMMANDS; command++)
		print_form(stderr, command);
	fputs("vmwalk --help says more, and vmwalk COMMAND --help\n", stderr);
	return STATUS_USAGE;
}

static void print_help(const struct command *of)
{
	const struct command *command;
	unsigned int options = 0;
	FILE *out = stdout;

	fputs("Usage:\n", out);
	for (command = commands; command < commands + NR_COMMANDS; command++) {
		if (of->name && !has_name(command, of->name))
			continue;
		options |= command->options;
		print_form(out, command);
	}
	fputs("\nPID is a process or a thread, or self; --from FILE stands for it. ADDR is hex,\n"
	      "0d and decimal, a symbol (main, libc.so.6:malloc), a region ([heap], [stack], a\n"
	      "mapped file), each with an optional +offset, or -0xoffset after a name; - reads a list from\n"
	      "standard input.\n"
	      "START-END are two of them; START-+LENGTH, ADDR- to the end of the mapping.\n"
	      "\nOptions:\n", out);
	options_print(out, options);
	print_columns(out, of);
	if (!of->name)
		fputs("\nvmwalk COMMAND --help lists the options and columns of a command.\n", out);
	fputs("\nExit status: 0 done, 1 the answer is no, 2 usage, 3 no such process or address,\n"
	      "4 not permitted, 5 the module is not there or does not match.\n"
	      "vmwalk(1) explains every line of the screen.\n", out);
}

static int version(void)
{
	printf("vmwalk %s, ABI %d, symbols: %s\n", VMWALK_VERSION, VMWALK_ABI_VERSION,
	       symbols_built_in() ? "libdw" : "not built in");
	return STATUS_DONE;
}

static bool is_pid(const char *word)
{
	return !strcmp(word, "self") || (*word && !word[strspn(word, "0123456789")]);
}

static const struct command *find_command(const char *word)
{
	size_t i;

	for (i = 0; word && i < NR_COMMANDS; i++)
		if (commands[i].name && !strcmp(commands[i].name, word))
			return &commands[i];
	return &commands[0];
}

/* Letters to insert, delete or replace, or neighbours to swap, to make @b of @a */
static size_t distance(const char *a, const char *b)
{
	const size_t nr_a = strlen(a), nr_b = strlen(b);
	size_t at[WORD_MAX][WORD_MAX], i, j, best;

	if (nr_a >= WORD_MAX || nr_b >= WORD_MAX)
		return WORD_MAX;
	for (i = 0; i <= nr_a; i++)
		for (j = 0; j <= nr_b; j++) {
			best = i && j ? at[i - 1][j - 1] + (a[i - 1] != b[j - 1]) : i + j;
			if (i && at[i - 1][j] + 1 < best)
				best = at[i - 1][j] + 1;
			if (j && at[i][j - 1] + 1 < best)
				best = at[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    at[i - 2][j - 2] + 1 < best)
				best = at[i - 2][j - 2] + 1;
			at[i][j] = best;
		}
	return at[nr_a][nr_b];
}

/* The first word is no command, and PIDs have no letters. */
static int unknown_word(const char *word)
{
	const char *meant = NULL;
	size_t best = strlen(word) > 4 ? 3 : 2, far, i;
	char given[512];

	escape_text(given, sizeof(given), word, true);
	for (i = 0; i < NR_COMMANDS; i++) {
		far = commands[i].name ? distance(word, commands[i].name) : WORD_MAX;
		if (far >= best)
			continue;
		best = far;
		meant = commands[i].name;
	}
	if (meant) {
		warnx("\"%s\" is neither a command nor a PID: did you mean %s?", given, meant);
		return STATUS_USAGE;
	}
	warnx("\"%s\" is neither a command nor a PID, which is a decimal number or self",
	      given);
	return print_all_forms();
}

static bool any_has(const struct command *command, const char *word)
{
	const struct columns *const *columns;
	bool has = false;
	char *wrong;

	for (columns = command->columns; *columns && !has; columns++) {
		wrong = columns_check(*columns, word);
		has = !wrong;
		free(wrong);
	}
	return has;
}

/*
 * A column that no table of the command has is a typing error whatever is asked about. Which
 * table it is may be known only later.
 */
static int check_output(const struct options *options, const struct command *command)
{
	char *words = strdup(options->output ?: ""), *rest = words, *word;
	int status = STATUS_DONE;

	while (command->columns[0] && options->output && !status && (word = strsep(&rest, ","))) {
		if (any_has(command, word))
			continue;
		warnx("--output: \"%s\" is not a column of this command", word);
		status = STATUS_USAGE;
	}
	free(words);
	return status;
}

/*
 * Open the standard descriptors that are closed. Otherwise a later open(2) would return
 * such a number, and output would go to that file. Nothing can be written to what takes the
 * place of standard output, so that output is not lost silently.
 */
static void open_standard(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd == STDOUT_FILENO ? O_RDONLY : O_RDWR) != fd)
			break;
}

/* stdio reports a full disk or a closed pipe only when it writes its buffer. */
static int finish(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	if (errno == EBADF)
		errx(STATUS_NO, "standard output is closed");
	err(STATUS_NO, "standard output");
}

static int run(const struct command *command, const struct options *options, int argc, char **argv)
{
	char refused[256];
	int status;

	if (options_refused(options, command->options, refused, sizeof(refused))) {
		warnx("%s does not take %s", command->name ? command->name : "this form", refused);
		return print_forms(command);
	}
	status = check_output(options, command);
	if (!status)
		status = command->run(options, argc, argv);
	return status == STATUS_USAGE ? print_forms(command) : status;
}

int main(int argc, char **argv)
{
	const struct command *command;
	struct options options;
	int first;

	open_standard();
	first = options_parse(&options, argc, argv);
	if (first < 0)
		return STATUS_USAGE;
	command = find_command(argv[first]);
	if (options.help) {
		print_help(command);
		return finish(STATUS_DONE);
	}
	if (options.version)
		return finish(version());
	if (first == argc && !options.from)
		return print_all_forms();
	if (command->name)
		first++;
	else if (!options.from && !is_pid(argv[first]))
		return unknown_word(argv[first]);
	return finish(run(command, &options, argc - first, argv + first));
}
