/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_WATCHED_PROCESS_H
#define VMWALK_WATCHED_PROCESS_H

#include "libvmwalk.h"
#include "target/symbols.h"

#define SYMBOL_CACHE	1024

#define RECENT		32

struct watched_process {
	struct watched_process *next;
	__u32 tgid;
	struct vmwalk_device *dev;	/* attached; NULL if that failed or @tgid is 0 */
	bool borrowed;	/* @dev is owned by the caller */
	/* lines of the last read of /proc/PID/maps that was not empty */
	struct vmwalk_maps maps;
	/* time of the last read, also a failed one, watch_now_ns(); 0: never */
	__u64 read_at;
	bool changed;	/* mappings may have changed since @read_at */
	struct symbols *symbols;	/* NULL without libdw, and without memory */
	/* @symbols were listed, and @name emptied, since @maps was read */
	bool listed;
	/*
	 * VMAs of the last events, the newest at @nr_recent - 1 % RECENT: they tell where an
	 * address was if the process exits before its maps are read again.
	 */
	struct vmwalk_vma recent[RECENT];
	unsigned int nr_recent;
	/* instruction pointer of the @name with the same index, ip % SYMBOL_CACHE */
	__u64 ip[SYMBOL_CACHE];
	char *name[SYMBOL_CACHE];
};

/* Create the list; the caller still owns @dev. Return NULL on allocation failure. */
struct watched_process *watched_process_first(struct vmwalk_device *dev, __u32 tgid);

/* Find a process, or attach to it and append it. Return NULL on allocation failure. */
struct watched_process *watched_process_find(struct watched_process *processes, __u32 tgid);

/* Note that a system call has unmapped, mapped or moved something in a range. */
void watched_process_remap(struct watched_process *process, __u64 start, __u64 end);

/* Note that the maps may have changed: read them at a later use, or @now. */
void watched_process_look(struct watched_process *process, bool now);

/**
 * watched_process_region() - name the region of an address, not escaped
 * @process: the process; NULL is fine
 * @address: the address
 * @vma: recorded VMA of the address; NULL: none
 * @buf: set to the name of the file or region, or without a name to "file DEV INODE",
 *	"anon START" or "special START"; "" without @vma
 * @size: size of @buf, bytes
 *
 * The maps are newer or older than the event, so a name is used only if the line is of
 * the same VMA or file.
 *
 * Return: @buf.
 */
char *watched_process_region(struct watched_process *process, __u64 address,
			     const struct vmwalk_vma *vma, char *buf, size_t size);

/**
 * watched_process_region_at() - name the region of an address without its VMA
 * @process: the process, or NULL
 * @address: address of an event that has no VMA
 * @buf: set to the name as by watched_process_region(), or to "": by the maps, or by the
 *	VMA of an earlier event
 * @size: size of @buf, bytes
 */
void watched_process_region_at(struct watched_process *process, __u64 address, char *buf,
			       size_t size);

/* Return the symbol at @ip, as symbols_name(), or "". Valid until the next call. */
const char *watched_process_symbol(struct watched_process *process, __u64 ip);

/* Forget a process that has exited: its id may be reused. */
void watched_process_forget(struct watched_process *processes, __u32 tgid);

/* Return CLOCK_MONOTONIC in ns, the clock of event times. */
__u64 watch_now_ns(void);

/* Free the list; NULL is fine. */
void watched_processes_free(struct watched_process *processes);

#endif
