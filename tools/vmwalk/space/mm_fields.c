// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "mm_fields.h"
#include "output/format.h"
#include "view_mm.h"

static const struct vmwalk_mm *mm_of(const void *row)
{
	return &((const struct mm_row *)row)->image->mm;
}

static const char *text_of(const void *row, const char *name)
{
	return vmwalk_image_text(((const struct mm_row *)row)->image, name);
}

static void pages(const void *row, __u64 pages, struct value *value)
{
	value_bytes(value, pages * ((const struct mm_row *)row)->image->caps.page_size);
}

static void segment(struct value *value, __u64 start, __u64 end)
{
	char size[32];

	value_range(value, start, end);
	value_show(value, "%08llx-%08llx  %s", (unsigned long long)start, (unsigned long long)end,
		   end > start ? format_size(end - start, size, sizeof(size)) : "empty");
}

static void address(struct value *value, __u64 address)
{
	value_hex(value, address);
	value_show(value, "%08llx", (unsigned long long)address);
}

static void get_code(const void *row, struct value *value)
{
	segment(value, mm_of(row)->start_code, mm_of(row)->end_code);
}

static void get_data(const void *row, struct value *value)
{
	segment(value, mm_of(row)->start_data, mm_of(row)->end_data);
}

static void get_heap(const void *row, struct value *value)
{
	segment(value, mm_of(row)->start_brk, mm_of(row)->brk);
}

static void get_mmap_base(const void *row, struct value *value)
{
	address(value, mm_of(row)->mmap_base);
}

static void get_stack(const void *row, struct value *value)
{
	address(value, mm_of(row)->start_stack);
}

static void get_args(const void *row, struct value *value)
{
	segment(value, mm_of(row)->arg_start, mm_of(row)->arg_end);
}

static void get_env(const void *row, struct value *value)
{
	segment(value, mm_of(row)->env_start, mm_of(row)->env_end);
}

static void get_end(const void *row, struct value *value)
{
	address(value, mm_of(row)->task_size);
}

static void get_pgd(const void *row, struct value *value)
{
	if (mm_of(row)->redacted & VMWALK_REDACTED_TABLES)
		value_hidden(value);
	else
		value_hex(value, mm_of(row)->pgd);
}

static void get_users(const void *row, struct value *value)
{
	value_number(value, mm_of(row)->users);
}

static void get_count(const void *row, struct value *value)
{
	value_number(value, mm_of(row)->count);
}

static void get_vmas(const void *row, struct value *value)
{
	const char *most = text_of(row, "max_map_count");

	value_number(value, mm_of(row)->map_count);
	/* Show it as a number: in a snapshot the text may be anything. */
	if (most)
		value_show(value, "%llu of %llu", (unsigned long long)mm_of(row)->map_count,
			   strtoull(most, NULL, 10));
}

static void get_most_vmas(const void *row, struct value *value)
{
	const char *most = text_of(row, "max_map_count");

	if (most)
		value_number(value, strtoull(most, NULL, 10));
}

#define DEFINE_PAGES(name, number)						\
static void get_##name(const void *row, struct value *value)			\
{										\
	pages(row, number, value);						\
}

DEFINE_PAGES(total, mm_of(row)->total_vm)
DEFINE_PAGES(peak, mm_of(row)->hiwater_vm)
DEFINE_PAGES(data_vm, mm_of(row)->data_vm)
DEFINE_PAGES(exec_vm, mm_of(row)->exec_vm)
DEFINE_PAGES(stack_vm, mm_of(row)->stack_vm)
DEFINE_PAGES(locked, mm_of(row)->locked_vm)
DEFINE_PAGES(pinned, mm_of(row)->pinned_vm)
DEFINE_PAGES(anon, mm_of(row)->rss_anon)
DEFINE_PAGES(file, mm_of(row)->rss_file)
DEFINE_PAGES(shmem, mm_of(row)->rss_shmem)
DEFINE_PAGES(rss_peak, mm_of(row)->hiwater_rss)
DEFINE_PAGES(swap, mm_of(row)->swap)

