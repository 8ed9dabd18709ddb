// SPDX-License-Identifier: GPL-2.0
/*
 * Name the addresses of watched processes. Reading /proc/PID/maps takes locks of the
 * process and so delays it: read again only if the maps changed or lack an address, and
 * at most every READ_EVERY, except after exec.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "watched_process.h"

/* Minimum time between two reads, ns; watched_process_look() can read at once */
#define READ_EVERY	20000000ULL
/* Invalid tgid, for the first process once it has exited */
#define NOBODY		(~0U)

__u64 watch_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

struct watched_process *watched_process_first(struct vmwalk_device *dev, __u32 tgid)
{
	struct watched_process *process = calloc(1, sizeof(*process));

	if (!process)
		return NULL;
	process->tgid = tgid;
	process->dev = dev;
	process->borrowed = true;
	process->symbols = symbols_open();
	return process;
}

static struct vmwalk_device *attach(__u32 tgid)
{
	struct vmwalk_device *dev;

	if (vmwalk_device_open(&dev) == VMWALK_OK &&
	    vmwalk_device_attach(dev, tgid) == VMWALK_OK)
		return dev;
	vmwalk_device_close(dev);
	return NULL;
}

struct watched_process *watched_process_find(struct watched_process *processes, __u32 tgid)
{
	struct watched_process *process = processes;

	while (process->tgid != tgid && process->next)
		process = process->next;
	if (process->tgid == tgid)
		return process;
	process->next = watched_process_first(tgid ? attach(tgid) : NULL, tgid);
	if (process->next)
		process->next->borrowed = false;
	return process->next;
}

static void read_maps(struct watched_process *process)
{
	struct vmwalk_maps maps = { 0 };

	process->read_at = watch_now_ns();
	process->changed = false;
	/* /proc/PID/maps of an exited process is empty: keep the last maps. */
	if (!process->dev || vmwalk_maps_read(process->dev, &maps) || !maps.nr) {
		vmwalk_maps_free(&maps);
		return;
	}
	vmwalk_maps_free(&process->maps);
	process->maps = maps;
	process->listed = false;
}

static bool is_of(const struct vmwalk_maps_line *line, const struct vmwalk_vma *vma)
{
	if (!line)
		return false;
	if (vma->traits & VMWALK_VMA_HAS_FILE)
		return line->inode == vma->ino && line->major == vma->dev_major &&
		       line->minor == vma->dev_minor;
	/* Without a file: a VMA that grew or was cut has kept one end. */
	return !line->inode && (line->start == vma->start || line->end == vma->end);
}

static const struct vmwalk_maps_line *find_line(struct watched_process *process, __u64 address,
						const struct vmwalk_vma *vma)
{
	const struct vmwalk_maps_line *line = vmwalk_maps_at(&process->maps, address);

	if (is_of(line, vma) && !process->changed)
		return line;
	if (!process->read_at || watch_now_ns() - process->read_at >= READ_EVERY) {
		read_maps(process);
		line = vmwalk_maps_at(&process->maps, address);
	}
	return is_of(line, vma) ? line : NULL;
}

/* Return the name of the file from another of its mappings, or "". */
static const char *find_file(const struct watched_process *process, const struct vmwalk_vma *vma)
{
	size_t i;

	for (i = 0; i < process->maps.nr; i++)
		if (vma->traits & VMWALK_VMA_HAS_FILE && is_of(&process->maps.line[i], vma))
			return process->maps.line[i].name;
	return "";
}

static void note_recent(struct watched_process *process, const struct vmwalk_vma *vma)
{
	const struct vmwalk_vma *last = &process->recent[(process->nr_recent - 1) % RECENT];

	if (!process->nr_recent || last->start != vma->start || last->end != vma->end)
		process->recent[process->nr_recent++ % RECENT] = *vma;
}

static const struct vmwalk_vma *find_recent(const struct watched_process *process, __u64 address)
{
	const struct vmwalk_vma *vma;
	unsigned int i;

	for (i = process->nr_recent; i && process->nr_recent - i < RECENT; i--) {
		vma = &process->recent[(i - 1) % RECENT];
		if (vma->start <= address && address < vma->end)
			return vma;
	}
	return NULL;
}

