// SPDX-License-Identifier: GPL-2.0
/*
 * Read memory through /proc/kcore: an ELF core file whose segments are, among others, the
 * direct map, the kernel image and vmalloc, and whose notes hold the task_struct of the
 * reader (fs/proc/kcore.c).
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "proc.h"

#define MM_BYTES 2048		/* bytes of an mm_struct that are searched for its pgd */

static bool exact(int fd, void *to, size_t size, off_t offset)
{
	return pread(fd, to, size, offset) == (ssize_t)size;
}

static Elf64_Phdr *headers_read(int fd, size_t *count)
{
	Elf64_Phdr *headers;
	Elf64_Ehdr head;

	if (!exact(fd, &head, sizeof(head), 0))
		return NULL;
	headers = calloc(head.e_phnum, sizeof(*headers));
	if (!headers)
		return NULL;
	*count = head.e_phnum;
	if (exact(fd, headers, head.e_phnum * sizeof(*headers), head.e_phoff))
		return headers;
	free(headers);
	return NULL;
}

/*
 * Find the segment of an address. The image is mapped twice: in the direct map and at its
 * own addresses, where page-table isolation unmaps its freed parts. Take the larger
 * segment, which is the direct map.
 */
static const Elf64_Phdr *header_find(const Elf64_Phdr *headers, size_t count,
				     uint64_t address, bool physical)
{
	const Elf64_Phdr *found = NULL;
	uint64_t start;
	size_t i;

	for (i = 0; i < count; i++) {
		start = physical ? headers[i].p_paddr : headers[i].p_vaddr;
		/* vmalloc segments have no physical address: p_paddr is all ones. */
		if (headers[i].p_type != PT_LOAD || headers[i].p_paddr == ~0ULL)
			continue;
		if (start <= address && address - start < headers[i].p_filesz &&
		    (!found || found->p_filesz < headers[i].p_filesz))
			found = &headers[i];
	}
	return found;
}

typedef bool (*kcore_act)(int fd, const Elf64_Phdr *headers, size_t count, void *arg);

static bool kcore_with(kcore_act act, void *arg)
{
	Elf64_Phdr *headers;
	bool ok = false;
	size_t count;
	int fd;

	fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	headers = headers_read(fd, &count);
	errno = ENXIO;
	if (headers)
		ok = act(fd, headers, count, arg);
	free(headers);
	close(fd);
	return ok;
}

struct reading {
	uint64_t at;
	uint64_t *values;
	size_t count;
};

static bool physical_read(int fd, const Elf64_Phdr *headers, size_t count, void *arg)
{
	const struct reading *r = arg;
	const Elf64_Phdr *h = header_find(headers, count, r->at, true);

	return h && exact(fd, r->values, r->count * sizeof(*r->values),
			  h->p_offset + (r->at - h->p_paddr));
}

bool kcore_words(uint64_t physical, uint64_t *values, size_t count)
{
	struct reading reading = { physical, values, count };

	return kcore_with(physical_read, &reading);
}

bool kcore_word(uint64_t physical, uint64_t *value)
{
	return kcore_words(physical, value, 1);
}

/* Unlike header_find(), accept vmalloc segments, which have no physical address. */
static bool virtual_read(int fd, const Elf64_Phdr *headers, size_t count, void *arg)
{
	const struct reading *r = arg;
	const Elf64_Phdr *h;

	for (h = headers; h < headers + count; h++)
		if (h->p_type == PT_LOAD && h->p_vaddr <= r->at &&
		    r->at - h->p_vaddr < h->p_filesz)
			return exact(fd, r->values, r->count * sizeof(*r->values),
				     h->p_offset + (r->at - h->p_vaddr));
	return false;
}

bool kcore_kernel_word(uint64_t address, uint64_t *value)
{
	struct reading reading = { address, value, 1 };

	return kcore_with(virtual_read, &reading);
}

struct translation {
	uint64_t from;
	uint64_t to;
	bool physical;
};

static bool address_translate(int fd, const Elf64_Phdr *headers, size_t count, void *arg)
{
	struct translation *t = arg;
	const Elf64_Phdr *h = header_find(headers, count, t->from, t->physical);

	(void)fd;
	if (h)
		t->to = t->physical ? t->from - h->p_paddr + h->p_vaddr :
				      t->from - h->p_vaddr + h->p_paddr;
	return h;
}

bool kcore_direct_map(uint64_t physical, uint64_t *address)
{
	struct translation t = { .from = physical, .physical = true };
	bool ok = kcore_with(address_translate, &t);

	*address = t.to;
	return ok;
}

bool kcore_physical(uint64_t address, uint64_t *physical)
{
	struct translation t = { .from = address };
	bool ok = kcore_with(address_translate, &t);

	*physical = t.to;
	return ok;
}

static bool holds(int fd, const Elf64_Phdr *headers, size_t count,
		  uint64_t address, uint64_t word)
{
	uint64_t words[MM_BYTES / sizeof(uint64_t)];
	const Elf64_Phdr *h = header_find(headers, count, address, false);
	size_t i;

	if (!h || address % sizeof(word))
		return false;
	if (!exact(fd, words, sizeof(words), h->p_offset + (address - h->p_vaddr)))
		return false;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i] == word)
			return true;
	return false;
}

/*
 * Return a copy of the reading thread's task_struct, from the NT_TASKSTRUCT note, and its
 * size in 8-byte words; or NULL. The caller frees it.
 */
static uint64_t *task_read(int fd, const Elf64_Phdr *note, size_t *words)
{
	char *notes = malloc(note->p_filesz);
	size_t at = 0, size;
	Elf64_Nhdr *n;

	if (!notes || !exact(fd, notes, note->p_filesz, note->p_offset))
		goto out;
	while (at + sizeof(*n) < note->p_filesz) {
		n = (Elf64_Nhdr *)(notes + at);
		at += sizeof(*n) + ((n->n_namesz + 3) & ~3U);
		size = n->n_descsz;
		if (at + size > note->p_filesz)
			break;
		if (n->n_type == NT_TASKSTRUCT) {
			memmove(notes, notes + at, size);
			*words = size / sizeof(uint64_t);
			return (uint64_t *)notes;
		}
		at += (size + 3) & ~3UL;
	}
out:
	free(notes);
	return NULL;
}

static bool root_search(int fd, const Elf64_Phdr *headers, size_t count, void *arg)
{
	const uint64_t physical = *(uint64_t *)arg;
	const Elf64_Phdr *h = header_find(headers, count, physical, true);
	uint64_t *task = NULL;
	size_t words = 0, i;
	bool ok = false;

	if (h)
		task = task_read(fd, &headers[0], &words);
	for (i = 0; task && !ok && i < words; i++)
		ok = holds(fd, headers, count, task[i],
			   h->p_vaddr + (physical - h->p_paddr));
	free(task);
	return ok;
}

bool kcore_own_root(uint64_t physical)
{
	return kcore_with(root_search, &physical);
}
