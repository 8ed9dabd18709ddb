// SPDX-License-Identifier: GPL-2.0
/*
 * vmwalk PID ADDR...: gather a report for each address, and have it drawn.
 */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "address.h"
#include "command.h"
#include "escape.h"
#include "expect.h"
#include "view.h"
#include "view_table.h"

/**
 * struct job - one run of the command
 * @options: of the command line
 * @dev: the device, attached
 * @target: the process
 * @several: more than one address may come
 * @drawn: screens drawn so far
 */
struct job {
	const struct options *options;
	struct vmwalk_device *dev;
	struct vmwalk_target target;
	bool several;
	unsigned int drawn;
};

static int check_usage(const struct options *options, int argc)
{
	char why[256], *word;

	if (argc < 2) {
		warnx("PID and at least one ADDR are needed; see vmwalk --help");
		return STATUS_USAGE;
	}
	if (options->expect && expect_check(options->expect, why, sizeof(why))) {
		warnx("--expect: %s; vmwalk(1) lists the terms", why);
		return STATUS_USAGE;
	}
	word = options->output ? view_table_check(options->output) : NULL;
	if (word) {
		warnx("--output: \"%s\" is no column; vmwalk --help lists them", word);
		free(word);
		return STATUS_USAGE;
	}
	return STATUS_DONE;
}

static int parse_pid(const char *text, pid_t *pid)
{
	char *end;
	long value;

	if (!strcmp(text, "self")) {
		*pid = getpid();
		return STATUS_DONE;
	}
	errno = 0;
	value = strtol(text, &end, 10);
	if (!*text || *end || text[strspn(text, "0123456789")]) {
		warnx("\"%s\" is no PID: it is a decimal number, or self", text);
		return STATUS_USAGE;
	}
	if (errno || value <= 0 || value > INT_MAX) {
		warnx("%s: there is no process or thread with this id", text);
		return STATUS_NOTHING;
	}
	*pid = value;
	return STATUS_DONE;
}

static int attach(struct job *job, const char *given)
{
	enum vmwalk_error error;
	pid_t pid;
	int status;

	status = parse_pid(given, &pid);
	if (status)
		return status;
	error = vmwalk_device_open(&job->dev);
	if (error != VMWALK_OK)
		return failure_device(error, job->dev);
	error = vmwalk_target_read(pid, &job->target);
	if (error == VMWALK_OK)
		error = vmwalk_device_attach(job->dev, pid);
	return error == VMWALK_OK ? STATUS_DONE : failure_target(error, given, &job->target);
}

/* The comm of now: the process may have renamed itself since it was attached. */
static void gather_rest(struct report *report)
{
	const struct vmwalk_walk *walk = &report->seen.walk;

	report->line = vmwalk_maps_at(&report->seen.books.maps, walk->address);
	if (!(walk->got & VMWALK_GOT_SWAP))
		return;
	if (!vmwalk_swaps_read(&report->swaps, report->caps->page_size))
		report->swap_candidates =
			vmwalk_swaps_candidates(&report->swaps, walk->swap_type,
						walk->swap_offset);
}

static int gather(struct job *job, const char *given, __u64 address, struct report *report)
{
	enum vmwalk_error error;

	memset(report, 0, sizeof(*report));
	report->caps = vmwalk_device_caps(job->dev);
	report->attach = vmwalk_device_attached(job->dev);
	report->arch = vmwalk_arch_find(report->caps->arch);
	report->target = &job->target;
	error = vmwalk_observe(job->dev, address, &report->seen);
	if (error == VMWALK_OK || error == VMWALK_ERR_RANGE)
		gather_rest(report);
	if (error == VMWALK_ERR_RANGE) {
		/* Not of the process, but the kernel lists it: [vsyscall]. */
		report->beyond = report->line;
		return report->line ? STATUS_DONE :
				      failure_range(job->dev, &job->target, given, address);
	}
	if (error != VMWALK_OK)
		return failure_target(error, given, &job->target);
	return STATUS_DONE;
}

static void draw(struct job *job, const struct report *report)
{
	if (job->options->json) {
		view_json(stdout, report, job->several);
	} else if (job->options->quiet) {
		view_quiet(stdout, report);
	} else if (!job->options->expect) {
		if (job->drawn++)
			fputc('\n', stdout);
		view_screen(stdout, report, job->options);
	}
	fflush(stdout);
}

static int judge(const struct job *job, const struct report *report, const char *given)
{
	char why[512];
	unsigned int i;

	for (i = 0; i < VMWALK_BOOK_MAX; i++)
		if (report->seen.check[i].result == VMWALK_CHECK_MISMATCH)
			warnx("%s: MISMATCH: %s says otherwise: %s", given, vmwalk_book_name(i),
			      report->seen.check[i].reason);
	if (job->options->expect &&
	    !expect_evaluate(job->options->expect, report, why, sizeof(why))) {
		warnx("%s: %s", given, why);
		return STATUS_NO;
	}
	return report_failed(report) ? STATUS_NO : STATUS_DONE;
}

static int walk_one(struct job *job, const char *text)
{
	static struct report report;
	char given[512];
	__u64 address;
	int status;

	escape_text(given, sizeof(given), text, true);
	status = address_resolve(job->dev, job->target.pid, text, &address);
	if (status)
		return status;
	status = gather(job, given, address, &report);
	if (!status) {
		draw(job, &report);
		status = judge(job, &report, given);
	}
	report_free(&report);
	return status;
}

static int worse(int a, int b)
{
	return a > b ? a : b;
}

static int walk_list(struct job *job, FILE *list)
{
	int status = STATUS_DONE;
	char *line = NULL, *text;
	size_t size = 0, len;

	while (getline(&line, &size, list) > 0) {
		text = line + strspn(line, " \t");
		len = strlen(text);
		while (len && strchr(" \t\r\n", text[len - 1]))
			text[--len] = '\0';
		if (*text && *text != '#')
			status = worse(status, walk_one(job, text));
		/* Nobody reads any more, and the list may have no end. */
		if (ferror(stdout))
			break;
	}
	if (ferror(list)) {
		warn("the list of addresses");
		status = worse(status, STATUS_NO);
	}
	free(line);
	return status;
}

int cmd_walk(const struct options *options, int argc, char **argv)
{
	struct job job = { .options = options };
	int status, i;

	status = check_usage(options, argc);
	if (status)
		return status;
	job.several = argc > 2;
	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i], "-"))
			job.several = true;
	status = attach(&job, argv[0]);
	for (i = 1; i < argc && job.dev && vmwalk_device_attached(job.dev)->size; i++) {
		if (!strcmp(argv[i], "-"))
			status = worse(status, walk_list(&job, stdin));
		else
			status = worse(status, walk_one(&job, argv[i]));
	}
	vmwalk_device_close(job.dev);
	return status;
}
