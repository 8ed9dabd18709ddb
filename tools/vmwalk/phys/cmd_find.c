// SPDX-License-Identifier: GPL-2.0
/*
 * Each process in /proc that the caller may attach to is scanned for the frame, through a
 * device of its own; each hit is walked for the details.
 */
#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "output/escape.h"
#include "output/hidden.h"
#include "output/progress.h"
#include "view_find.h"

/* Limit of the scans of one process whose entries change between the scan and the walk */
#define TRIES	4

struct search {
	struct finding *finding;
	struct vmwalk_device *dev;
	pid_t pid;
	bool named;	/* @target is set */
	struct vmwalk_target target;
	bool moved;	/* an entry changed between scan and walk: scan again */
	bool failed;	/* out of memory */
};

static __u64 entry_size(const struct vmwalk_device *dev, const struct vmwalk_address *walk)
{
	const struct vmwalk_caps *caps = vmwalk_device_caps(dev);
	unsigned int level = walk->call.leaf_level % VMWALK_LEVELS;
	__u64 block = vmwalk_arch_block(caps, &walk->entry[level]);

	return block ? block : 1ULL << (caps->level[level].shift & 63);
}

/* Return false if the process has exited. */
static bool find_name(struct search *search)
{
	if (!search->named)
		search->named = vmwalk_target_name(search->pid, &search->target) !=
				VMWALK_ERR_NO_PROCESS;
	return search->named;
}

/*
 * With VMWALK_SCAN_EACH a run is one entry, or the part of it that is in the VMA; the
 * frame is somewhere in it. Compute the address of the frame.
 */
static int take_run(const struct vmwalk_run *run, void *arg)
{
	struct search *search = arg;
	struct finding *finding = search->finding;
	__u64 address = run->start + (finding->frame.pfn - run->first) * finding->page_size;
	char name[PATH_MAX] = "";
	struct mapping *mapping;

	if (!(run->got & VMWALK_RUN_FIRST) || !find_name(search)) {
		search->moved = true;
		return 0;
	}
	mapping = vmwalk_array_grow(&finding->mapping, finding->nr, &finding->room,
				    sizeof(*mapping));
	search->failed = !mapping;
	if (search->failed)
		return 1;
	if (vmwalk_device_walk(search->dev, address, &mapping->walk, name,
			       sizeof(name)) != VMWALK_OK ||
	    !(mapping->walk.call.got & VMWALK_GOT_PFN) ||
	    mapping->walk.call.pfn != finding->frame.pfn) {
		search->moved = true;
		return 0;
	}
	mapping->target = search->target;
	mapping->address = address + finding->frame.offset;
	mapping->size = entry_size(search->dev, &mapping->walk);
	mapping->name = strdup(name);
	search->failed = !mapping->name;
	finding->nr += !search->failed;
	return search->failed;
}

static void forget(struct finding *finding, size_t nr)
{
	while (finding->nr > nr)
		free(finding->mapping[--finding->nr].name);
}

static enum vmwalk_error scan(struct search *search)
{
	struct finding *finding = search->finding;
	const struct vmwalk_scan_request request = {
		.end = ~0ULL, .flags = VMWALK_SCAN_EACH,
		.pfn_start = finding->frame.pfn, .pfn_end = finding->frame.pfn + 1,
	};
	size_t nr = finding->nr;
	enum vmwalk_error error;
	int try;

	for (try = 0; try < TRIES; try++) {
		forget(finding, nr);
		search->moved = false;
		error = vmwalk_device_scan(search->dev, &request, take_run, search);
		if (error != VMWALK_OK || !search->moved || search->failed)
			break;
	}
	finding->restless += error == VMWALK_OK && search->moved;
	finding->holders += finding->nr > nr;
	finding->processes++;
	return error;
}

/* The thread group leader is a zombie: another thread may still have the mm. */
static enum vmwalk_error attach_thread(struct vmwalk_device *dev, pid_t pid)
{
	enum vmwalk_error error = VMWALK_ERR_ZOMBIE;
	struct dirent *entry;
	char path[64];
	DIR *task;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	task = opendir(path);
	if (!task && (errno == EACCES || errno == EPERM))
		return VMWALK_ERR_DENIED;
	if (!task && errno != ENOENT && errno != ESRCH)
		return VMWALK_ERR_SYSTEM;
	while (task && error != VMWALK_OK && (entry = readdir(task)))
		if (isdigit((unsigned char)entry->d_name[0]))
			error = vmwalk_device_attach(dev, atoi(entry->d_name));
	if (task)
		closedir(task);
	return error;
}

/*
 * Return true if a process maps nothing because it is a kernel thread, or has exited. The
 * process group of a kernel thread is 0, like that of some processes: only for these read
 * /proc/PID/stat, which takes longer than to attach.
 */
static bool is_unmapped(pid_t pid)
{
	struct vmwalk_target target;
	enum vmwalk_error error;

	if (getpgid(pid) > 0)
		return false;
	error = vmwalk_target_name(pid, &target);
	return error == VMWALK_ERR_NO_PROCESS || error == VMWALK_ERR_KERNEL_THREAD;
}

static enum vmwalk_error attach(struct vmwalk_device *dev, pid_t pid)
{
	enum vmwalk_error error = vmwalk_device_attach(dev, pid);

	if (error == VMWALK_ERR_ZOMBIE)
		error = attach_thread(dev, pid);
	if (error == VMWALK_OK && vmwalk_device_attached(dev)->redacted & VMWALK_REDACTED_PFN)
		error = VMWALK_ERR_DENIED;
	return error;
}

