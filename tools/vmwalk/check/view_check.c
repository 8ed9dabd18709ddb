// SPDX-License-Identifier: GPL-2.0
#include "output/escape.h"
#include "output/json.h"
#include "output/rows.h"
#include "output/screen.h"
#include "view_check.h"

struct book_row {
	unsigned int number;
	const struct vmwalk_audit_book *book;
};

static const struct vmwalk_audit_book *book_of(const void *row)
{
	return ((const struct book_row *)row)->book;
}

static void cell_name(const void *row, struct value *value)
{
	value_text(value, vmwalk_book_name(((const struct book_row *)row)->number));
}

static void cell_of(const void *row, struct value *value)
{
	value_text(value, vmwalk_book_counts(((const struct book_row *)row)->number));
}

static void cell_result(const void *row, struct value *value)
{
	const struct vmwalk_audit_book *book = book_of(row);

	if (book->unavailable)
		value_text(value, vmwalk_result_name(VMWALK_CHECK_UNAVAILABLE));
	else if (book->mismatches)
		value_text(value, vmwalk_result_name(VMWALK_CHECK_MISMATCH));
	else
		value_text(value, vmwalk_result_name(book->raced ? VMWALK_CHECK_RACED :
								   VMWALK_CHECK_OK));
}

/* Leave the cell empty if nothing was compared: 0 mismatches would mean agreement. */
static void set_count(struct value *value, const struct vmwalk_audit_book *book, __u64 number)
{
	if (!book->unavailable)
		value_number(value, number);
}

#define DEFINE_COUNT(name, number)						\
static void cell_##name(const void *row, struct value *value)			\
{										\
	set_count(value, book_of(row), number);					\
}

DEFINE_COUNT(compared, book_of(row)->compared)
DEFINE_COUNT(ok, book_of(row)->ok)
DEFINE_COUNT(raced, book_of(row)->raced)
DEFINE_COUNT(mismatches, book_of(row)->mismatches)

static void cell_note(const void *row, struct value *value)
{
	if (book_of(row)->note[0])
		value_text(value, book_of(row)->note);
}

#define NUMBER	(COLUMN_SHOWN | COLUMN_RIGHT)

static const struct column column[] = {
	{ "BOOK", "book", "book", "the kernel's book", COLUMN_SHOWN, cell_name, NULL },
	{ "RESULT", "result", "result", "ok, mismatch, raced or unavailable", COLUMN_SHOWN,
	  cell_result, NULL },
	{ "COMPARED", "compared", "compared", "how many were compared", NUMBER, cell_compared,
	  NULL },
	{ "OF", "", "of", "of what: VMAs, pages or numbers", COLUMN_SHOWN, cell_of, NULL },
	{ "OK", "ok", "ok", "those that agree", NUMBER, cell_ok, NULL },
	{ "RACED", "raced", "raced", "those that kept changing", NUMBER, cell_raced, NULL },
	{ "MISMATCH", "mismatches", "mismatches", "those that differ", NUMBER,
	  cell_mismatches, NULL },
	{ "NOTE", "note", "note", "what could not be compared, and why", 0, cell_note, NULL },
};

const struct columns check_columns = COLUMNS("books (check)", column);

/* Order of the rows: the VMAs, the pages, then the sums of the process. */
static const unsigned char order[] = {
	VMWALK_BOOK_MAPS, VMWALK_BOOK_SMAPS, VMWALK_BOOK_PAGEMAP, VMWALK_BOOK_PAGEMAP_SCAN,
	VMWALK_BOOK_KPAGEFLAGS, VMWALK_BOOK_KPAGECOUNT, VMWALK_BOOK_STATUS, VMWALK_BOOK_STAT,
};

#define NR_BOOKS	(sizeof(order) / sizeof(order[0]))

static void add_books(struct rows *rows, const struct findings *findings)
{
	size_t i;

	for (i = 0; i < NR_BOOKS; i++) {
		struct book_row row = { order[i], &findings->audit.book[order[i]] };

		rows_add(rows, &row, row.book->mismatches ? "red" : NULL, TABLE_NO_PARENT);
	}
}

static void draw_note(struct screen *screen, unsigned int book, const char *note)
{
	screen_row(screen, "", 2);
	screen_ink(screen, INK_FAINT);
	screen_word(screen, "%s:", vmwalk_book_name(book));
	screen_word(screen, "%s", note);
	screen_ink(screen, INK_PLAIN);
	screen_end(screen);
}

static void draw_mismatch(struct screen *screen, const struct mismatch *mismatch)
{
	char reason[1024];

	escape_text(reason, sizeof(reason), mismatch->reason, screen->ascii);
	screen_row(screen, "MISMATCH", 10);
	screen_part(screen, "%s", vmwalk_book_name(mismatch->book));
	if (mismatch->address)
		screen_part(screen, "%#llx", (unsigned long long)mismatch->address);
	screen_part(screen, "%s", reason);
	screen_end(screen);
}

static void draw_rest(struct screen *screen, const struct findings *findings, bool notes)
{
	const char *note;
	size_t i;

	for (i = 0; i < NR_BOOKS && notes; i++) {
		note = findings->audit.book[order[i]].note;
		if (*note)
			draw_note(screen, order[i], note);
	}
	for (i = 0; i < findings->nr; i++)
		draw_mismatch(screen, &findings->mismatch[i]);
	if (findings->audit.mismatches > findings->nr) {
		screen_row(screen, "", 10);
		screen_part(screen, "and %llu more",
			    (unsigned long long)(findings->audit.mismatches - findings->nr));
		screen_end(screen);
	}
}

int view_check(FILE *out, const struct findings *findings, const struct options *options)
{
	struct rows rows = rows_table(&check_columns, options, NULL);
	struct screen screen;
	char comm[256];
	int error;

	screen_begin(&screen, out, options);
	escape_text(comm, sizeof(comm), findings->target->comm, options->ascii);
	if (!options->noheadings)
		fprintf(out, "%s[%d]  %llu pages in %llu VMAs\n\n", comm,
			(int)findings->target->pid, (unsigned long long)findings->audit.pages,
			(unsigned long long)findings->audit.vmas);
	add_books(&rows, findings);
	error = rows_print(&rows, out, 2);
	draw_rest(&screen, findings, !options->noheadings);
	return error;
}

int view_check_json(FILE *out, const struct findings *findings, const struct options *options)
{
	json_t *root = json_object(), *list = json_array(), *object;
	struct rows rows = rows_array(&check_columns, options);
	size_t i;

	field_number(root, "pid", findings->target->pid);
	field_text(root, "comm", findings->target->comm);
	field_number(root, "pages", findings->audit.pages);
	field_number(root, "vmas", findings->audit.vmas);
	for (i = 0; i < findings->nr; i++) {
		object = json_object();
		field_text(object, "book", vmwalk_book_name(findings->mismatch[i].book));
		if (findings->mismatch[i].address)
			field_hex(object, "address", findings->mismatch[i].address);
		field_text(object, "reason", findings->mismatch[i].reason);
		json_array_append_new(list, object);
	}
	json_object_set_new(root, "mismatches", list);
	field_number(root, "mismatches_in_all", findings->audit.mismatches);
	add_books(&rows, findings);
	json_object_set_new(root, "books", rows.array);
	field_print(out, root, false);
	return 0;
}

int view_check_quiet(FILE *out, const struct findings *findings, const struct options *options)
{
	struct rows rows = rows_lines(&check_columns, options, out, 0);

	add_books(&rows, findings);
	return 0;
}
