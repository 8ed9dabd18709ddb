// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/vmwalk.h>
#include "machine.h"
#include "proc.h"

/*
 * In the order of enum vmwalk_vma_flags; from show_smap_vma_flags() in
 * fs/proc/task_mmu.c.
 */
static const char * const mnemonics[] = {
	"rd", "wr", "ex", "sh", "mr", "mw", "me", "ms", "gd", "pf", "lo", "io",
	"sr", "rr", "dc", "de", "lf", "ac", "nr", "ht", "sf", "ar", "wf", "dd",
	"sd", "mm", "hg", "nh", "mg", "um", "uw", "ui", "ss", "dp", "sl", "bt",
	"mt", "gu",
};

#define MNEMONICS	(sizeof(mnemonics) / sizeof(mnemonics[0]))

static FILE *proc_open(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return fopen(path, "re");
}

/* show_map_vma() escapes a newline as \012 and nothing else. */
static void name_unescape(char *name)
{
	char *from = name, *to = name;

	while (*from) {
		if (!strncmp(from, "\\012", 4)) {
			*to++ = '\n';
			from += 4;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
}

bool proc_maps_parse(char *text, struct proc_maps *line)
{
	int name = 0;

	text[strcspn(text, "\n")] = '\0';
	if (sscanf(text, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %x:%x %" SCNu64 "%n",
		   &line->start, &line->end, line->perms, &line->offset,
		   &line->major, &line->minor, &line->inode, &name) != 7)
		return false;
	name += strspn(text + name, " ");
	snprintf(line->name, sizeof(line->name), "%s", text + name);
	name_unescape(line->name);
	return true;
}

bool proc_maps_each(pid_t pid, bool (*found)(const struct proc_maps *, void *),
		    void *arg, struct proc_maps *line)
{
	char *text = NULL;
	size_t size = 0;
	bool ok = false;
	FILE *file;

	file = proc_open(pid, "maps");
	if (!file)
		return false;
	while (!ok && getline(&text, &size, file) > 0)
		ok = proc_maps_parse(text, line) && found(line, arg);
	free(text);
	fclose(file);
	if (!ok)
		errno = ENOENT;
	return ok;
}

static bool line_covers(const struct proc_maps *line, void *arg)
{
	uint64_t address = *(uint64_t *)arg;

	return line->start <= address && address < line->end;
}

bool proc_maps(pid_t pid, uint64_t address, struct proc_maps *line)
{
	return proc_maps_each(pid, line_covers, &address, line);
}

static bool line_named(const struct proc_maps *line, void *arg)
{
	return !strcmp(line->name, arg);
}

bool proc_maps_named(pid_t pid, const char *name, struct proc_maps *line)
{
	return proc_maps_each(pid, line_named, (void *)name, line);
}

struct neighbours {
	uint64_t address;
	struct proc_maps *below;
};

/* maps lists [vsyscall], but the process has no such VMA. */
static bool line_above(const struct proc_maps *line, void *arg)
{
	struct neighbours *n = arg;

	if (!strcmp(line->name, "[vsyscall]"))
		return false;
	if (line->start > n->address)
		return true;
	*n->below = *line;
	return false;
}

bool proc_maps_around(pid_t pid, uint64_t address, struct proc_maps *below,
		      struct proc_maps *above)
{
	struct neighbours n = { .address = address, .below = below };

	memset(below, 0, sizeof(*below));
	if (!proc_maps_each(pid, line_above, &n, above))
		memset(above, 0, sizeof(*above));
	return true;
}

static void flags_parse(char *text, struct proc_smaps *smaps)
{
	char *word, *rest = text;
	unsigned int i;

	while ((word = strsep(&rest, "\n "))) {
		if (!*word)
			continue;
		for (i = 0; i < MNEMONICS; i++)
			if (!strcmp(word, mnemonics[i]))
				break;
		if (i < MNEMONICS)
			smaps->flags |= VMWALK_VMA_BIT(i);
		else if (!smaps->unknown[0])
			snprintf(smaps->unknown, sizeof(smaps->unknown), "%s", word);
	}
}

static bool smaps_line(char *text, struct proc_smaps *smaps)
{
	uint64_t n;

	if (sscanf(text, "KernelPageSize: %" SCNu64, &n) == 1)
		smaps->kernel_page_size = n * 1024;
	else if (sscanf(text, "Anonymous: %" SCNu64, &n) == 1)
		smaps->anonymous = n * 1024;
	else if (sscanf(text, "ProtectionKey: %" SCNu64, &n) == 1)
		smaps->pkey = n;
	if (strncmp(text, "VmFlags:", 8))
		return false;
	flags_parse(text + 8, smaps);
	return true;
}

bool proc_smaps(pid_t pid, uint64_t address, struct proc_smaps *smaps)
{
	bool inside = false, ok = false;
	struct proc_maps line;
	char *text = NULL;
	size_t size = 0;
	FILE *file;

	file = proc_open(pid, "smaps");
	if (!file)
		return false;
	memset(smaps, 0, sizeof(*smaps));
	while (!ok && getline(&text, &size, file) > 0) {
		if (inside)
			ok = smaps_line(text, smaps);
		else
			inside = proc_maps_parse(text, &line) && line_covers(&line, &address);
	}
	free(text);
	fclose(file);
	return ok;
}

static bool words_read(const char *path, uint64_t offset, uint64_t *values, size_t count)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	n = pread(fd, values, count * sizeof(*values), offset);
	close(fd);
	if (n >= 0 && n != (ssize_t)(count * sizeof(*values)))
		errno = ENXIO;
	return n == (ssize_t)(count * sizeof(*values));
}

static bool word_read(const char *path, uint64_t offset, uint64_t *value)
{
	return words_read(path, offset, value, 1);
}

bool proc_pagemap_range(pid_t pid, uint64_t address, uint64_t *entries, size_t count)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	return words_read(path, address / PAGE_SIZE * sizeof(*entries), entries, count);
}