/* Report VMWALK_ERR_SYSTEM; its errno must outlive the reading of the name. */
static int report(struct search *search)
{
	int saved = errno;

	find_name(search);
	errno = saved;
	return error_target(VMWALK_ERR_SYSTEM, search->target.comm, &search->target);
}

/*
 * Search one process; one that has exited or has no mm maps nothing. Return enum status.
 */
static int look_at(struct finding *finding, pid_t pid)
{
	struct search search = { .finding = finding, .pid = pid };
	enum vmwalk_error error;
	int status = STATUS_DONE;

	if (is_unmapped(pid))
		return STATUS_DONE;
	error = vmwalk_device_open(&search.dev);
	if (error != VMWALK_OK) {
		status = error_device(error, search.dev);
		vmwalk_device_close(search.dev);
		return status;
	}
	error = attach(search.dev, pid);
	if (error == VMWALK_OK)
		error = scan(&search);
	if (error == VMWALK_ERR_DENIED)
		finding->denied++;
	else if (error == VMWALK_ERR_SYSTEM)
		status = report(&search);
	if (search.failed)
		status = error_memory();
	vmwalk_device_close(search.dev);
	return status;
}

static int by_pid(const void *a, const void *b)
{
	pid_t left = *(const pid_t *)a, right = *(const pid_t *)b;

	return (left > right) - (left < right);
}

/*
 * Fill *@list with the thread group ids in /proc, ascending; it has to be freed in any case.
 * Return 0 or a negative errno.
 */
static int list_processes(pid_t **list, size_t *nr)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	size_t room = 0;
	pid_t *next;

	*list = NULL;
	*nr = 0;
	if (!proc)
		return -errno;
	while ((entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		next = vmwalk_array_grow(list, *nr, &room, sizeof(*next));
		if (!next) {
			closedir(proc);
			return -ENOMEM;
		}
		*next = atoi(entry->d_name);
		(*nr)++;
	}
	closedir(proc);
	if (*nr)
		qsort(*list, *nr, sizeof(**list), by_pid);
	return 0;
}

static int look_at_all(struct finding *finding)
{
	struct progress progress;
	int status = STATUS_DONE;
	size_t nr, i;
	pid_t *pid;
	int error = list_processes(&pid, &nr);

	if (error) {
		warnx("/proc: %s", strerror(-error));
		free(pid);
		return STATUS_NO;
	}
	progress_begin(&progress, "processes");
	for (i = 0; i < nr && !status; i++) {
		status = look_at(finding, pid[i]);
		progress_step(&progress, i + 1, nr);
	}
	progress_end(&progress);
	free(pid);
	return status;
}

static void read_books(struct finding *finding)
{
	finding->flags_error = vmwalk_kpage_read("/proc/kpageflags", finding->frame.pfn,
						 &finding->flags);
	if (vmwalk_kpage_read("/proc/kpagecount", finding->frame.pfn, &finding->count))
		finding->count = 0;
}

static int draw(const struct finding *finding, const struct options *options)
{
	int error;

	if (options->json)
		error = view_find_json(stdout, finding, options);
	else if (options->quiet)
		error = view_find_quiet(stdout, finding, options);
	else
		error = view_find(stdout, finding, options);
	return error ? error_memory() : STATUS_DONE;
}

static int find(struct finding *finding, const struct options *options)
{
	int status = look_at_all(finding);

	if (status)
		return status;
	read_books(finding);
	if (!finding->nr && finding->flags_error == -ENODATA) {
		warnx("pfn %#llx is beyond the memory of this machine, and no process maps it",
		      (unsigned long long)finding->frame.pfn);
		return STATUS_NOTHING;
	}
	status = draw(finding, options);
	return status || finding->nr ? status : STATUS_NO;
}

/*
 * Refuse if PFNs are hidden: otherwise each process would count as one that the caller
 * may not attach to.
 */
static int check_visible(void)
{
	struct vmwalk_device *dev;
	enum vmwalk_error error;
	bool hidden;
	int status;

	error = vmwalk_device_open(&dev);
	if (error != VMWALK_OK) {
		status = error_device(error, dev);
		vmwalk_device_close(dev);
		return status;
	}
	hidden = vmwalk_device_caps(dev)->redacted & VMWALK_REDACTED_PFN;
	vmwalk_device_close(dev);
	if (!hidden)
		return STATUS_DONE;
	warnx("who maps a frame is hidden from you");
	warnx("to know it needs " HIDDEN_BY " in the initial user namespace");
	return STATUS_DENIED;
}

int cmd_find(const struct options *options, int argc, char **argv)
{
	struct finding finding = { .page_size = sysconf(_SC_PAGESIZE) };
	char given[512];
	const char *wrong;
	int status;

	if (argc != 1) {
		warnx("find takes one physical address, or pfn:PFN");
		return STATUS_USAGE;
	}
	if (error_output(options, &mapping_columns))
		return STATUS_USAGE;
	wrong = frame_parse(&finding.frame, argv[0], finding.page_size);
	if (wrong) {
		warnx("\"%s\" is no physical address: %s",
		      escape_text(given, sizeof(given), argv[0], true), wrong);
		return STATUS_USAGE;
	}
	status = check_visible();
	if (!status)
		status = find(&finding, options);
	forget(&finding, 0);
	free(finding.mapping);
	return status;
}
