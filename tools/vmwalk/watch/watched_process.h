/* SPDX-License-Identifier: GPL-2.0 */
/* The processes of a watch, and what their addresses are called. */
#ifndef VMWALK_WATCHED_PROCESS_H
#define VMWALK_WATCHED_PROCESS_H

#include "libvmwalk.h"
#include "target/symbols.h"

#define PEER_IPS	1024

/**
 * struct watched_process - a process that events come from
 * @next: another one
 * @tgid: its id
 * @dev: attached to it; NULL: it could not be
 * @borrowed: @dev is the caller's
 * @maps: as last read
 * @read_at: when, ns; 0: never
 * @changed: something has been mapped or unmapped since
 * @symbols: of what is mapped; NULL if there are none
 * @listed: they are those of @maps
 * @ip: instructions that a name was found for, by their lowest bits
 * @name: the names of these
 */
struct watched_process {
	struct watched_process *next;
	__u32 tgid;
	struct vmwalk_device *dev;
	bool borrowed;
	struct vmwalk_maps maps;
	__u64 read_at;
	bool changed;
	struct symbols *symbols;
	bool listed;
	__u64 ip[PEER_IPS];
	char *name[PEER_IPS];
};

/*
 * watched_process_first() - begin with one that is attached already; the device is the caller's.
 * NULL without memory.
 */
struct watched_process *watched_process_first(struct vmwalk_device *dev, __u32 tgid);

/*
 * watched_process_find() - the process of an id, attached if it can be
 * @processes: the first one; others are added behind it
 * Returns NULL without memory.
 */
struct watched_process *watched_process_find(struct watched_process *processes, __u32 tgid);

/* watched_process_look() - read its maps again if they may have changed; @now: in any case */
void watched_process_look(struct watched_process *process, bool now);

/**
 * watched_process_region() - the name of what an address lies in, raw
 * @process: the process; NULL is fine
 * @address: the address
 * @vma: that it lies in, as it was recorded; NULL: in none
 * @buf: set to the name of the file or region; "anon START" of memory without one
 * @size: of @buf, bytes
 *
 * The maps are those of now, or of a moment ago: their name counts if they still have this
 * very VMA there, or one of the same file.
 *
 * Return: @buf.
 */
char *watched_process_region(struct watched_process *process, __u64 address,
			     const struct vmwalk_vma *vma, char *buf, size_t size);

/* watched_process_symbol() - the name of an instruction, as symbols_name(); "" if it has none */
const char *watched_process_symbol(struct watched_process *process, __u64 ip);

/* watched_process_forget() - it has ended, and its id may be given to another one */
void watched_process_forget(struct watched_process *processes, __u32 tgid);

/* watched_processes_free() - give all of them back; NULL is fine */
void watched_processes_free(struct watched_process *processes);

#endif /* VMWALK_WATCHED_PROCESS_H */
