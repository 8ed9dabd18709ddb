/* SPDX-License-Identifier: GPL-2.0 */
/* Declares builders of records of addresses in every state, as the module would return them. */
#ifndef RECORDS_H
#define RECORDS_H

#include "address/address_view.h"

#define RECORD_ADDRESS	0x7f3a1c2a4010ULL
#define RECORD_PFN	0x1a7b3cULL

/**
 * struct record - a view of RECORD_ADDRESS with everything that it points to
 * @view: view of RECORD_ADDRESS; points to the other members
 * @caps: CAPS of the module
 * @attach: the module's answer to ATTACH
 * @target: the process that is viewed
 */
struct record {
	struct address_view view;
	struct vmwalk_caps caps;
	struct vmwalk_attach attach;
	struct vmwalk_target target;
};

/* record_init() - a written anonymous page on which /proc agrees */
void record_init(struct record *record, unsigned int levels);

/* record_class() - give the last entry a class that maps no page */
void record_class(struct record *record, unsigned int class);

/* record_hole() - no VMA at the address */
void record_hole(struct record *record);

/* record_cow() - the page is shared copy-on-write */
void record_cow(struct record *record, unsigned int mapcount);

/* record_file() - the page belongs to a file, mapped privately or shared */
void record_file(struct record *record, bool shared);

/* record_huge() - the leaf is in the PMD table */
void record_huge(struct record *record, unsigned int kind);

/* record_redact() - clear the fields withheld from an unprivileged caller */
void record_redact(struct record *record);

/* record_name() - set the name of the VMA; @line is the name as maps escapes it */
void record_name(struct record *record, const char *raw, const char *line);

void record_free(struct record *record);

#endif
