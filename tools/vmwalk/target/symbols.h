/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_SYMBOLS_H
#define VMWALK_SYMBOLS_H

#include <stdbool.h>
#include <sys/types.h>
#include "libvmwalk.h"

enum symbol_result {
	SYMBOL_FOUND,
	SYMBOL_NONE,		/* no object defines the symbol */
	SYMBOL_AMBIGUOUS,	/* several objects define it, none of them the program */
	SYMBOL_NO_FILE,		/* none does, but a mapped file could not be opened */
	SYMBOL_NO_OBJECT,	/* no such object is mapped, or none at all */
	SYMBOL_NO_SUPPORT,	/* built without libdw */
	SYMBOL_NO_LIBRARY,	/* libdw cannot be loaded */
	SYMBOL_UNREADABLE,	/* out of memory, or the mapped files cannot be listed */
};

bool symbols_built_in(void);

/**
 * symbols_find() - look up the address of a symbol
 * @dev: an attached device: its maps are read, its memory is not
 * @pid: id of the process
 * @object: path or last component of the path of a mapped ELF file, or "" for any
 * @name: name of the symbol, without a version
 * @address: set to its address in the process
 * @where: set to the object, or the list of objects, that define the symbol; or to
 *	what the dynamic linker says about libdw
 * @size: size of @where, bytes
 *
 * Only the file that is mapped is read, not another one that has its path by now or in this
 * mount namespace; debugging information is found by build ID.
 *
 * Without @object, symbols of the program take precedence over those of libraries, as for
 * the dynamic linker. Symbols of the vDSO are not found: the vDSO is in no file, and
 * reading its memory would fault pages into the process.
 *
 * Return: SYMBOL_FOUND, or the reason of the failure.
 */
enum symbol_result symbols_find(const struct vmwalk_device *dev, pid_t pid, const char *object,
				const char *name, __u64 *address, char *where, size_t size);

struct symbols;

/* Return NULL on allocation failure, or without libdw. Release with symbols_close(). */
struct symbols *symbols_open(void);

/* List the ELF files that are mapped now. Return -1 on error, or if @symbols is NULL. */
int symbols_list(struct symbols *symbols, const struct vmwalk_device *dev);

/**
 * symbols_name() - name an address, in a form that ADDR accepts
 * @symbols: listed; NULL is fine
 * @address: any address
 * @buf: set to OBJECT:NAME+OFFSET, or to OBJECT+OFFSET if no symbol precedes it
 * @size: size of @buf, bytes
 *
 * Return: false, with @buf "", if the address lies in no mapped file.
 */
bool symbols_name(struct symbols *symbols, __u64 address, char *buf, size_t size);

/* Release what symbols_open() returned; NULL is fine. */
void symbols_close(struct symbols *symbols);

#endif
