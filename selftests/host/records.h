/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Make up the view of one address, as from WALK and /proc, without a device or a process.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include "address/address_view.h"

#define RECORD_ADDRESS	0x7f3a1c2a4010ULL
#define RECORD_PFN	0x1a7b3cULL

/**
 * struct record - a view of one address, and what the view points to
 * @view: the view, of RECORD_ADDRESS unless record_hole() is called; points to the
 *	other members
 * @caps: answer to CAPS: x86-64 with four or five levels
 * @attach: answer to ATTACH
 * @target: the process that owns the address
 */
struct record {
	struct address_view view;
	struct vmwalk_caps caps;
	struct vmwalk_attach attach;
	struct vmwalk_target target;
};

/* Begin with a dirty anonymous page, about which /proc agrees; end with record_free(). */
void record_init(struct record *record, unsigned int levels);

/* Give the leaf entry a class other than VMWALK_CLASS_LEAF; /proc is left as it was. */
void record_class(struct record *record, unsigned int class);

/* Move the view to an address in the hole between two VMAs. */
void record_hole(struct record *record);

/*
 * Make the page read-only and not exclusive, mapped @mapcount times and not referenced
 * otherwise.
 */
void record_cow(struct record *record, unsigned int mapcount);

/* Replace the page by one of a file, mapped read-only in a private or shared VMA. */
void record_file(struct record *record, bool shared);

/* Replace the page by a 2 MiB leaf; @kind is VMWALK_KIND_THP or VMWALK_KIND_HUGETLB. */
void record_huge(struct record *record, unsigned int kind);

/* Make the page one of a shadow stack: dirty, and writable only to calls and returns. */
void record_shadow_stack(struct record *record);

/*
 * Make the page one of a larger folio without counts for its pages; @shared sets
 * VMWALK_PAGE_MAYBE_SHARED.
 */
void record_average(struct record *record, bool shared);

/* Make the page one that kept changing while the module read it. */
void record_page_changed(struct record *record);

/* Clear in the walk what the module withholds from an unprivileged caller. */
void record_redact(struct record *record);

/*
 * Set the name of the VMA: @raw as WALK returns it, @line as /proc/PID/maps shows it,
 * with escapes.
 */
void record_name(struct record *record, const char *raw, const char *line);

void record_free(struct record *record);

#endif
