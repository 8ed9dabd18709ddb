/* SPDX-License-Identifier: GPL-2.0 */
/*
 * States of memory: each is made in the calling process and leaves an address
 * that is in it. The tests, the demo and whoever needs a THP at hand share them.
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
 * struct made - what a state consists of once it has been made
 * @address: an address in the state
 * @other: a second address that matters to the state, or 0
 * @base: the mapping made for it, to be unmapped; NULL if it was there before
 * @size: bytes of it
 * @fd: a descriptor that has to stay open, or -1
 * @partner: a child that shares the state, or 0
 * @path: a file to be removed, or ""
 * @why: why it cannot be made
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
 * @what: one sentence
 * @make: makes it; false with made->why if this machine cannot
 */
struct state {
	const char *name;
	const char *what;
	bool (*make)(struct made *made);
};

/* The tables, one for each file of states; each ends in a row without a name. */
extern const struct state states_anon[];
extern const struct state states_file[];
extern const struct state states_huge[];
extern const struct state states_swap[];
extern const struct state states_guarded[];
extern const struct state states_kernel[];
extern const struct state states_hole[];

const struct state *state_find(const char *name);
/* Of all states the one of this number, from 0 on; NULL if there are not so many. */
const struct state *state_nth(size_t number);
bool state_make(const struct state *state, struct made *made);
/* Gives back what state_make() made in this process; not the kernel's settings. */
void state_undo(struct made *made);

/* For the files of states. All return false after setting made->why. */
__printf(2, 3) bool cannot(struct made *made, const char *fmt, ...);
bool region_map(struct made *made, size_t size, int prot, int flags, int fd);
/* base is a multiple of align. */
bool region_map_aligned(struct made *made, size_t size, size_t align, int prot,
			int flags, int fd);
/* A child which has done act(made) and stays; act may be NULL. */
bool partner_start(struct made *made, void (*act)(struct made *));
/* A file of this many pages, each beginning with another byte; made->fd. */
bool file_create(struct made *made, unsigned int pages);
bool memfd_create_pages(struct made *made, unsigned int pages, unsigned int flags);

/* Polls until pagemap has all or none of these bits for made->address. */
bool pagemap_wait(struct made *made, uint64_t bits, bool set, unsigned int ms);
/* MADV_PAGEOUT of all of it, until that is so. */
bool page_out(struct made *made, uint64_t bits, bool set);
void sleep_ms(unsigned int ms);

/* Writes a setting of /proc or /sys; old, if given, receives what it was. */
bool setting_write(const char *path, const char *value);
bool setting_swap(const char *path, const char *value, char *old, size_t size);

/* A return, on every architecture. */
extern const uint32_t code_return;

/* Compilers must not see through these. */
void touch_read(uint64_t address);
void touch_write(uint64_t address);

#endif
