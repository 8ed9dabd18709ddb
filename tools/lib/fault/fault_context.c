// SPDX-License-Identifier: GPL-2.0
/*
 * Read the limits and tunables that decide a fault. Sources: proc(5), sysctl/vm.rst,
 * kernel-parameters.txt, mm/transhuge.rst and mm/hugetlbpage.rst in
 * Documentation/admin-guide, and userfaultfd_show_fdinfo().
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "fault_context.h"
#include "proc/read.h"

#define THP	"/sys/kernel/mm/transparent_hugepage/"

void vmwalk_around_release(struct vmwalk_around *around, const char *release)
{
	unsigned int major, minor;

	if (sscanf(release, "%u.%u", &major, &minor) == 2 && minor < 256)
		around->kernel = VMWALK_KERNEL(major, minor);
}

void vmwalk_around_limits(struct vmwalk_around *around, const char *limits)
{
	static const char name[] = "Max stack size";
	const char *line = strstr(limits, name);
	char *end;

	if (!line)
		return;
	line += sizeof(name) - 1;
	line += strspn(line, " ");
	around->stack_limit = strtoull(line, &end, 10);
	if (!strncmp(line, "unlimited", 9))
		around->stack_limit = ~0ULL;
	else if (end == line)
		return;
	around->got |= VMWALK_AROUND_STACK_LIMIT;
}

/*
 * stack_guard_gap= is a number of pages. cmdline_parse_stack_guard_gap() ignores a value
 * with anything behind the digits.
 */
void vmwalk_around_command_line(struct vmwalk_around *around, const char *line,
				unsigned int page_size)
{
	static const char name[] = "stack_guard_gap=";
	const char *at = strstr(line, name);
	unsigned long long pages;
	char *end;

	if (!at || (at > line && at[-1] != ' '))
		return;
	at += sizeof(name) - 1;
	pages = strtoull(at, &end, 10);
	if (end > at && (!*end || *end == ' ' || *end == '\n'))
		around->guard_gap = pages * page_size;
}

static bool is_chosen(const char *text, const char *word)
{
	const char *open = strchr(text, '[');

	return open && !strncmp(open + 1, word, strlen(word)) && open[1 + strlen(word)] == ']';
}

void vmwalk_around_thp(struct vmwalk_around *around, const char *all, const char *size)
{
	const char *text = size && !is_chosen(size, "inherit") ? size : all;

	if (is_chosen(text, "always"))
		around->thp = VMWALK_THP_ALWAYS;
	else if (is_chosen(text, "madvise"))
		around->thp = VMWALK_THP_MADVISE;
	else if (is_chosen(text, "never"))
		around->thp = VMWALK_THP_NEVER;
	else
		return;
	around->got |= VMWALK_AROUND_THP;
}

bool vmwalk_around_uffd(const char *fdinfo, __u64 *features)
{
	const char *line = strstr(fdinfo, "API:");
	unsigned int api, set;

	if (!line || sscanf(line, "API: %x:%x:", &api, &set) != 2)
		return false;
	*features = set;
	return true;
}

static void read_thp(const struct vmwalk_device *dev, struct vmwalk_around *around)
{
	unsigned int shift = vmwalk_device_caps(dev)->level[VMWALK_LEVEL_PMD].shift & 63;
	char *all = vmwalk_text_read(dev, THP "enabled"), *size, *text;
	char path[96];

	snprintf(path, sizeof(path), THP "hugepages-%llukB/enabled", (1ULL << shift) / 1024);
	size = vmwalk_text_read(dev, path);
	if (all)
		vmwalk_around_thp(around, all, size);
	free(all);
	free(size);
	text = vmwalk_text_read(dev, THP "use_zero_page");
	if (text) {
		around->thp_zero = *text == '1';
		around->got |= VMWALK_AROUND_THP_ZERO;
	}
	free(text);
}

static bool read_number(const struct vmwalk_device *dev, const char *directory,
			const char *file, long long *number)
{
	char path[160], *text;

	snprintf(path, sizeof(path), "%s/%s", directory, file);
	text = vmwalk_text_read(dev, path);
	if (!text)
		return false;
	*number = atoll(text);
	free(text);
	return true;
}

