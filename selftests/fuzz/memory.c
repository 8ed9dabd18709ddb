// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer: the buffers of calls.
 *
 * The fuzzer sees all pages. Calls get other mappings of the same pages, in which some
 * are inaccessible or read-only, and some are unmapped and remapped by another thread
 * while a call uses them. A call accesses its structure, and the records after it,
 * upwards without a gap: whatever sizes it was given, it stops at the first page that
 * does not allow this.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "fuzz.h"

#define PAGES	6		/* 2 writable, 1 PROT_NONE, 1 read-only, 2 to race on */
#define MISSING	2
#define READONLY 3
#define RACING	4

static char *pages_map(void *at, size_t first, size_t count, int fd)
{
	char *p = mmap(at, count * PAGE, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_POPULATE | (at ? MAP_FIXED : 0), fd, first * PAGE);

	if (p == MAP_FAILED)
		abort();
	return p;
}

/*
 * Each array is followed by an inaccessible page, for calls that write past its end, and
 * by a read-only page, which array_choose() can choose as an array.
 */
#define ARRAY_PAGES	(ARRAY_BYTES / PAGE)
#define ARRAY_STEP	(ARRAY_PAGES + 2)

static void arrays_make(struct arena *arena, int fd)
{
	unsigned int i;
	char *end;

	arena->arrays = pages_map(NULL, PAGES, 2 * ARRAY_STEP, fd);
	arena->arrays_view = pages_map(NULL, PAGES, 2 * ARRAY_STEP, fd);
	for (i = 0; i < 2; i++) {
		end = arena->arrays_view + (i * ARRAY_STEP + ARRAY_PAGES) * PAGE;
		mprotect(end, PAGE, PROT_NONE);
		mprotect(end + PAGE, PAGE, PROT_READ);
	}
}

/* Far below mmap_base, so that no other mmap() fills the hole while it is unmapped */
#define RACING_AT	0x200000000000UL

void arena_make(struct arena *arena, unsigned int number)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, (PAGES + 2 * ARRAY_STEP) * PAGE))
		abort();
	arena->plain = pages_map(NULL, 0, PAGES, fd);
	arena->view = pages_map(NULL, 0, RACING, fd);
	arena->racing = pages_map((char *)RACING_AT + number * MIB, RACING, PAGES - RACING, fd);
	arrays_make(arena, fd);
	close(fd);
	mprotect(arena->view + MISSING * PAGE, PAGE, PROT_NONE);
	mprotect(arena->view + READONLY * PAGE, PAGE, PROT_READ);
}

static const uintptr_t wild[] = {
	0, 1, PAGE - 4, 0xffff888000000000UL, 0xffffffff81000000UL, 0x8000000000000000UL,
	0x00007ffffffff000UL, 0x0000800000000000UL, ~0UL, ~3UL, 0xffffffffff600000UL,
};

static void place_at(struct place *place, struct arena *arena, size_t offset)
{
	place->user = arena->view + offset;
	place->plain = arena->plain + offset;
	place->room = MISSING * PAGE - offset;
	place->writable = true;
}

void place_choose(struct place *place, struct arena *arena, struct source *source,
		  size_t size)
{
	const size_t end = MISSING * PAGE;

	*place = (struct place) { 0 };
	switch (choose(source, 16)) {
	case 0:
		place->user = (char *)wild[choose(source, ARRAY_SIZE(wild))];
		break;
	case 1:		/* may reach into the inaccessible page */
		place_at(place, arena, end - 1 - take(source, 2) % size);
		break;
	case 2:
		place->user = arena->view + READONLY * PAGE;
		place->plain = arena->plain + READONLY * PAGE;
		place->room = PAGE;
		break;
	case 3:
	case 4:
		place->user = arena->racing + choose(source, 255) * 8;
		place->plain = arena->plain + RACING * PAGE + (place->user - arena->racing);
		place->room = PAGE;
		place->racing = true;
		break;
	case 5:
		place_at(place, arena, 1 + choose(source, 64));
		break;
	case 6:
		place_at(place, arena, PAGE - 1 - take(source, 2) % size);
		break;
	case 7:
		place_at(place, arena, 0);
		break;
	default:	/* ends at the inaccessible page */
		place_at(place, arena, end - size);
	}
}

static void array_at(struct place *place, struct arena *arena, unsigned int number,
		     size_t offset)
{
	const size_t begin = number * ARRAY_STEP * PAGE;

	place->user = arena->arrays_view + begin + offset;
	place->plain = arena->arrays + begin + offset;
	place->room = ARRAY_BYTES - offset;
	place->writable = true;
}

void array_choose(struct place *place, struct arena *arena, struct source *source,
		  unsigned int number)
{
	*place = (struct place) { 0 };
	switch (choose(source, 16)) {
	case 0:
		place->user = (char *)wild[choose(source, ARRAY_SIZE(wild))];
		break;
	case 1:
		place->user = arena->arrays_view + (number * ARRAY_STEP + ARRAY_PAGES + 1) * PAGE;
		break;
	case 2:
	case 3:		/* at most 2 KiB, then the inaccessible page */
		array_at(place, arena, number, ARRAY_BYTES - 1 - take(source, 2) % 2048);
		break;
	case 4:
		place->user = arena->racing + choose(source, 255) * 8;
		place->racing = true;
		break;
	default:
		array_at(place, arena, number, 0);
	}
}

/* Runs in a thread of its own, while calls use the racing pages. */
void arena_disturb(struct arena *arena, uint64_t *state)
{
	switch (random_next(state) % 6) {
	case 0:
		mprotect(arena->racing, 2 * PAGE, PROT_NONE);
		break;
	case 1:
		mprotect(arena->racing, 2 * PAGE, PROT_READ);
		break;
	case 2:
		munmap(arena->racing, 2 * PAGE);
		break;
	case 3:
		madvise(arena->racing, PAGE, MADV_DONTNEED);
		break;
	case 4:		/* change a structure size, in case the module reads it twice */
		*(volatile uint32_t *)(arena->plain + RACING * PAGE +
				       random_next(state) % 255 * 8) =
			random_next(state) % (PAGE + 2);
		break;
	default:	/* an old size of 0 duplicates a shared mapping, see mremap(2) */
		mremap(arena->plain + RACING * PAGE, 0, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		       arena->racing);
	}
}
