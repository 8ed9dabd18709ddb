// SPDX-License-Identifier: GPL-2.0
/*
 * vmwalk: what the kernel has at an address of a live process.
 */
#include <err.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "symbols.h"
#include "view_table.h"

#ifndef VMWALK_VERSION
#define VMWALK_VERSION	"0.1"
#endif

/* The first row is the form without a name. */
static const struct command commands[] = {
	{ NULL, "PID ADDR...", "what the kernel has at an address, one screen each",
	  OPTION_JSON | OPTION_QUIET | OPTION_TABLE | OPTION_EXPECT | OPTION_STYLE |
	  OPTION_ALWAYS, cmd_walk },
	{ "caps", "", "what this kernel and this caller can have",
	  OPTION_JSON | OPTION_QUIET | OPTION_STYLE | OPTION_ALWAYS, cmd_caps },
};

#define NR_COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static int print_usage(FILE *out)
{
	const struct command *command;
	char left[64];

	fputs("Usage:\n", out);
	for (command = commands; command < commands + NR_COMMANDS; command++) {
		snprintf(left, sizeof(left), "%s%s%s", command->name ? command->name : "",
			 command->name ? " " : "", command->synopsis);
		fprintf(out, "  vmwalk %-16s %s\n", left, command->summary);
	}
	fputs("\nPID is a process or a thread, or self. ADDR is hex, 0d and decimal, a symbol\n"
	      "(main, libc.so.6:malloc), a region ([heap], [stack], a mapped file), each with\n"
	      "+offset if you like, or - to read a list from the standard input.\n\nOptions:\n",
	      out);
	options_print(out);
	fputs("\nColumns of the table:\n", out);
	view_table_help(out);
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

	for (i = 1; i < NR_COMMANDS; i++)
		if (!strcmp(commands[i].name, word))
			return &commands[i];
	return &commands[0];
}

/* A file that is opened later must not become somebody's standard output. */
static void open_standard(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* What was not written was not said. */
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
	setlocale(LC_CTYPE, "");
	first = options_parse(&options, &given, argc, argv);
	if (first < 0)
		return STATUS_USAGE;
	if (options.help)
		return finish(print_usage(stdout));
	if (options.version)
		return finish(version());
	if (first == argc)
		return print_usage(stderr);
	command = find_command(argv[first]);
	if (given & ~command->options)
		errx(STATUS_USAGE, "%s does not take all of these options; see vmwalk --help",
		     command->name);
	if (command->name)
		first++;
	return finish(command->run(&options, argc - first, argv + first));
}
