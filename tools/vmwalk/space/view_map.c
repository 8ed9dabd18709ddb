// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "output/format.h"
#include "output/heading.h"
#include "output/json_stream.h"
#include "output/rows.h"
#include "view_map.h"
#include "view_run.h"

struct map_row {
	const struct vmwalk_image *image;
	const struct vmwalk_area *area;	/* NULL: the row of the totals */
	const struct vmwalk_account *account;
};

static const struct vmwalk_vma *vma_of(const void *row)
{
	const struct vmwalk_area *area = ((const struct map_row *)row)->area;

	return area ? &area->vma : NULL;
}

static const struct vmwalk_account *account_of(const void *row)
{
	return ((const struct map_row *)row)->account;
}

static void get_range(const void *row, struct value *value)
{
	const struct vmwalk_vma *vma = vma_of(row);

	if (vma)
		value_range(value, vma->start, vma->end);
	else
		value_show(value, "total");
}

static void get_start(const void *row, struct value *value)
{
	if (vma_of(row))
		value_hex(value, vma_of(row)->start);
}

static void get_end(const void *row, struct value *value)
{
	if (vma_of(row))
		value_hex(value, vma_of(row)->end);
}

static void get_perms(const void *row, struct value *value)
{
	if (vma_of(row))
		run_perms(vma_of(row), value);
}

#define DEFINE_BYTES(name, number)						\
static void get_##name(const void *row, struct value *value)			\
{										\
	value_bytes(value, number);						\
}

DEFINE_BYTES(size, account_of(row)->mapped)
DEFINE_BYTES(resident, account_of(row)->resident)
DEFINE_BYTES(base, account_of(row)->level[VMWALK_LEVEL_PTE])
DEFINE_BYTES(pmd, account_of(row)->level[VMWALK_LEVEL_PMD])
DEFINE_BYTES(pud, account_of(row)->level[VMWALK_LEVEL_PUD])
DEFINE_BYTES(hugetlb, account_of(row)->hugetlb)
DEFINE_BYTES(swap, account_of(row)->swap)
DEFINE_BYTES(zero, account_of(row)->zero)
DEFINE_BYTES(foreign, account_of(row)->foreign)
DEFINE_BYTES(dirty, account_of(row)->dirty)
DEFINE_BYTES(tables, account_of(row)->tables)

static void get_shared(const void *row, struct value *value)
{
	const struct map_row *map = row;

	if (map->image->attach.redacted & VMWALK_REDACTED_PAGE)
		value_hidden(value);
	else
		value_bytes(value, map->account->shared);
}

static void get_offset(const void *row, struct value *value)
{
	if (!vma_of(row))
		return;
	value_number(value, vma_of(row)->offset);
	*format_hex(value->show, vma_of(row)->offset, 8) = '\0';
}

static void get_dev(const void *row, struct value *value)
{
	char *at = value->own;

	if (!vma_of(row))
		return;
	at = format_hex(at, vma_of(row)->dev_major, 2);
	*at++ = ':';
	*format_hex(at, vma_of(row)->dev_minor, 2) = '\0';
	value_text(value, value->own);
}

static void get_inode(const void *row, struct value *value)
{
	if (vma_of(row))
		value_number(value, vma_of(row)->ino);
}

static void get_flags(const void *row, struct value *value)
{
	if (vma_of(row))
		value_words(value, vmwalk_vma_words, vma_of(row)->flags);
}

static void get_page_size(const void *row, struct value *value)
{
	if (vma_of(row))
		value_bytes(value, 1ULL << (vma_of(row)->page_shift & 63));
}

static void get_pkey(const void *row, struct value *value)
{
	if (vma_of(row))
		value_number(value, vma_of(row)->pkey);
}

static void get_elf(const void *row, struct value *value)
{
	const struct map_row *map = row;

	if (map->area && *map->area->elf)
		value_text(value, map->area->elf);
}

static void get_name(const void *row, struct value *value)
{
	const struct map_row *map = row;

	if (!map->area)
		value_show(value, "%llu VMA%s", (unsigned long long)map->account->vmas,
			   map->account->vmas == 1 ? "" : "s");
	else if (*map->area->name)
		value_text(value, map->area->name);
}

