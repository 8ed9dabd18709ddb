/* SPDX-License-Identifier: GPL-2.0 */
/* ADDR: what a user may write for an address. */
#ifndef VMWALK_ADDRESS_H
#define VMWALK_ADDRESS_H

#include <limits.h>

#include "libvmwalk.h"
#include "source.h"

enum address_form {
	ADDRESS_NUMBER,
	ADDRESS_REGION,		/* a name in brackets */
	ADDRESS_FILE,		/* a name with a slash */
	ADDRESS_SYMBOL,		/* OBJECT:NAME, OBJECT may be empty */
	ADDRESS_WORD,		/* a file's last component, or else a symbol */
};

/**
 * struct address - ADDR, taken apart
 * @form: what it is
 * @number: its value, if it is a number
 * @offset: what comes after the last plus
 * @object: of a symbol
 * @name: of the region, file or symbol
 */
struct address {
	enum address_form form;
	__u64 number;
	__u64 offset;
	char object[PATH_MAX];
	char name[PATH_MAX];
};

/**
 * address_parse() - take ADDR apart; pure
 * @address: filled
 * @text: what the user wrote
 *
 * Return: NULL, or what is wrong with it, in words.
 */
const char *address_parse(struct address *address, const char *text);

/**
 * address_region() - where a region or file begins
 * @maps: of the process
 * @name: as the user wrote it: raw, or as /proc/PID/maps shows it
 *
 * Return: its lowest line, or NULL.
 */
const struct vmwalk_maps_line *address_region(const struct vmwalk_maps *maps, const char *name);

/**
 * address_find() - find the number that ADDR stands for
 * @source: the process, or the snapshot, which knows no symbols
 * @text: what the user wrote
 * @number: set to the address
 * @why: set to what is wrong, in words
 * @size: of @why, bytes
 *
 * Return: enum status; nothing is reported.
 */
int address_find(const struct source *source, const char *text, __u64 *number, char *why,
		 size_t size);

#endif /* VMWALK_ADDRESS_H */