static void get_rss(const void *row, struct value *value)
{
	pages(row, mm_of(row)->rss_anon + mm_of(row)->rss_file + mm_of(row)->rss_shmem, value);
}

static void get_hugetlb(const void *row, struct value *value)
{
	value_bytes(value, mm_of(row)->hugetlb);
}

static void get_tables(const void *row, struct value *value)
{
	value_bytes(value, mm_of(row)->table_bytes);
}

static void get_thp(const void *row, struct value *value)
{
	value_bytes(value, ((const struct mm_row *)row)->huge);
}

/* sysfs puts the choice in force in brackets: "always [madvise] never". */
static void tunable(const void *row, const char *name, struct value *value)
{
	const char *text = text_of(row, name), *open, *close;

	if (!text)
		return;
	open = strchr(text, '[');
	close = open ? strchr(open, ']') : NULL;
	if (close)
		value_format(value, "%.*s", (int)(close - open - 1), open + 1);
	else
		value_text(value, text);
}

static void number(const void *row, const char *name, struct value *value)
{
	const char *text = text_of(row, name);

	if (text)
		value_signed(value, strtoll(text, NULL, 10));
}

static void get_thp_enabled(const void *row, struct value *value)
{
	tunable(row, "thp_enabled", value);
}

static void get_thp_defrag(const void *row, struct value *value)
{
	tunable(row, "thp_defrag", value);
}

static void get_thp_shmem(const void *row, struct value *value)
{
	tunable(row, "thp_shmem", value);
}

static void get_scan(const void *row, struct value *value)
{
	number(row, "khugepaged_pages_to_scan", value);
}

static void get_sleep(const void *row, struct value *value)
{
	number(row, "khugepaged_scan_sleep_millisecs", value);
	if (value->type == VALUE_SIGNED)
		value_show(value, "%lld ms", (long long)value->number);
}

static void get_ptes_none(const void *row, struct value *value)
{
	number(row, "khugepaged_max_ptes_none", value);
}

static void get_khugepaged_defrag(const void *row, struct value *value)
{
	number(row, "khugepaged_defrag", value);
}

static void get_oom(const void *row, struct value *value)
{
	number(row, "oom_score", value);
}

static void get_oom_adj(const void *row, struct value *value)
{
	number(row, "oom_score_adj", value);
}

static void get_minor(const void *row, struct value *value)
{
	if (mm_of(row)->got & VMWALK_GOT_PROCESS_FAULTS)
		value_number(value, mm_of(row)->process_minor);
}

static void get_major(const void *row, struct value *value)
{
	if (mm_of(row)->got & VMWALK_GOT_PROCESS_FAULTS)
		value_number(value, mm_of(row)->process_major);
}

#define ROW	(COLUMN_WIDE | COLUMN_LINE | COLUMN_ROW)
#define PART	(COLUMN_WIDE | COLUMN_LINE)

