// SPDX-License-Identifier: GPL-2.0
/*
 * A snapshot is written to a temporary file, which is renamed to FILE at the end, so that
 * FILE is never half written, unless it exists and is no regular file (such as a pipe).
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "output/escape.h"
#include "space/elf_view.h"

/* Temporary file that clean_up() removes; "" if there is none */
static char unfinished[PATH_MAX];

static void clean_up(int signal)
{
	if (*unfinished)
		unlink(unfinished);
	/* SA_RESETHAND has restored the default action, which ends the process. */
	raise(signal);
}

static void catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
	struct sigaction action = { .sa_handler = clean_up, .sa_flags = SA_RESETHAND };
	size_t i;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
}

static int failed(const char *file, int error)
{
	/* Not the fault of the file: the snapshot could not be compressed. */
	if (error == ELIBACC)
		warnx("libzstd.so.1, which compresses snapshots, cannot be loaded");
	else
		warnx("%s: %s", file, strerror(error));
	return error == EACCES || error == EPERM ? STATUS_DENIED : STATUS_NO;
}

/* Write to a pipe or a device in place: rename(2) would replace it with a file. */
static int save_in_place(const struct vmwalk_image *image, const char *file)
{
	int fd = strcmp(file, "-") ? open(file, O_WRONLY | O_CLOEXEC) : dup(STDOUT_FILENO);
	int error;

	if (fd < 0)
		return failed(file, errno);
	error = vmwalk_snapshot_save(image, fd);
	if (close(fd) && !error)
		error = -errno;
	return error ? failed(file, -error) : STATUS_DONE;
}

static int save_whole(const struct vmwalk_image *image, const char *file)
{
	int fd, error;

	if (snprintf(unfinished, sizeof(unfinished), "%s.XXXXXX", file) >=
	    (int)sizeof(unfinished)) {
		unfinished[0] = '\0';
		return failed(file, ENAMETOOLONG);
	}
	/* Mode 0600: the snapshot has facts that other users may not read. */
	fd = mkostemp(unfinished, O_CLOEXEC);
	if (fd < 0) {
		unfinished[0] = '\0';
		return failed(file, errno);
	}
	error = vmwalk_snapshot_save(image, fd);
	if (!error && fsync(fd))
		error = -errno;
	if (close(fd) && !error)
		error = -errno;
	if (!error && rename(unfinished, file))
		error = -errno;
	if (error)
		unlink(unfinished);
	unfinished[0] = '\0';
	return error ? failed(file, -error) : STATUS_DONE;
}

static int save(const struct vmwalk_image *image, const char *file)
{
	char target[PATH_MAX];
	struct stat stat_buf;

	if (!strcmp(file, "-"))
		return save_in_place(image, file);
	/* Replace the target of a symbolic link, not the link. */
	if (!realpath(file, target))
		return save_whole(image, file);
	if (!stat(target, &stat_buf) && !S_ISREG(stat_buf.st_mode))
		return save_in_place(image, target);
	return save_whole(image, target);
}

static void say_done(const struct vmwalk_image *image, const char *file)
{
	char comm[256], name[512];

	fprintf(stderr, "%s[%d]: %zu VMAs, %zu entries, %zu tables written to %s\n",
		escape_text(comm, sizeof(comm), image->target.comm, true),
		(int)image->target.pid, image->nr_areas, image->nr_runs, image->nr_tables,
		escape_text(name, sizeof(name), file, true));
	if (image->raced)
		fprintf(stderr, "it was too busy: %llu records fit no others and were left out\n",
			(unsigned long long)image->raced);
}

static int record(struct source *source, const char *file)
{
	int status;

	status = source_gather(source, 0, ~0ULL, VMWALK_IMAGE_ALL);
	if (status)
		return status;
	if (elf_describe(source->dev, &source->image))
		return error_memory();
	return save(&source->image, file);
}

int cmd_record(const struct options *options, int argc, char **argv)
{
	struct source source;
	int status;

	if (argc != 2) {
		warnx("record takes a PID and a FILE, which may be -");
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "-") && isatty(STDOUT_FILENO)) {
		warnx("a snapshot is no text: not written to a terminal");
		return STATUS_USAGE;
	}
	catch_signals();
	status = source_process(&source, argv[0]);
	if (!status)
		status = record(&source, argv[1]);
	if (!status && !options->quiet)
		say_done(&source.image, argv[1]);
	source_close(&source);
	return status;
}
