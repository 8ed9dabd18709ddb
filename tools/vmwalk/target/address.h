/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_ADDRESS_H
#define VMWALK_ADDRESS_H

#include <limits.h>

#include "libvmwalk.h"
#include "source.h"

enum address_form {
	ADDRESS_NUMBER,
	ADDRESS_REGION,		/* begins with a bracket, such as [heap] */
	ADDRESS_FILE,		/* begins with a slash: a path, or a path and :NAME */
	ADDRESS_SYMBOL,		/* OBJECT:NAME; OBJECT may be empty */
	ADDRESS_WORD,		/* last component of a path, or else a symbol */
};

struct address {
	enum address_form form;
	__u64 number;	/* valid if @form is ADDRESS_NUMBER */
	__u64 offset;	/* offset after the last plus, or 0 */
	char object[PATH_MAX];	/* OBJECT of OBJECT:NAME, or "" */
	/* region with its brackets, path, word or symbol; "" for a number */
	char name[PATH_MAX];
};

/**
 * address_parse() - split ADDR into its parts; pure
 * @address: filled
 * @text: argument as the user wrote it
 *
 * Return: NULL, or the error message, a static string.
 */
const char *address_parse(struct address *address, const char *text);

/**
 * address_region() - find a region or file by name
 * @maps: maps of the process
 * @name: as in /proc/PID/maps, escaped or raw; or the last component of a path
 *
 * Return: the line with the lowest address, or NULL; owned by @maps.
 */
const struct vmwalk_maps_line *address_region(const struct vmwalk_maps *maps, const char *name);

/**
 * address_find() - resolve ADDR
 * @source: the process, or a snapshot, which has no symbols
 * @text: argument as the user wrote it
 * @number: set to the address
 * @why: receives the error message
 * @size: size of @why, bytes
 *
 * Return: enum status; prints nothing.
 */
int address_find(const struct source *source, const char *text, __u64 *number, char *why,
		 size_t size);

#endif