static const struct column column[] = {
	{ "CODE", "code", "code", "the program's code", ROW, get_code, NULL },
	{ "DATA", "data", "data", "the program's initialised data", ROW, get_data, NULL },
	{ "HEAP", "heap", "heap", "from start_brk to brk", ROW, get_heap, NULL },
	{ "MMAPBASE", "mmap base", "mmap_base", "where mmap(2) begins to look for a place", ROW,
	  get_mmap_base, NULL },
	{ "STACK", "stack", "stack", "where the stack began", ROW, get_stack, NULL },
	{ "ARGS", "arguments", "arguments", "the arguments", ROW, get_args, NULL },
	{ "ENV", "environ", "environment", "the environment", ROW, get_env, NULL },
	{ "END", "end", "task_size", "first address past the user range", ROW, get_end, NULL },
	{ "PGD", "pgd", "pgd", "physical address of the root", PART, get_pgd, NULL },
	{ "USERS", "users", "mm_users", "threads, and whoever looks at it", PART, get_users,
	  NULL },
	{ "COUNT", "count", "mm_count", "all users as one, and who has the structure", PART,
	  get_count, NULL },
	{ "VMAS", "VMAs", "map_count", "VMAs", PART, get_vmas, NULL },
	{ "MAXVMAS", "at most", "max_map_count", "vm.max_map_count", COLUMN_LINE, get_most_vmas,
	  NULL },
	{ "TOTAL", "total", "total_vm", "bytes mapped", PART, get_total, NULL },
	{ "PEAK", "at most", "hiwater_vm", "the most that was mapped", PART, get_peak, NULL },
	{ "DATAVM", "data", "data_vm", "private and writable, no stack", PART, get_data_vm,
	  NULL },
	{ "EXECVM", "exec", "exec_vm", "executable, not writable", PART, get_exec_vm, NULL },
	{ "STACKVM", "stack", "stack_vm", "stacks", PART, get_stack_vm, NULL },
	{ "LOCKED", "locked", "locked_vm", "locked in memory", PART, get_locked, NULL },
	{ "PINNED", "pinned", "pinned_vm", "pinned for good", PART, get_pinned, NULL },
	{ "RSS", "total", "rss", "resident", PART, get_rss, NULL },
	{ "ANON", "anon", "rss_anon", "of it, anonymous", PART, get_anon, NULL },
	{ "FILE", "file", "rss_file", "of it, of files", PART, get_file, NULL },
	{ "SHMEM", "shmem", "rss_shmem", "of it, shared memory", PART, get_shmem, NULL },
	{ "RSSPEAK", "at most", "hiwater_rss", "the most that was resident, as last noted", PART,
	  get_rss_peak, NULL },
	{ "SWAP", "swap", "swap", "anonymous memory in swap", PART, get_swap, NULL },
	{ "HUGETLB", "hugetlb", "hugetlb", "in hugetlb pages, which no RSS counts", PART,
	  get_hugetlb, NULL },
	{ "TABLES", "page tables", "table_bytes", "in page tables, as VmPTE", PART, get_tables,
	  NULL },
	{ "THP", "this process", "thp", "resident in huge entries", PART, get_thp, NULL },
	{ "THPENABLED", "enabled", "thp_enabled", "transparent_hugepage/enabled", PART,
	  get_thp_enabled, NULL },
	{ "THPDEFRAG", "defrag", "thp_defrag", "transparent_hugepage/defrag", PART,
	  get_thp_defrag, NULL },
	{ "THPSHMEM", "shmem", "thp_shmem", "transparent_hugepage/shmem_enabled", PART,
	  get_thp_shmem, NULL },
	{ "KHSCAN", "pages to scan", "khugepaged_pages_to_scan", "khugepaged: at a time", PART,
	  get_scan, NULL },
	{ "KHSLEEP", "then sleeps", "khugepaged_scan_sleep_millisecs", "khugepaged: between", PART,
	  get_sleep, NULL },
	{ "KHNONE", "none at most", "khugepaged_max_ptes_none",
	  "khugepaged: empty entries that it fills", PART, get_ptes_none, NULL },
	{ "KHDEFRAG", "defrag", "khugepaged_defrag", "khugepaged: whether it compacts", PART,
	  get_khugepaged_defrag, NULL },
	{ "OOM", "score", "oom_score", "the higher, the sooner it is killed", PART, get_oom,
	  NULL },
	{ "OOMADJ", "adjusted by", "oom_score_adj", "by which it is adjusted", PART, get_oom_adj,
	  NULL },
	{ "MINFLT", "minor", "minor_faults", "minor faults of the process", PART, get_minor,
	  NULL },
	{ "MAJFLT", "major", "major_faults", "major faults of the process", PART, get_major,
	  NULL },
};

const struct columns mm_columns = COLUMNS("fields (mm PID)", column);

const struct group mm_groups[] = {
	{ "CODE", "segments" }, { "PGD", "mm" }, { "TOTAL", "mapped" }, { "RSS", "resident" },
	{ "SWAP", "besides" }, { "THP", "huge" }, { "KHSCAN", "khugepaged" }, { "OOM", "oom" },
	{ "MINFLT", "faults" }, { NULL, NULL },
};