void watched_process_remap(struct watched_process *process, __u64 start, __u64 end)
{
	struct vmwalk_vma *vma;
	unsigned int i;

	for (i = 0; i < RECENT; i++) {
		vma = &process->recent[i];
		if (vma->start < end && start < vma->end)
			vma->end = vma->start;
	}
}

char *watched_process_region(struct watched_process *process, __u64 address,
			     const struct vmwalk_vma *vma, char *buf, size_t size)
{
	const struct vmwalk_maps_line *line;
	const char *name = "";

	buf[0] = '\0';
	if (!vma)
		return buf;
	if (process) {
		note_recent(process, vma);
		line = find_line(process, address, vma);
		name = line ? line->name : find_file(process, vma);
	}
	if (*name)
		snprintf(buf, size, "%s", name);
	else if (vma->traits & VMWALK_VMA_HAS_FILE)
		snprintf(buf, size, "file %02x:%02x %llu", vma->dev_major, vma->dev_minor,
			 (unsigned long long)vma->ino);
	else if (vma->traits & VMWALK_VMA_IS_ANON)
		snprintf(buf, size, "anon %llx", (unsigned long long)vma->start);
	else
		snprintf(buf, size, "special %llx", (unsigned long long)vma->start);
	return buf;
}

void watched_process_region_at(struct watched_process *process, __u64 address, char *buf,
			       size_t size)
{
	const struct vmwalk_maps_line *line = NULL;
	const struct vmwalk_vma *vma;

	buf[0] = '\0';
	if (!process)
		return;
	if (process->changed &&
	    (!process->read_at || watch_now_ns() - process->read_at >= READ_EVERY))
		read_maps(process);
	line = vmwalk_maps_at(&process->maps, address);
	vma = find_recent(process, address);
	/* The maps of a process that has exited, or were read just now, may be too old. */
	if (vma && (!line || !is_of(line, vma))) {
		watched_process_region(process, address, vma, buf, size);
		return;
	}
	if (!line)
		return;
	if (*line->name)
		snprintf(buf, size, "%s", line->name);
	else
		snprintf(buf, size, "anon %llx", (unsigned long long)line->start);
}

static void list_symbols(struct watched_process *process)
{
	unsigned int i;

	if (process->listed)
		return;
	process->listed = true;
	for (i = 0; i < SYMBOL_CACHE; i++) {
		free(process->name[i]);
		process->name[i] = NULL;
	}
	if (process->dev)
		symbols_list(process->symbols, process->dev);
}

void watched_process_look(struct watched_process *process, bool now)
{
	process->changed = true;
	if (!now)
		return;
	read_maps(process);
	list_symbols(process);
}

const char *watched_process_symbol(struct watched_process *process, __u64 ip)
{
	unsigned int slot = ip % SYMBOL_CACHE;
	char name[512];

	if (!process)
		return "";
	if (!process->read_at || (!vmwalk_maps_at(&process->maps, ip) &&
				  watch_now_ns() - process->read_at >= READ_EVERY))
		read_maps(process);
	list_symbols(process);
	if (process->name[slot] && process->ip[slot] == ip)
		return process->name[slot];
	symbols_name(process->symbols, ip, name, sizeof(name));
	free(process->name[slot]);
	process->name[slot] = strdup(name);
	process->ip[slot] = ip;
	return process->name[slot] ? process->name[slot] : "";
}

static void watched_process_free(struct watched_process *process)
{
	unsigned int i;

	for (i = 0; i < SYMBOL_CACHE; i++)
		free(process->name[i]);
	symbols_close(process->symbols);
	vmwalk_maps_free(&process->maps);
	if (!process->borrowed)
		vmwalk_device_close(process->dev);
	free(process);
}

void watched_process_forget(struct watched_process *processes, __u32 tgid)
{
	struct watched_process *process;

	if (processes->tgid == tgid) {
		processes->tgid = NOBODY;
		return;
	}
	for (; processes->next; processes = processes->next) {
		process = processes->next;
		if (process->tgid != tgid)
			continue;
		processes->next = process->next;
		watched_process_free(process);
		return;
	}
}

void watched_processes_free(struct watched_process *processes)
{
	struct watched_process *next;

	for (; processes; processes = next) {
		next = processes->next;
		watched_process_free(processes);
	}
}
