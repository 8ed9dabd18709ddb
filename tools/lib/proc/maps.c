// SPDX-License-Identifier: GPL-2.0
/* Read and parse /proc/PID/maps, as show_map_vma() of fs/proc/task_mmu.c writes it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libvmwalk.h"
#include "read.h"

/* seq_file gives a page in one read(2), or more if a line is longer */
#define READ_LEAST	4096
#define READ_FIRST	16384

int vmwalk_read_all(int fd, char **textp)
{
	size_t size = 0, used = 0;
	char *text = NULL, *bigger;
	ssize_t got;
	int error;

	do {
		if (size - used < READ_LEAST + 1) {
			size += size ? size : READ_FIRST;
			bigger = realloc(text, size);
			if (!bigger) {
				free(text);
				return -ENOMEM;
			}
			text = bigger;
		}
		got = read(fd, text + used, size - used - 1);
		if (got < 0) {
			error = -errno;
			free(text);
			return error;
		}
		used += got;
	} while (got);
	text[used] = '\0';
	*textp = text;
	return 0;
}

/* Return a number past all bases if @c is no digit. */
static unsigned int digit_of(char c)
{
	static const unsigned char after[256] = {
		['0'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ['a'] = 11, 12, 13, 14, 15, 16,
	};

	return after[(unsigned char)c] - 1U;
}

/*
 * Parse a number, and skip @after, which must follow it (0: anything may follow). On
 * failure set *@at to NULL: further calls then return 0.
 */
static __u64 take_number(char **at, unsigned int base, char after)
{
	char *from = *at, *end = from;
	__u64 number = 0;

	if (!from)
		return 0;
	for (; digit_of(*end) < base; end++)
		number = number * base + digit_of(*end);
	if (end == from || (after && *end != after))
		*at = NULL;
	else
		*at = end + !!after;
	return number;
}

/* sscanf(3) and strtoull(3) take longer than the kernel takes to write the line. */
static int parse_line(struct vmwalk_maps_line *line, char *text)
{
	char *at = text;

	line->start = take_number(&at, 16, '-');
	line->end = take_number(&at, 16, ' ');
	if (!at || strcspn(at, " ") != sizeof(line->perms) - 1 || !at[sizeof(line->perms) - 1])
		return -EINVAL;
	memcpy(line->perms, at, sizeof(line->perms) - 1);
	at += sizeof(line->perms);
	line->offset = take_number(&at, 16, ' ');
	line->major = take_number(&at, 16, ':');
	line->minor = take_number(&at, 16, ' ');
	line->inode = take_number(&at, 10, '\0');
	if (!at || line->end <= line->start)
		return -EINVAL;
	line->text = text;
	/* The kernel pads with blanks; names never begin with one. */
	line->name = at + strspn(at, " ");
	return 0;
}

static size_t count_lines(const char *text)
{
	size_t nr = 0;

	for (; (text = strchr(text, '\n')); text++)
		nr++;
	return nr;
}

int vmwalk_maps_parse(struct vmwalk_maps *maps, char *text)
{
	size_t nr = count_lines(text);
	char *next;
	int error;

	maps->nr = 0;
	maps->text = text;
	maps->line = calloc(nr + 1, sizeof(*maps->line));
	if (!maps->line) {
		vmwalk_maps_free(maps);
		return -ENOMEM;
	}
	for (; (next = strchr(text, '\n')); text = next + 1) {
		*next = '\0';
		error = parse_line(&maps->line[maps->nr], text);
		if (error) {
			vmwalk_maps_free(maps);
			return error;
		}
		maps->nr++;
	}
	return 0;
}

int vmwalk_maps_read(const struct vmwalk_device *dev, struct vmwalk_maps *maps)
{
	char *text = NULL;
	int fd, error;

	memset(maps, 0, sizeof(*maps));
	fd = vmwalk_device_book(dev, "maps");
	if (fd < 0)
		return -errno;
	error = vmwalk_read_all(fd, &text);
	close(fd);
	return text ? vmwalk_maps_parse(maps, text) : error;
}

const struct vmwalk_maps_line *vmwalk_maps_at(const struct vmwalk_maps *maps, __u64 address)
{
	size_t low = 0, high = maps->nr, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (maps->line[middle].end > address)
			high = middle;
		else
			low = middle + 1;
	}
	if (low == maps->nr || maps->line[low].start > address)
		return NULL;
	return &maps->line[low];
}

void vmwalk_maps_free(struct vmwalk_maps *maps)
{
	free(maps->line);
	free(maps->text);
	memset(maps, 0, sizeof(*maps));
}
