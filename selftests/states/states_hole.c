// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include "lib/proc.h"
#include "states.h"

#define RW	(PROT_READ | PROT_WRITE)

static bool between_make(struct made *m)
{
	if (!region_map(m, 3 * PAGE_SIZE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1))
		return false;
	touch_write(m->address);
	touch_write(m->address + 2 * PAGE_SIZE);
	munmap(m->base + PAGE_SIZE, PAGE_SIZE);
	m->address += PAGE_SIZE + 0x77;
	return true;
}

static bool first_make(struct made *m)
{
	m->address = 0;
	return true;
}

static bool last_make(struct made *m)
{
	m->address = machine.user_end - PAGE_SIZE;
	return true;
}

static bool above_stack_make(struct made *m)
{
	struct proc_maps line, below, above;

	if (!proc_maps_named(getpid(), "[stack]", &line) ||
	    !proc_maps_around(getpid(), line.end - 1, &below, &above))
		return cannot(m, "this process has no [stack]");
	if (above.start == line.end)
		return cannot(m, "%s begins where the stack ends", above.name);
	m->address = line.end;
	return true;
}

/*
 * mmap() leaves a gap of 256 pages (stack_guard_gap) free below the stack. An access in
 * the gap extends the stack.
 */
static bool stack_gap_make(struct made *m)
{
	struct proc_maps line;

	if (!proc_maps_named(getpid(), "[stack]", &line))
		return cannot(m, "this process has no [stack]");
	m->address = line.start - 64 * PAGE_SIZE;
	return true;
}

const struct state states_hole[] = {
	{ "hole", "a hole between two mappings", between_make },
	{ "hole-first", "address zero", first_make },
	{ "hole-last", "the last page of the user range", last_make },
	{ "hole-above-stack", "just above the stack", above_stack_make },
	{ "hole-stack-gap", "the gap that is kept below the stack", stack_gap_make },
	{ NULL, NULL, NULL }
};
