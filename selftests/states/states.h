/* SPDX-License-Identifier: GPL-2.0 */
/*
 * States of memory. Each state is made in the calling process, and gives an address in
 * that state. The tests, the demo and other test programs share them.
 */
#ifndef VMWALK_SELFTESTS_STATES_H
#define VMWALK_SELFTESTS_STATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "lib/machine.h"

#define __printf(a, b)	__attribute__((format(printf, a, b)))

/**
 * struct made - result of making a state
 * @address: an address in the state
 * @other: a second value of the state, such as its protection key, or 0
 * @base: the mapping made for it, to be unmapped; NULL if none was made
 * @size: bytes mapped at @base
 * @fd: a descriptor that must stay open, or -1
 * @partner: a child that shares the memory, or 0
 * @path: a file to be removed, or ""
 * @why: reason why the state cannot be made; "" if it was made
 */
struct made {
	uint64_t address;
	uint64_t other;
	char *base;
	size_t size;
	int fd;
	pid_t partner;
	char path[64];
	char why[160];
};

/**
 * struct state - a state of memory
 * @name: one word, unique
 * @what: description, one sentence
 * @make: makes the state; returns false and sets made->why if this machine cannot
 */
struct state {
	const char *name;
	const char *what;
	bool (*make)(struct made *made);
};

/* One table for each states_*.c; the last row has no name. */
extern const struct state states_anon[];
extern const struct state states_file[];
extern const struct state states_huge[];
extern const struct state states_swap[];
extern const struct state states_guarded[];
extern const struct state states_kernel[];
extern const struct state states_hole[];

const struct state *state_find(const char *name);
/*
 * Return the state with this number, from 0 over all tables, or NULL past the last one.
 */
const struct state *state_nth(size_t number);
bool state_make(const struct state *state, struct made *made);
/*
 * Free the partner, mapping, descriptor and file that state_make() made, and nothing
 * else: a protection key or a setting of the system, for instance, stays.
 */
void state_undo(struct made *made);

/*
 * Helpers of states_*.c. On failure those that get @made and return bool, except
 * pagemap_wait(), set made->why and return false. cannot() does so in any case.
 */
__printf(2, 3) bool cannot(struct made *made, const char *fmt, ...);
bool region_map(struct made *made, size_t size, int prot, int flags, int fd);
bool region_map_aligned(struct made *made, size_t size, size_t align, int prot,
			int flags, int fd);
/*
 * Fork a child that calls act(made), if @act is not NULL, and then waits to be killed.
 * Return once act() has returned.
 */
bool partner_start(struct made *made, void (*act)(struct made *));
/* Create a file in /tmp and fill each page with a letter. Set made->fd and made->path. */
bool file_create(struct made *made, unsigned int pages);
bool memfd_create_pages(struct made *made, unsigned int pages, unsigned int flags);

/*
 * Poll the pagemap entry of made->address until all of @bits are set, or none of them if
 * @set is false. Return false after @ms; made->why is not set.
 */
bool pagemap_wait(struct made *made, uint64_t bits, bool set, unsigned int ms);
/*
 * Repeat MADV_PAGEOUT of the whole mapping until pagemap_wait() succeeds, for about 10 s.
 */
bool page_out(struct made *made, uint64_t bits, bool set);
void sleep_ms(unsigned int ms);

/*
 * Write a setting in /proc or /sys. setting_swap() stores the previous value in @old, cut
 * to @size bytes.
 */
bool setting_write(const char *path, const char *value);
bool setting_swap(const char *path, const char *value, char *old, size_t size);

/* A return instruction of this architecture; on x86 four of them, of one byte each. */
extern const uint32_t code_return;

/* Access memory in ways that the compiler can neither drop nor merge. */
void touch_read(uint64_t address);
void touch_write(uint64_t address);
void touch_pages(char *at, size_t pages);

#endif
