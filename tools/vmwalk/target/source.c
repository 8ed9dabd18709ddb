// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "output/escape.h"
#include "output/progress.h"
#include "source.h"

static int parse_pid(const char *text, pid_t *pid)
{
	char *end, given[512];
	long value;

	if (!strcmp(text, "self")) {
		*pid = getpid();
		return STATUS_DONE;
	}
	errno = 0;
	value = strtol(text, &end, 10);
	if (!*text || *end || text[strspn(text, "0123456789")]) {
		warnx("\"%s\" is not a PID: give a decimal number, or self",
		      escape_text(given, sizeof(given), text, true));
		return STATUS_USAGE;
	}
	if (errno || value <= 0 || value > INT_MAX) {
		warnx("%s: there is no process or thread with this id", text);
		return STATUS_NOTHING;
	}
	*pid = value;
	return STATUS_DONE;
}

int source_process(struct source *source, const char *pid)
{
	enum vmwalk_error error;
	pid_t number;
	int status;

	memset(source, 0, sizeof(*source));
	source->given = pid;
	status = parse_pid(pid, &number);
	if (status)
		return status;
	error = vmwalk_device_open(&source->dev);
	if (error != VMWALK_OK)
		return error_device(error, source->dev);
	error = vmwalk_target_read(number, &source->target);
	if (error == VMWALK_OK)
		error = vmwalk_device_attach(source->dev, number);
	source->ready = error == VMWALK_OK;
	return source->ready ? STATUS_DONE : error_target(error, pid, &source->target);
}

int source_snapshot(struct source *source, const char *file)
{
	enum vmwalk_snapshot_error error;
	char name[512], why[256];
	int fd;

	memset(source, 0, sizeof(*source));
	source->given = file;
	escape_text(name, sizeof(name), file, true);
	fd = strcmp(file, "-") ? open(file, O_RDONLY | O_CLOEXEC) : dup(STDIN_FILENO);
	if (fd < 0) {
		warn("%s", name);
		return errno == EACCES || errno == EPERM ? STATUS_DENIED : STATUS_NOTHING;
	}
	error = vmwalk_snapshot_load(&source->image, fd, why, sizeof(why));
	close(fd);
	if (error == VMWALK_SNAPSHOT_OK) {
		source->target = source->image.target;
		source->ready = true;
		return STATUS_DONE;
	}
	warnx("%s: %s", name, why);
	if (error == VMWALK_SNAPSHOT_FOREIGN)
		warnx("vmwalk record PID FILE records a snapshot");
	return STATUS_NOTHING;
}

char *source_when(const struct vmwalk_image *image, char *buf, size_t size)
{
	char release[4 * sizeof(image->release)], date[64] = "at an unknown time";
	time_t time = image->time;
	struct tm when;

	if (localtime_r(&time, &when))
		strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S %z", &when);
	snprintf(buf, size, "%s, Linux %s", date,
		 escape_text(release, sizeof(release), image->release, true));
	return buf;
}

/* Addresses are mostly written with 0x, and PIDs never are. */
static int check_first(const struct source *source, const char *word)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", (int)source->target.pid);
	if (!word || strcmp(word, pid))
		return STATUS_DONE;
	warnx("%s is the PID of this snapshot, and --from stands for it: leave it out", pid);
	warnx("or write 0x%s, if you mean the address", pid);
	return STATUS_USAGE;
}

int source_open(struct source *source, const struct options *options, int *argc, char ***argv)
{
	char comm[256], when[512];
	int status;

	if (!options->from) {
		memset(source, 0, sizeof(*source));
		if (!*argc) {
			warnx("a PID, or --from FILE, is needed");
			return STATUS_USAGE;
		}
		--*argc;
		return source_process(source, *(*argv)++);
	}
	status = source_snapshot(source, options->from);
	if (!status && !options->quiet && !options->json)
		fprintf(stderr, "snapshot of %s[%d], %s\n",
			escape_text(comm, sizeof(comm), source->target.comm, true),
			(int)source->target.pid,
			source_when(&source->image, when, sizeof(when)));
	if (!status)
		status = check_first(source, **argv);
	source->ready = !status;
	return status;
}

/* Progress of a scan, counted in bytes of the VMAs of @image */
struct passing {
	const struct vmwalk_image *image;
	struct progress progress;
	size_t area;	/* index of the first VMA that the scan has not passed */
	__u64 before;	/* bytes of the VMAs before @area */
	__u64 total;	/* bytes of all VMAs; 0: not counted yet */
};

static __u64 size_of(const struct vmwalk_area *area)
{
	return area->vma.end - area->vma.start;
}

