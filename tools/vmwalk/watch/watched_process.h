/* SPDX-License-Identifier: GPL-2.0 */
/* The processes of a watch, and what their addresses are called. */
#ifndef VMWALK_PEERS_H
#define VMWALK_PEERS_H

#include "libvmwalk.h"
#include "target/symbols.h"

#define PEER_IPS	1024

/**
 * struct peer - a process that events come from
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
struct peer {
	struct peer *next;
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
 * peer_first() - begin with one that is attached already; the device is the caller's.
 * NULL without memory.
 */
struct peer *peer_first(struct vmwalk_device *dev, __u32 tgid);

/*
 * peer_find() - the process of an id, attached if it can be
 * @peers: the first one; others are added behind it
 * Returns NULL without memory.
 */
struct peer *peer_find(struct peer *peers, __u32 tgid);

/* peer_look() - its maps may have changed; @now: at once, and whatever was read before */
void peer_look(struct peer *peer, bool now);

/**
 * peer_region() - the name of what an address lies in, raw
 * @peer: the process; NULL is fine
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
char *peer_region(struct peer *peer, __u64 address, const struct vmwalk_vma *vma, char *buf,
		  size_t size);

/* peer_symbol() - the name of an instruction, as symbols_name(); "" if it has none */
const char *peer_symbol(struct peer *peer, __u64 ip);

/* peer_forget() - it has ended, and its id may be given to another one */
void peer_forget(struct peer *peers, __u32 tgid);

/* peers_free() - give all of them back; NULL is fine */
void peers_free(struct peer *peers);

#endif /* VMWALK_PEERS_H */
