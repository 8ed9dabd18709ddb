// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "address/view_explain.h"
#include "address/view.h"
#include "check/view_check.h"
#include "command.h"
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
	  OPTION_VIEW, { &step_columns }, cmd_explain },
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

#define NR_COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static void print_columns(FILE *out, const struct command *command)
{
	const struct columns *const *columns;

	for (columns = command->columns; *columns; columns++) {
		fprintf(out, "\nColumns of %s:\n", (*columns)->rows);
		columns_help(*columns, out);
	}
}

static int print_usage(FILE *out, const struct command *of)
{
	const struct command *command;
	unsigned int options = 0;
	char left[64];

	fputs("Usage:\n", out);
	for (command = commands; command < commands + NR_COMMANDS; command++) {
		if (of->name && (!command->name || strcmp(of->name, command->name)))
			continue;
		options |= command->options;
		snprintf(left, sizeof(left), "%s%s%s", command->name ? command->name : "",
			 command->name ? " " : "", command->synopsis);
		fprintf(out, "  vmwalk %-22s %s\n", left, command->summary);
	}
	fputs("\nPID is a process or a thread, or self; --from FILE stands for it. ADDR is hex,\n"
	      "0d and decimal, a symbol (main, libc.so.6:malloc), a region ([heap], [stack], a\n"
	      "mapped file), each with an optional +offset, or - to read a list from standard input.\n"
	      "START-END are two of them; START-+LENGTH, ADDR- to the end of the mapping.\n"
	      "\nOptions:\n", out);
	options_print(out, options);
	print_columns(out, of);
	if (!of->name)
		fputs("\nvmwalk COMMAND --help lists the options and columns of a command.\n", out);
	fputs("\nExit status: 0 done, 1 the answer is no, 2 usage, 3 no such process or address,\n"
	      "4 not permitted, 5 the module is not there or does not match.\n"
	      "vmwalk(1) explains every line of the screen.\n", out);
	return out == stderr ? STATUS_USAGE : STATUS_DONE;
}

static int version(void)
{
	printf("vmwalk %s, ABI %d, symbols: %s\n", VMWALK_VERSION, VMWALK_ABI_VERSION,
	       symbols_built_in() ? "libdw" : "not built in");
	return STATUS_DONE;
}

static const struct command *find_command(const char *word)
{
	size_t i;

	for (i = 0; word && i < NR_COMMANDS; i++)
		if (commands[i].name && !strcmp(commands[i].name, word))
			return &commands[i];
	return &commands[0];
}

/*
 * Open the standard descriptors that are closed. Otherwise a later open(2) would return
 * such a number, and output would go to that file.
 */
static void open_standard(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			break;
}

/* stdio reports a full disk or a closed pipe only when it writes its buffer. */
static int finish(int status)
{
	if (fflush(stdout) || ferror(stdout))
		err(STATUS_NO, "standard output");
	return status;
}

int main(int argc, char **argv)
{
	const struct command *command;
	struct options options;
	unsigned int given;
	int first;

	open_standard();
	first = options_parse(&options, &given, argc, argv);
	if (first < 0)
		return STATUS_USAGE;
	command = find_command(argv[first]);
	if (options.help)
		return finish(print_usage(stdout, command));
	if (options.version)
		return finish(version());
	if (first == argc && !options.from)
		return print_usage(stderr, command);
	if (given & ~command->options)
		errx(STATUS_USAGE, "%s does not take all of these options; see its --help",
		     command->name ? command->name : "this form");
	if (command->name)
		first++;
	return finish(command->run(&options, argc - first, argv + first));
}
