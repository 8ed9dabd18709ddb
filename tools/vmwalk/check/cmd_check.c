// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "output/escape.h"
#include "output/progress.h"
#include "view_check.h"

struct job {
	struct source source;
	struct findings findings;
	struct progress progress;
};

static void found(unsigned int book, __u64 address, const char *reason, void *arg)
{
	struct findings *findings = &((struct job *)arg)->findings;
	char *kept = findings->nr < MISMATCHES_KEPT ? strdup(reason) : NULL;

	if (kept)
		findings->mismatch[findings->nr++] = (struct mismatch) { book, address, kept };
}

static void progress(__u64 done, __u64 total, void *arg)
{
	progress_step(&((struct job *)arg)->progress, done, total);
}

static int draw(const struct findings *findings, const struct options *options)
{
	int error;

	if (options->json)
		error = view_check_json(stdout, findings, options);
	else if (options->quiet)
		error = view_check_quiet(stdout, findings, options);
	else
		error = view_check(stdout, findings, options);
	if (error)
		return error_memory();
	return findings->audit.mismatches ? STATUS_NO : STATUS_DONE;
}

static int check(struct job *job, const struct options *options)
{
	const struct vmwalk_auditor auditor = {
		.found = found, .progress = progress, .arg = job,
	};
	enum vmwalk_error error;

	job->findings.target = &job->source.target;
	progress_begin(&job->progress, "pages");
	error = vmwalk_audit(job->source.dev, &auditor, &job->findings.audit);
	progress_end(&job->progress);
	if (error != VMWALK_OK)
		return error_target(error, job->source.given, &job->source.target);
	return draw(&job->findings, options);
}

static int check_usage(const struct options *options, int argc, char **argv)
{
	char given[256];

	if (error_output(options, &check_columns))
		return STATUS_USAGE;
	if (argc == 1)
		return STATUS_DONE;
	if (argc)
		warnx("check takes one PID, and no \"%s\"",
		      escape_text(given, sizeof(given), argv[1], true));
	else
		warnx("check needs a PID");
	return STATUS_USAGE;
}

int cmd_check(const struct options *options, int argc, char **argv)
{
	int status = check_usage(options, argc, argv);
	struct job *job;
	size_t i;

	if (status)
		return status;
	job = calloc(1, sizeof(*job));
	if (!job)
		return error_memory();
	status = source_process(&job->source, argv[0]);
	if (!status)
		status = check(job, options);
	for (i = 0; i < job->findings.nr; i++)
		free(job->findings.mismatch[i].reason);
	source_close(&job->source);
	free(job);
	return status;
}
