/* SPDX-License-Identifier: GPL-2.0 */
/* Names of functions and objects in a live process. */
#ifndef VMWALK_SYMBOLS_H
#define VMWALK_SYMBOLS_H

#include <stdbool.h>
#include <sys/types.h>
#include "libvmwalk.h"

enum symbol_result {
	SYMBOL_FOUND,
	SYMBOL_NONE,		/* nothing has this name */
	SYMBOL_AMBIGUOUS,	/* several objects have it, the program itself not */
	SYMBOL_NO_OBJECT,	/* no such object is mapped */
	SYMBOL_NO_SUPPORT,	/* built without libdw */
	SYMBOL_UNREADABLE,	/* the process's objects cannot be listed */
};

/* symbols_built_in() - whether this build can find symbols at all */
bool symbols_built_in(void);

/**
 * symbols_find() - the address of a symbol
 * @dev: an attached device: its maps are read, its memory is not
 * @pid: process
 * @object: path or last component of the path of a mapped ELF file, or "" for any
 * @name: of the symbol, without a version
 * @address: set to its address in the process
 * @where: set to where it was found, or the objects that have it
 * @size: of @where, bytes
 *
 * Without @object a symbol of the program itself goes before those of its
 * libraries, as it does for the dynamic linker. The vDSO is in no file: its symbols
 * are not found, since reading it from the process would fault it in there.
 *
 * Return: SYMBOL_FOUND, or why it is not.
 */
enum symbol_result symbols_find(const struct vmwalk_device *dev, pid_t pid, const char *object,
				const char *name, __u64 *address, char *where, size_t size);

struct symbols;

/* symbols_open() - names for the addresses of a process; NULL without memory or libdw */
struct symbols *symbols_open(void);

/*
 * symbols_list() - find out what is mapped now; 0, or -1: it cannot be listed
 * @symbols: NULL is fine
 * @dev: an attached device: its maps are read, its memory is not
 */
int symbols_list(struct symbols *symbols, const struct vmwalk_device *dev);

/**
 * symbols_name() - the name of an address, as it can be given for one
 * @symbols: listed; NULL is fine
 * @address: any
 * @buf: set to OBJECT:NAME+OFFSET, or OBJECT+OFFSET where there is no symbol before it
 * @size: of @buf, bytes
 *
 * Return: false if it is in no file that is mapped; @buf is "" then.
 */
bool symbols_name(struct symbols *symbols, __u64 address, char *buf, size_t size);

/* symbols_close() - give the memory back; NULL is fine */
void symbols_close(struct symbols *symbols);

#endif /* VMWALK_SYMBOLS_H */