static void get_vmas(const void *row, struct value *value)
{
	if (!vma_of(row))
		value_number(value, account_of(row)->vmas);
}

static void get_maps(const void *row, struct value *value)
{
	const struct map_row *map = row;
	const struct vmwalk_maps_line *line;

	if (!map->area)
		return;
	line = vmwalk_maps_at(&map->image->maps, map->area->vma.start);
	if (line)
		value_text(value, line->text);
}

static void head_level(const void *context, unsigned int level, char *heading)
{
	const struct vmwalk_image *image = context;
	struct value value = { .type = VALUE_BYTES };
	char *cell;

	if (image->caps.level[level].folded)
		return;
	value.number = 1ULL << (image->caps.level[level].shift & 63);
	cell = value_cell(&value, true);
	snprintf(heading, VALUE_SIZE, "%s", cell ? cell : "");
	free(cell);
}

static void head_base(const void *context, char *heading)
{
	head_level(context, VMWALK_LEVEL_PTE, heading);
}

static void head_pmd(const void *context, char *heading)
{
	head_level(context, VMWALK_LEVEL_PMD, heading);
}

static void head_pud(const void *context, char *heading)
{
	head_level(context, VMWALK_LEVEL_PUD, heading);
}

#define AMOUNT	(COLUMN_SHOWN | COLUMN_RIGHT)

static const struct column column[] = {
	{ "RANGE", "range", NULL, "first address, and first past it",
	  COLUMN_WIDE | COLUMN_NARROW, get_range, NULL },
	{ "START", "start", "start", "first address", COLUMN_LINE, get_start, NULL },
	{ "END", "end", "end", "first address past it", COLUMN_LINE, get_end, NULL },
	{ "PERMS", "perm", "perms", "as in maps", COLUMN_SHOWN, get_perms, NULL },
	{ "SIZE", "size", "size", "bytes of the VMA", AMOUNT, get_size, NULL },
	{ "RSS", "rss", "rss", "resident, as Rss in smaps", AMOUNT, get_resident, NULL },
	{ "BASE", NULL, "rss_base", "of it, in base pages", COLUMN_LINE | COLUMN_RIGHT, get_base,
	  head_base },
	{ "PMD", NULL, "rss_pmd", "of it, in entries of a PMD (2 MiB)", AMOUNT | COLUMN_RARE,
	  get_pmd, head_pmd },
	{ "PUD", NULL, "rss_pud", "of it, in entries of a PUD (1 GiB)", AMOUNT | COLUMN_RARE,
	  get_pud, head_pud },
	{ "HUGETLB", "hugetlb", "hugetlb", "in hugetlb pages, which no RSS counts",
	  AMOUNT | COLUMN_RARE | COLUMN_SPARE, get_hugetlb, NULL },
	{ "SWAP", "swap", "swap", "in swap", AMOUNT | COLUMN_RARE, get_swap, NULL },
	{ "ZERO", "zero", "zero", "maps a zero page", COLUMN_LINE | COLUMN_RIGHT, get_zero, NULL },
	{ "FOREIGN", "foreign", "foreign", "maps memory without struct page, or not to be used so",
	  COLUMN_LINE | COLUMN_RIGHT, get_foreign, NULL },
	{ "DIRTY", "dirty", "dirty", "resident, with the dirty bit in the entry",
	  AMOUNT | COLUMN_SPARE, get_dirty, NULL },
	{ "SHARED", "shared", "shared", "resident, its page with two mappings or more",
	  AMOUNT | COLUMN_SPARE, get_shared, NULL },
	{ "TABLES", "tables", "tables", "memory of page tables; a shared one counts with the first",
	  AMOUNT | COLUMN_SPARE, get_tables, NULL },
	{ "OFFSET", "offset", "offset", "bytes into the file", COLUMN_RIGHT, get_offset, NULL },
	{ "DEV", "dev", "dev", "device of the file", 0, get_dev, NULL },
	{ "INODE", "inode", "inode", "inode of the file", COLUMN_RIGHT, get_inode, NULL },
	{ "FLAGS", "flags", "flags", "as VmFlags in smaps", 0, get_flags, NULL },
	{ "PAGESIZE", "page", "page_size", "bytes of the pages it is made of", COLUMN_RIGHT,
	  get_page_size, NULL },
	{ "PKEY", "pkey", "pkey", "protection key", COLUMN_RIGHT, get_pkey, NULL },
	{ "VMAS", "VMAs", "vmas", "VMAs; of the totals", COLUMN_RIGHT, get_vmas, NULL },
	{ "ELF", "ELF", "elf", "segment and sections of the ELF file", 0, get_elf, NULL },
	{ "NAME", "name", "name", "as in maps", COLUMN_SHOWN | COLUMN_FLEX, get_name, NULL },
	{ "MAPS", "maps", "maps", "the line of maps", 0, get_maps, NULL },
};