/* The pool may grow by surplus pages, up to nr_overcommit_hugepages. */
static void read_pool(const struct vmwalk_device *dev, unsigned int page_shift,
		      struct vmwalk_around *around)
{
	long long unused, reserved, surplus, most;
	char directory[96];

	snprintf(directory, sizeof(directory), "/sys/kernel/mm/hugepages/hugepages-%llukB",
		 (1ULL << (page_shift & 63)) / 1024);
	if (!read_number(dev, directory, "free_hugepages", &unused) ||
	    !read_number(dev, directory, "resv_hugepages", &reserved) ||
	    !read_number(dev, directory, "surplus_hugepages", &surplus) ||
	    !read_number(dev, directory, "nr_overcommit_hugepages", &most))
		return;
	around->pool_free = unused > reserved || surplus < most;
	around->got |= VMWALK_AROUND_POOL;
}

static void read_status(const struct vmwalk_device *dev, struct vmwalk_around *around)
{
	char *text = vmwalk_text_read(dev, "status"), *line;

	line = text ? strstr(text, "\nTHP_enabled:") : NULL;
	if (line) {
		around->thp_disabled = !strstr(line, "THP_enabled:\t1");
		around->got |= VMWALK_AROUND_THP_PROCESS;
	}
	free(text);
}

static void read_limits(const struct vmwalk_device *dev, struct vmwalk_around *around)
{
	char *limits = vmwalk_text_read(dev, "limits");
	char *line = vmwalk_text_read(dev, "/proc/cmdline");
	char *least = vmwalk_text_read(dev, "/proc/sys/vm/mmap_min_addr");

	if (limits)
		vmwalk_around_limits(around, limits);
	if (line)
		vmwalk_around_command_line(around, line, vmwalk_device_caps(dev)->page_size);
	if (least) {
		around->min_address = strtoull(least, NULL, 10);
		around->got |= VMWALK_AROUND_MIN_ADDRESS;
	}
	free(limits);
	free(line);
	free(least);
}

/*
 * /proc does not show which userfaultfd a VMA is registered with: use the features only
 * if all userfaultfds of the process have the same ones.
 */
static void read_uffd(const struct vmwalk_device *dev, struct vmwalk_around *around)
{
	int fd = vmwalk_device_book(dev, "fdinfo");
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	bool agree = true;
	char path[300];
	__u64 features;
	char *text;

	if (!directory) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(directory))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "fdinfo/%s", entry->d_name);
		text = vmwalk_text_read(dev, path);
		if (text && vmwalk_around_uffd(text, &features)) {
			agree = agree && (!(around->got & VMWALK_AROUND_UFFD) ||
					  features == around->uffd_features);
			around->uffd_features = features;
			around->got |= VMWALK_AROUND_UFFD;
		}
		free(text);
	}
	closedir(directory);
	if (!agree)
		around->got &= ~VMWALK_AROUND_UFFD;
}

void vmwalk_around_read(struct vmwalk_device *dev, const struct vmwalk_address *walk,
			const char *name, struct vmwalk_around *around)
{
	const __u64 watched = VMWALK_VMA_BIT(VMWALK_VMA_UM) | VMWALK_VMA_BIT(VMWALK_VMA_UW) |
			      VMWALK_VMA_BIT(VMWALK_VMA_UI);
	struct utsname system;

	memset(around, 0, sizeof(*around));
	if (!uname(&system))
		vmwalk_around_release(around, system.release);
	if (!(walk->call.got & VMWALK_GOT_VMA)) {
		read_limits(dev, around);
		return;
	}
	if (walk->vma.flags & watched)
		read_uffd(dev, around);
	if (walk->vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_HT))
		read_pool(dev, walk->vma.page_shift, around);
	if (walk->vma.traits & VMWALK_VMA_IS_ANON) {
		read_thp(dev, around);
		read_status(dev, around);
	} else if (walk->vma.traits & VMWALK_VMA_HAS_FILE) {
		vmwalk_around_file(dev, walk, name, around);
	}
}
