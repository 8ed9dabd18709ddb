/* SPDX-License-Identifier: GPL-2.0 */
/* Records of addresses in every state, as a module would give them. */
#ifndef RECORDS_H
#define RECORDS_H

#include "address/address_view.h"

#define RECORD_ADDRESS	0x7f3a1c2a4010ULL
#define RECORD_PFN	0x1a7b3cULL

/**
 * struct record - a report about RECORD_ADDRESS, and what its pointers point to
 * @view: the report
 * @caps: of the module it pretends to come from
 * @attach: likewise
 * @target: the process
 */
struct record {
	struct address_view view;
	struct vmwalk_caps caps;
	struct vmwalk_attach attach;
	struct vmwalk_target target;
};

/* record_init() - a written anonymous page, all books in agreement */
void record_init(struct record *record, unsigned int levels);

/* record_class() - the entry that decides has another class: no page is mapped */
void record_class(struct record *record, unsigned int class);

/* record_hole() - no VMA at the address */
void record_hole(struct record *record);

/* record_cow() - the page is shared copy-on-write */
void record_cow(struct record *record, unsigned int mapcount);

/* record_file() - the page is one of a file, mapped privately or shared */
void record_file(struct record *record, bool shared);

/* record_huge() - the leaf is a PMD's */
void record_huge(struct record *record, unsigned int kind);

/* record_redact() - what an unprivileged caller gets of it */
void record_redact(struct record *record);

/* record_name() - the VMA and its line have this name; @line is as maps has it */
void record_name(struct record *record, const char *raw, const char *line);

void record_free(struct record *record);

#endif /* RECORDS_H */