const struct columns map_columns = COLUMNS("VMAs (PID)", column);

/* @i: index of a VMA, or @image->nr_areas for the row of the totals */
static struct map_row row_of(const struct vmwalk_image *image,
			     const struct vmwalk_account *account, size_t i)
{
	return (struct map_row) {
		.image = image, .account = &account[i],
		.area = i < image->nr_areas ? &image->areas[i] : NULL,
	};
}

static int draw_rows(FILE *out, const struct vmwalk_image *image, const struct options *options,
		     const struct vmwalk_account *account)
{
	struct rows rows = rows_table(&map_columns, options, image);
	struct map_row row;
	size_t i;

	for (i = 0; i <= image->nr_areas; i++) {
		row = row_of(image, account, i);
		rows_add(&rows, &row, row.area ? NULL : "bold", TABLE_NO_PARENT);
	}
	return rows_print(&rows, out, 0);
}

static void draw_verdict(struct screen *screen, const struct vmwalk_account *sum)
{
	char size[32];

	heading_verdict(screen, INK_GOOD);
	screen_part(screen, "%s mapped", format_size(sum->mapped, size, sizeof(size)));
	screen_part(screen, "%s resident", format_size(sum->resident, size, sizeof(size)));
	view_amount(screen, sum->level[VMWALK_LEVEL_PMD] + sum->level[VMWALK_LEVEL_PUD],
		    "of it in huge pages");
	view_amount(screen, sum->hugetlb, "hugetlb");
	view_amount(screen, sum->swap, "in swap");
	view_amount(screen, sum->tables, "of page tables");
	heading_verdict_end(screen);
}

int view_map(FILE *out, const struct vmwalk_image *image, const struct options *options)
{
	struct vmwalk_account *account = vmwalk_account_image(image);
	struct screen screen;
	int error;

	if (!account)
		return -1;
	screen_begin(&screen, out, options);
	if (screen.width > 100)
		screen.width = 100;
	if (!options->noheadings) {
		heading_draw(&screen, image, "");
		draw_verdict(&screen, &account[image->nr_areas]);
	}
	error = draw_rows(out, image, options, account);
	free(account);
	return error;
}

int view_map_json(FILE *out, const struct vmwalk_image *image, const struct options *options)
{
	struct vmwalk_account *account = vmwalk_account_image(image);
	struct json_stream stream;
	struct row_stream rows;
	struct map_row row;
	size_t i;

	if (!account)
		return -1;
	row_stream_begin(&rows, &map_columns, options->output);
	stream_begin(&stream, out, false);
	stream_fields(&stream, heading_object(image));
	stream_open(&stream, "vmas", '[');
	for (i = 0; i < image->nr_areas; i++) {
		row = row_of(image, account, i);
		row_stream_write(&rows, &stream, NULL, &row);
	}
	stream_close(&stream, ']');
	row = row_of(image, account, i);
	row_stream_write(&rows, &stream, "totals", &row);
	stream_end(&stream);
	free(account);
	return 0;
}

int view_map_quiet(FILE *out, const struct vmwalk_image *image, const struct options *options)
{
	struct vmwalk_account *account = vmwalk_account_image(image);
	struct map_row row;
	size_t i;

	if (!account)
		return -1;
	for (i = 0; i <= image->nr_areas; i++) {
		row = row_of(image, account, i);
		fprintf(out, "pid=%d %s", (int)image->target.pid, row.area ? "" : "total ");
		columns_line(out, &map_columns, options->output, &row);
		fputc('\n', out);
	}
	free(account);
	return 0;
}
