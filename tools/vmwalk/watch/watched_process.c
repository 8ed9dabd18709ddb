// SPDX-License-Identifier: GPL-2.0
/*
 * The processes of a watch, and what their addresses are called. Their maps are read again
 * when they have changed, or an address is not found there, and not too often: that takes
 * a lock of theirs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "watched_process.h"

/* Maps are read so often at most, ns, unless they are known to have changed. */
#define READ_EVERY	20000000ULL
/* No id of a process */
#define NOBODY		(~0U)

static __u64 now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

struct peer *peer_first(struct vmwalk_device *dev, __u32 tgid)
{
	struct peer *peer = calloc(1, sizeof(*peer));

	if (!peer)
		return NULL;
	peer->tgid = tgid;
	peer->dev = dev;
	peer->borrowed = true;
	peer->symbols = symbols_open();
	return peer;
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

struct peer *peer_find(struct peer *peers, __u32 tgid)
{
	struct peer *peer = peers;

	while (peer->tgid != tgid && peer->next)
		peer = peer->next;
	if (peer->tgid == tgid)
		return peer;
	peer->next = peer_first(tgid ? attach(tgid) : NULL, tgid);
	if (peer->next)
		peer->next->borrowed = false;
	return peer->next;
}

static void read_maps(struct peer *peer)
{
	struct vmwalk_maps maps = { 0 };

	peer->read_at = now_ns();
	peer->changed = false;
	/* Of one that has gone, what was there is all that will ever be known. */
	if (!peer->dev || vmwalk_maps_read(peer->dev, &maps) || !maps.nr) {
		vmwalk_maps_free(&maps);
		return;
	}
	vmwalk_maps_free(&peer->maps);
	peer->maps = maps;
	peer->listed = false;
}

static bool is_of(const struct vmwalk_maps_line *line, const struct vmwalk_vma *vma)
{
	if (!line)
		return false;
	if (vma->traits & VMWALK_VMA_HAS_FILE)
		return line->inode == vma->ino && line->major == vma->dev_major &&
		       line->minor == vma->dev_minor;
	/* What grows, or is cut, keeps one of its ends. */
	return !line->inode && (line->start == vma->start || line->end == vma->end);
}

static const struct vmwalk_maps_line *find_line(struct peer *peer, __u64 address,
						const struct vmwalk_vma *vma)
{
	const struct vmwalk_maps_line *line = vmwalk_maps_at(&peer->maps, address);

	if (is_of(line, vma) && !peer->changed)
		return line;
	if (!peer->read_at || now_ns() - peer->read_at >= READ_EVERY) {
		read_maps(peer);
		line = vmwalk_maps_at(&peer->maps, address);
	}
	return is_of(line, vma) ? line : NULL;
}

/* A file that is mapped elsewhere too has its name there. */
static const char *find_file(const struct peer *peer, const struct vmwalk_vma *vma)
{
	size_t i;

	for (i = 0; i < peer->maps.nr; i++)
		if (vma->traits & VMWALK_VMA_HAS_FILE && is_of(&peer->maps.line[i], vma))
			return peer->maps.line[i].name;
	return "";
}

char *peer_region(struct peer *peer, __u64 address, const struct vmwalk_vma *vma, char *buf,
		  size_t size)
{
	const struct vmwalk_maps_line *line;
	const char *name = "";

	buf[0] = '\0';
	if (!vma)
		return buf;
	if (peer) {
		line = find_line(peer, address, vma);
		name = line ? line->name : find_file(peer, vma);
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

static void list_symbols(struct peer *peer)
{
	unsigned int i;

	if (peer->listed)
		return;
	peer->listed = true;
	for (i = 0; i < PEER_IPS; i++) {
		free(peer->name[i]);
		peer->name[i] = NULL;
	}
	if (peer->dev)
		symbols_list(peer->symbols, peer->dev);
}

void peer_look(struct peer *peer, bool now)
{
	peer->changed = true;
	if (!now)
		return;
	read_maps(peer);
	list_symbols(peer);
}

const char *peer_symbol(struct peer *peer, __u64 ip)
{
	unsigned int slot = ip % PEER_IPS;
	char name[512];

	if (!peer)
		return "";
	if (!peer->read_at || (!vmwalk_maps_at(&peer->maps, ip) &&
			       now_ns() - peer->read_at >= READ_EVERY))
		read_maps(peer);
	list_symbols(peer);
	if (peer->name[slot] && peer->ip[slot] == ip)
		return peer->name[slot];
	symbols_name(peer->symbols, ip, name, sizeof(name));
	free(peer->name[slot]);
	peer->name[slot] = strdup(name);
	peer->ip[slot] = ip;
	return peer->name[slot] ? peer->name[slot] : "";
}

static void peer_free(struct peer *peer)
{
	unsigned int i;

	for (i = 0; i < PEER_IPS; i++)
		free(peer->name[i]);
	symbols_close(peer->symbols);
	vmwalk_maps_free(&peer->maps);
	if (!peer->borrowed)
		vmwalk_device_close(peer->dev);
	free(peer);
}

void peer_forget(struct peer *peers, __u32 tgid)
{
	struct peer *peer;

	if (peers->tgid == tgid) {
		peers->tgid = NOBODY;
		return;
	}
	for (; peers->next; peers = peers->next) {
		peer = peers->next;
		if (peer->tgid != tgid)
			continue;
		peers->next = peer->next;
		peer_free(peer);
		return;
	}
}

void peers_free(struct peer *peers)
{
	struct peer *next;

	for (; peers; peers = next) {
		next = peers->next;
		peer_free(peers);
	}
}
