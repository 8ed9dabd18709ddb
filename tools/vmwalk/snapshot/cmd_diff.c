// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <string.h>

#include "command.h"
#include "output/escape.h"
#include "view_diff.h"

static bool is_pid(const char *word)
{
	return !strcmp(word, "self") || (*word && !word[strspn(word, "0123456789")]);
}

static int open_side(struct source *source, const char *word)
{
	int status = is_pid(word) ? source_process(source, word) : source_snapshot(source, word);

	return status ? status : source_gather(source, 0, ~0ULL, VMWALK_IMAGE_VMAS |
					       VMWALK_IMAGE_RUNS | VMWALK_IMAGE_EACH);
}

/* Require the same architecture and page size; the number of levels may differ. */
static int check_pair(const struct pair *pair)
{
	const struct vmwalk_caps *before = &pair->before->caps, *after = &pair->after->caps;
	char name[512], other[512];

	if (before->arch == after->arch && before->page_size == after->page_size)
		return STATUS_DONE;
	warnx("%s and %s are of different machines: %s with pages of %u bytes, %s with %u",
	      escape_text(name, sizeof(name), pair->names[0], true),
	      escape_text(other, sizeof(other), pair->names[1], true),
	      vmwalk_arch_find(before->arch)->name, before->page_size,
	      vmwalk_arch_find(after->arch)->name, after->page_size);
	return STATUS_USAGE;
}

static int show(const struct pair *pair, const struct options *options)
{
	int status = check_pair(pair);
	long nr;

	if (status)
		return status;
	if (options->json)
		nr = view_diff_json(stdout, pair, options);
	else if (options->quiet)
		nr = view_diff_quiet(stdout, pair, options);
	else
		nr = view_diff(stdout, pair, options);
	if (nr < 0)
		return error_memory();
	return nr ? STATUS_NO : STATUS_DONE;
}

int cmd_diff(const struct options *options, int argc, char **argv)
{
	struct source before = { 0 }, after = { 0 };
	struct pair pair = { &before.image, &after.image, { argv[0], argv[1] } };
	int status;

	if (argc != 2 || (is_pid(argv[0]) && is_pid(argv[1]))) {
		warnx("diff takes two snapshots, or a snapshot and a PID");
		warnx("a file whose name is a number is ./NUMBER");
		return STATUS_USAGE;
	}
	if (error_output(options, &difference_columns))
		return STATUS_USAGE;
	status = open_side(&before, argv[0]);
	if (!status)
		status = open_side(&after, argv[1]);
	if (!status)
		status = show(&pair, options);
	source_close(&after);
	source_close(&before);
	return status;
}