bool proc_pagemap(pid_t pid, uint64_t address, uint64_t *entry)
{
	return proc_pagemap_range(pid, address, entry, 1);
}

bool proc_kpageflags(uint64_t pfn, uint64_t *flags)
{
	return word_read("/proc/kpageflags", pfn * sizeof(*flags), flags);
}

bool proc_kpagecount(uint64_t pfn, uint64_t *count)
{
	return word_read("/proc/kpagecount", pfn * sizeof(*count), count);
}

bool proc_faults(pid_t pid, pid_t tid, uint64_t *minor, uint64_t *major)
{
	char name[40] = "stat", text[1024], *fields;
	FILE *file;
	size_t n;

	if (tid)
		snprintf(name, sizeof(name), "task/%d/stat", tid);
	file = proc_open(pid, name);
	if (!file)
		return false;
	n = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[n] = '\0';
	/* The command name may contain spaces and parentheses: start at the last ')'. */
	fields = strrchr(text, ')');
	/*
	 * Fields 3 to 12: state ppid pgrp session tty tpgid flags minflt cminflt majflt
	 */
	return fields && sscanf(fields + 1, " %*c %*d %*d %*d %*d %*d %*u %" SCNu64
				" %*u %" SCNu64, minor, major) == 2;
}

bool page_node(pid_t pid, uint64_t address, unsigned int *node)
{
	void *page = (void *)(address & ~(PAGE_SIZE - 1));
	int status = -1;

	if (syscall(SYS_move_pages, pid, 1UL, &page, NULL, &status, 0) || status < 0)
		return false;
	*node = status;
	return true;
}

bool file_number(const char *path, const char *word, uint64_t *value)
{
	char text[256], name[128];
	bool ok = false;
	FILE *file;

	file = fopen(path, "re");
	if (!file)
		return false;
	while (!ok && fgets(text, sizeof(text), file))
		ok = sscanf(text, "%127s %" SCNu64, name, value) == 2 &&
		     !strcmp(name, word);
	fclose(file);
	return ok;
}

bool file_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, text, size - 1);
	close(fd);
	if (n < 0)
		return false;
	if (n && text[n - 1] == '\n')
		n--;
	text[n] = '\0';
	return true;
}
