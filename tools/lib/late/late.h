/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libmnl and libzstd are loaded at the first use: to load and relocate both takes a seventh
 * of the time in which vmwalk shows one address, which needs neither. So a program that
 * uses libvmwalk need not be linked with them either. late/mnl.h and late/zstd.h give the
 * functions their usual names.
 *
 * With VMWALK_LINKED they are linked instead: a static program cannot load a library.
 */
#ifndef VMWALK_LATE_H
#define VMWALK_LATE_H

#include <stdbool.h>
#include <stddef.h>

/* The names by which they are loaded, for messages, too */
#define LATE_MNL	"libmnl.so.0"
#define LATE_ZSTD	"libzstd.so.1"

struct late_call {
	const char *name;
	void *function;		/* address of the pointer to set */
};

/*
 * Load a library, and set the pointers to its functions. It stays loaded until the program
 * ends. Return false with errno ELIBACC if it cannot be loaded or lacks a function.
 */
bool vmwalk_late_load(const char *library, const struct late_call *calls, size_t nr);

/*
 * Call the loader before the first function of the library. Several threads may, and it
 * costs next to nothing once the library is loaded. Return as vmwalk_late_load().
 */
bool vmwalk_mnl_load(void);
bool vmwalk_zstd_load(void);

#endif
