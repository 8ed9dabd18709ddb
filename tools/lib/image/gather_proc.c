// SPDX-License-Identifier: GPL-2.0
/*
 * Read the threads and the texts of an image from /proc and /sys: see proc(5) and
 * Documentation/admin-guide/mm/transhuge.rst.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gather.h"
#include "image.h"
#include "proc/read.h"

#define THP	"/sys/kernel/mm/transparent_hugepage/"

/* Relative paths are below /proc/PID. */
static const struct {
	const char *name;
	const char *path;
	__u32 parts;
} files[] = {
	{ "oom_score", "oom_score", VMWALK_IMAGE_MM },
	{ "oom_score_adj", "oom_score_adj", VMWALK_IMAGE_MM },
	{ "max_map_count", "/proc/sys/vm/max_map_count", VMWALK_IMAGE_MM },
	{ "thp_enabled", THP "enabled", VMWALK_IMAGE_MM },
	{ "thp_defrag", THP "defrag", VMWALK_IMAGE_MM },
	{ "thp_shmem", THP "shmem_enabled", VMWALK_IMAGE_MM },
	{ "khugepaged_pages_to_scan", THP "khugepaged/pages_to_scan", VMWALK_IMAGE_MM },
	{ "khugepaged_scan_sleep_millisecs", THP "khugepaged/scan_sleep_millisecs",
	  VMWALK_IMAGE_MM },
	{ "khugepaged_max_ptes_none", THP "khugepaged/max_ptes_none", VMWALK_IMAGE_MM },
	{ "khugepaged_defrag", THP "khugepaged/defrag", VMWALK_IMAGE_MM },
	{ "swaps", "/proc/swaps", VMWALK_IMAGE_MM | VMWALK_IMAGE_RUNS },
};

char *vmwalk_text_read(const struct vmwalk_device *dev, const char *path)
{
	char *text = NULL;
	size_t len;
	int fd;

	fd = *path == '/' ? open(path, O_RDONLY | O_CLOEXEC) : vmwalk_device_book(dev, path);
	if (fd < 0)
		return NULL;
	if (vmwalk_read_all(fd, &text))
		text = NULL;
	close(fd);
	for (len = text ? strlen(text) : 0; len && text[len - 1] == '\n'; len--)
		text[len - 1] = '\0';
	return text;
}

int vmwalk_texts_gather(struct vmwalk_image *image, const struct vmwalk_device *dev)
{
	struct vmwalk_text *text;
	size_t i, room = 0;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (!(files[i].parts & image->parts))
			continue;
		text = vmwalk_array_grow(&image->texts, image->nr_texts, &room, sizeof(*text));
		if (!text)
			return -ENOMEM;
		text->text = vmwalk_text_read(dev, files[i].path);
		if (!text->text)
			continue;
		image->nr_texts++;
		text->name = strdup(files[i].name);
		if (!text->name)
			return -ENOMEM;
	}
	return 0;
}

/* minflt and majflt: fields 10 and 12 of proc_pid_stat(5); field 3 follows the name. */
static int parse_faults(const char *stat, struct vmwalk_thread *thread)
{
	const char *close = strrchr(stat, ')');
	unsigned long long minor, major;

	if (!close || sscanf(close + 1, " %*c %*d %*d %*d %*d %*d %*u %llu %*u %llu",
			     &minor, &major) != 2)
		return -1;
	thread->minor = minor;
	thread->major = major;
	return 0;
}

static int read_thread(int task_fd, const char *tid, struct vmwalk_thread *thread)
{
	struct vmwalk_target target;
	char path[32], *text = NULL;
	int fd, error;

	snprintf(path, sizeof(path), "%.20s/stat", tid);
	fd = openat(task_fd, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	error = vmwalk_read_all(fd, &text);
	close(fd);
	if (error)
		return -1;
	error = vmwalk_target_parse(text, &target) || parse_faults(text, thread);
	if (!error) {
		thread->tid = atoi(tid);
		memcpy(thread->comm, target.comm, sizeof(thread->comm));
	}
	free(text);
	return error;
}

static int by_tid(const void *a, const void *b)
{
	const struct vmwalk_thread *left = a, *right = b;

	return (left->tid > right->tid) - (left->tid < right->tid);
}

static int read_threads(struct vmwalk_image *image, DIR *task)
{
	struct vmwalk_thread *thread;
	struct dirent *entry;
	size_t room = 0;

	while ((entry = readdir(task))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		thread = vmwalk_array_grow(&image->threads, image->nr_threads, &room,
					   sizeof(*thread));
		if (!thread)
			return -ENOMEM;
		/* A thread that has just exited has no stat file. */
		if (!read_thread(dirfd(task), entry->d_name, thread))
			image->nr_threads++;
	}
	if (image->nr_threads)
		qsort(image->threads, image->nr_threads, sizeof(*thread), by_tid);
	return 0;
}

int vmwalk_threads_gather(struct vmwalk_image *image, const struct vmwalk_device *dev)
{
	int fd = vmwalk_device_book(dev, "task");
	DIR *task = fd < 0 ? NULL : fdopendir(fd);
	int error;

	if (!task) {
		error = errno;
		if (fd >= 0)
			close(fd);
		/* The process has exited: the next call of the module reports it. */
		return error == ESRCH || error == ENOENT ? 0 : -error;
	}
	error = read_threads(image, task);
	closedir(task);
	return error;
}