static void reached(__u64 address, void *arg)
{
	struct passing *passing = arg;
	const struct vmwalk_image *image = passing->image;
	__u64 done;
	size_t i;

	/*
	 * Count the VMAs in the first call, and again if vmwalk_image_gather() has
	 * started over: they may be others then.
	 */
	if (passing->area > image->nr_areas || !passing->total ||
	    (passing->area && image->areas[passing->area - 1].vma.end > address)) {
		passing->area = 0;
		passing->before = 0;
		passing->total = 0;
		for (i = 0; i < image->nr_areas; i++)
			passing->total += size_of(&image->areas[i]);
	}
	while (passing->area < image->nr_areas &&
	       image->areas[passing->area].vma.end <= address)
		passing->before += size_of(&image->areas[passing->area++]);
	done = passing->before;
	if (passing->area < image->nr_areas && image->areas[passing->area].vma.start < address)
		done += address - image->areas[passing->area].vma.start;
	progress_step(&passing->progress, done >> 20, passing->total >> 20);
}

static enum vmwalk_error gather(struct source *source, __u64 start, __u64 end, __u32 parts)
{
	struct passing passing = { .image = &source->image };
	enum vmwalk_error error;

	progress_begin(&passing.progress, "MiB");
	vmwalk_device_watch(source->dev, reached, &passing);
	error = vmwalk_image_gather(&source->image, source->dev, &source->target, start, end,
				    parts);
	vmwalk_device_watch(source->dev, NULL, NULL);
	progress_end(&passing.progress);
	return error;
}

int source_gather(struct source *source, __u64 start, __u64 end, __u32 parts)
{
	enum vmwalk_error error;

	if (source->dev) {
		vmwalk_image_free(&source->image);
		error = gather(source, start, end, parts);
		return error == VMWALK_OK ? STATUS_DONE :
		       error_target(error, source->given, &source->target);
	}
	if (parts & VMWALK_IMAGE_SUMS)
		parts = (parts & ~VMWALK_IMAGE_SUMS) | VMWALK_IMAGE_RUNS;
	if ((source->image.parts & parts) == parts)
		return STATUS_DONE;
	warnx("%s: the snapshot lacks data that this view needs", source->given);
	return STATUS_NOTHING;
}

const struct vmwalk_caps *source_caps(const struct source *source)
{
	return source->dev ? vmwalk_device_caps(source->dev) : &source->image.caps;
}

__u64 source_task_size(const struct source *source)
{
	return source->dev ? vmwalk_device_attached(source->dev)->task_size :
			     source->image.attach.task_size;
}

void source_close(struct source *source)
{
	vmwalk_image_free(&source->image);
	vmwalk_device_close(source->dev);
	source->dev = NULL;
}

int error_range(const struct source *source, const char *given, __u64 address)
{
	const struct vmwalk_caps *caps = source_caps(source);
	const struct vmwalk_target *target = &source->target;
	const struct vmwalk_arch_desc *arch = vmwalk_arch_find(caps->arch);
	__u64 end = source_task_size(source);
	unsigned int bits = vmwalk_arch_va_bits(caps);
	char comm[256];

	escape_text(comm, sizeof(comm), target->comm, true);
	switch (vmwalk_arch_range(caps, end, address)) {
	case VMWALK_RANGE_KERNEL:
		warnx("%s: %#llx is in the kernel's half; user space ends at %#llx", given,
		      (unsigned long long)address, (unsigned long long)end);
		if (arch->kernel_root)
			warnx("on %s that half has a root of its own (%s), which is not shown",
			      arch->name, arch->kernel_root);
		break;
	case VMWALK_RANGE_TAGGED:
		warnx("%s: the top %u bits of %#llx are a tag, which %s ignores", given,
		      arch->tag_bits, (unsigned long long)address, arch->name);
		warnx("the address without it is %#llx",
		      (unsigned long long)(address & ~0ULL >> arch->tag_bits));
		break;
	case VMWALK_RANGE_NONCANONICAL:
		warnx("%s: %#llx is not canonical: with %u levels, addresses have %u bits", given,
		      (unsigned long long)address, caps->nr_levels, bits);
		warnx("user space has %u of them; this process ends at %#llx",
		      bits - !arch->kernel_root, (unsigned long long)end);
		break;
	default:
		warnx("%s: %#llx is beyond the end of user space of %s[%d], %#llx", given,
		      (unsigned long long)address, comm, (int)target->pid,
		      (unsigned long long)end);
	}
	return STATUS_NOTHING;
}
