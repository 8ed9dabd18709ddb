// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "records.h"

#define START	0x7f3a1c200000ULL
#define END	0x7f3a1c400000ULL
#define BIT(n)	VMWALK_VMA_BIT(VMWALK_VMA_##n)

static void set_maps(struct record *record, const char *perms, const char *name)
{
	char *text = malloc(1024 + strlen(name));

	vmwalk_maps_free(&record->view.seen.books.maps);
	sprintf(text, "00400000-00401000 r-xp 00000000 08:01 12 /usr/bin/demo\n"
		"%llx-%llx %s 00000000 00:00 0  %s\n"
		"7ffc10000000-7ffc10021000 rw-p 00000000 00:00 0 [stack]\n",
		START, END, perms, name);
	vmwalk_maps_parse(&record->view.seen.books.maps, text);
	record->view.line = vmwalk_maps_at(&record->view.seen.books.maps, RECORD_ADDRESS);
}

static void init_caps(struct record *record, unsigned int levels)
{
	static const unsigned char shifts[] = { 48, 39, 30, 21, 12 };
	struct vmwalk_caps *caps = &record->caps;
	unsigned int level;

	caps->abi_version = VMWALK_ABI_VERSION;
	caps->arch = VMWALK_ARCH_X86_64;
	caps->page_size = 4096;
	caps->nr_levels = levels;
	for (level = 0; level < VMWALK_LEVELS; level++)
		caps->level[level] = (struct vmwalk_caps_level) {
			.level = level, .shift = shifts[level], .entries = 512,
		};
	if (levels == 4) {
		caps->level[VMWALK_LEVEL_PGD].shift = 39;
		caps->level[VMWALK_LEVEL_P4D] = (struct vmwalk_caps_level) {
			.level = VMWALK_LEVEL_P4D, .folded = 1,
		};
	}
	record->attach.size = sizeof(record->attach);
	record->attach.task_size = levels == 4 ? 0x7ffffffff000ULL : 0xfffffffffff000ULL;
}

static void init_entries(struct record *record)
{
	struct vmwalk_address *walk = &record->view.seen.walk;
	struct vmwalk_entry *entry;
	unsigned int level;
	__u64 table = 0x10a3c6000ULL;

	for (level = 0; level < VMWALK_LEVELS; level++, table += 0x1001000) {
		entry = &walk->entry[level];
		entry->level = level;
		if (record->caps.level[level].folded) {
			entry->type = VMWALK_CLASS_FOLDED;
			continue;
		}
		entry->index = view_index(&record->view, level);
		entry->address = table + 8 * entry->index;
		entry->target = table + 0x1001000;
		entry->value = entry->target | 0x067;
		entry->type = VMWALK_CLASS_TABLE;
		entry->flags = VMWALK_E_PRESENT | VMWALK_E_READ | VMWALK_E_WRITE |
			       VMWALK_E_USER | VMWALK_E_EXEC | VMWALK_E_ACCESSED;
	}
	entry->type = VMWALK_CLASS_LEAF;
	entry->target = RECORD_PFN << 12;
	entry->value = 0x8000000000000867ULL | entry->target;
	entry->flags = VMWALK_E_PRESENT | VMWALK_E_READ | VMWALK_E_WRITE | VMWALK_E_USER |
		       VMWALK_E_ACCESSED | VMWALK_E_DIRTY | VMWALK_E_SOFTDIRTY;
	walk->call.leaf_level = VMWALK_LEVEL_PTE;
	walk->call.effective = VMWALK_PERM_R | VMWALK_PERM_W;
	memset(walk->call.withheld, VMWALK_LEVEL_NONE, sizeof(walk->call.withheld));
	walk->call.withheld[2] = VMWALK_LEVEL_PTE;
}

static void agree(struct record *record)
{
	struct vmwalk_observation *seen = &record->view.seen;
	unsigned int i;

	for (i = 0; i < VMWALK_BOOK_MAX; i++)
		seen->check[i] = (struct vmwalk_check) { .result = VMWALK_CHECK_OK };
	seen->books.value[VMWALK_BOOK_PAGEMAP] = 1ULL << 63 | 1ULL << 56 | 1ULL << 55 | RECORD_PFN;
	seen->books.value[VMWALK_BOOK_KPAGEFLAGS] = seen->walk.page.kpageflags;
	seen->books.value[VMWALK_BOOK_KPAGECOUNT] = 1;
}

void record_init(struct record *record, unsigned int levels)
{
	struct vmwalk_address *walk = &record->view.seen.walk;

	memset(record, 0, sizeof(*record));
	init_caps(record, levels);
	record->view.caps = &record->caps;
	record->view.attach = &record->attach;
	record->view.target = &record->target;
	record->view.arch = vmwalk_arch_find(VMWALK_ARCH_X86_64);
	record->target = (struct vmwalk_target) { .pid = 4242, .tgid = 4242, .comm = "demo" };
	walk->call.address = RECORD_ADDRESS;
	walk->call.got = VMWALK_GOT_VMA | VMWALK_GOT_ENTRIES | VMWALK_GOT_PFN | VMWALK_GOT_PAGE |
		    VMWALK_GOT_NAME | VMWALK_GOT_TASK_FAULTS | VMWALK_GOT_PROCESS_FAULTS |
		    VMWALK_GOT_STABLE;
	walk->vma = (struct vmwalk_vma) {
		.start = START, .end = END, .page_shift = 12,
		.flags = BIT(RD) | BIT(WR) | BIT(MR) | BIT(MW) | BIT(ME) | BIT(AC),
		.traits = VMWALK_VMA_IS_ANON | VMWALK_VMA_HAS_ANON_VMA,
	};
	init_entries(record);
	walk->call.kind = VMWALK_KIND_BASE;
	walk->call.pfn = RECORD_PFN;
	walk->page = (struct vmwalk_page) {
		.head_pfn = RECORD_PFN, .kpageflags = 0x400005868ULL, .flags = 0x400005868ULL,
		.index = 0x7f3a1c2a4, .refcount = 1, .mapcount = 1,
		.traits = VMWALK_PAGE_ANON | VMWALK_PAGE_EXCLUSIVE,
	};
	walk->call.task_minor = 812;
	walk->call.process_minor = 1204;
	walk->call.process_major = 3;
	record_name(record, "[anon:arena]", "[anon:arena]");
	agree(record);
}

void record_class(struct record *record, unsigned int class)
{
	struct vmwalk_address *walk = &record->view.seen.walk;
	struct vmwalk_entry *entry = &walk->entry[walk->call.leaf_level];
	bool mapped = class == VMWALK_CLASS_PROTNONE || class == VMWALK_CLASS_NUMA_HINT;

	entry->type = class;
	walk->call.effective = 0;
	if (mapped) {
		entry->value = 0x8000000000000962ULL | RECORD_PFN << 12;
		entry->flags = VMWALK_E_PRESENT | VMWALK_E_PROTNONE | VMWALK_E_ACCESSED;
		return;
	}
	entry->value = class == VMWALK_CLASS_NONE ? 0 : 0x07ffffffff7fcc02ULL;
	entry->flags = 0;
	entry->target = 0;
	walk->call.kind = VMWALK_KIND_NONE;
	walk->call.got &= ~(VMWALK_GOT_PAGE | VMWALK_GOT_PFN);
	memset(&walk->page, 0, sizeof(walk->page));
	walk->call.pfn = 0;
	if (class == VMWALK_CLASS_SWAP) {
		walk->call.got |= VMWALK_GOT_SWAP;
		walk->call.swap_offset = 22716;
	} else if (class == VMWALK_CLASS_MARKER) {
		walk->call.got |= VMWALK_GOT_MARKER;
		walk->call.marker = VMWALK_MARKER_GUARD;
	} else if (class != VMWALK_CLASS_NONE) {
		walk->call.got |= VMWALK_GOT_PFN;
		walk->call.pfn = RECORD_PFN;
	}
}

void record_hole(struct record *record)
{
	struct vmwalk_address *walk = &record->view.seen.walk;

	walk->call.got = VMWALK_GOT_PREV | VMWALK_GOT_NEXT | VMWALK_GOT_STABLE;
	walk->call.address = 0x7f4000000000ULL;
	memset(&walk->vma, 0, sizeof(walk->vma));
	memset(walk->entry, 0, sizeof(walk->entry));
	walk->call.kind = VMWALK_KIND_NONE;
	walk->call.prev_start = START;
	walk->call.prev_end = END;
	walk->call.next_start = 0x7ffc10000000ULL;
	walk->call.next_end = 0x7ffc10021000ULL;
	record->view.line = NULL;
	record->view.seen.books.value[VMWALK_BOOK_PAGEMAP] = 0;
}

void record_cow(struct record *record, unsigned int mapcount)
{
	struct vmwalk_address *walk = &record->view.seen.walk;
	struct vmwalk_entry *entry = &walk->entry[VMWALK_LEVEL_PTE];

	entry->value &= ~2ULL;
	entry->flags &= ~VMWALK_E_WRITE;
	walk->call.effective = VMWALK_PERM_R;
	walk->call.withheld[1] = VMWALK_LEVEL_PTE;
	walk->page.traits = VMWALK_PAGE_ANON;
	walk->page.mapcount = mapcount;
	walk->page.refcount = mapcount;
	walk->page.kpageflags &= ~(1ULL << 34);
}

void record_file(struct record *record, bool shared)
{
	struct vmwalk_address *walk = &record->view.seen.walk;

	record_cow(record, 1);
	walk->vma.traits = VMWALK_VMA_HAS_FILE | VMWALK_VMA_HAS_OPS | VMWALK_VMA_HAS_FAULT;
	if (shared)
		walk->vma.flags |= BIT(SH) | BIT(MS);
	walk->call.got |= VMWALK_GOT_OPS;
	snprintf(walk->symbols.vm_ops, sizeof(walk->symbols.vm_ops), "ext4_file_vm_ops");
	snprintf(walk->symbols.vm_fault, sizeof(walk->symbols.vm_fault), "filemap_fault");
	walk->page.traits = VMWALK_PAGE_MAPPING;
	walk->page.kpageflags = 0x868;
	record_name(record, "/usr/lib/libdemo.so", "/usr/lib/libdemo.so");
}

void record_huge(struct record *record, unsigned int kind)
{
	struct vmwalk_address *walk = &record->view.seen.walk;
	struct vmwalk_entry *entry = &walk->entry[VMWALK_LEVEL_PMD];

	*entry = (struct vmwalk_entry) {
		.address = entry->address, .index = entry->index, .level = VMWALK_LEVEL_PMD,
		.type = VMWALK_CLASS_LEAF, .target = 0x1a7a00000ULL,
		.value = 0x80000001a7a000e7ULL,
		.flags = walk->entry[VMWALK_LEVEL_PTE].flags | VMWALK_E_HUGE,
	};
	memset(&walk->entry[VMWALK_LEVEL_PTE], 0, sizeof(*entry));
	walk->call.leaf_level = VMWALK_LEVEL_PMD;
	walk->call.withheld[2] = VMWALK_LEVEL_PMD;
	walk->call.kind = kind;
	walk->page.order = 9;
	walk->call.pfn = 0x1a7aa4;
	if (kind == VMWALK_KIND_HUGETLB)
		walk->vma.flags |= BIT(HT);
}

void record_shadow_stack(struct record *record)
{
	struct vmwalk_address *walk = &record->view.seen.walk;

	walk->entry[VMWALK_LEVEL_PTE].value &= ~2ULL;
	walk->call.effective = VMWALK_PERM_R;
	walk->call.withheld[1] = VMWALK_LEVEL_PTE;
	walk->vma.flags |= BIT(SS);
}

void record_average(struct record *record, bool shared)
{
	struct vmwalk_page *page = &record->view.seen.walk.page;

	page->order = 4;
	page->mapcount = 1;
	page->traits |= VMWALK_PAGE_AVERAGE | (shared ? VMWALK_PAGE_MAYBE_SHARED : 0);
}

void record_page_changed(struct record *record)
{
	struct vmwalk_address *walk = &record->view.seen.walk;

	walk->call.got &= ~VMWALK_GOT_PAGE;
	walk->call.got |= VMWALK_GOT_PAGE_CHANGED;
	walk->call.kind = VMWALK_KIND_CHANGED;
	memset(&walk->page, 0, sizeof(walk->page));
}

void record_redact(struct record *record)
{
	struct vmwalk_address *walk = &record->view.seen.walk;
	struct vmwalk_entry *entry;
	unsigned int level;

	walk->call.redacted = VMWALK_REDACTED_TABLES | VMWALK_REDACTED_PFN | VMWALK_REDACTED_SWAP |
			 VMWALK_REDACTED_PAGE | VMWALK_REDACTED_SYMBOLS;
	walk->call.got &= ~(VMWALK_GOT_PFN | VMWALK_GOT_PAGE | VMWALK_GOT_SWAP | VMWALK_GOT_OPS);
	walk->call.pfn = 0;
	walk->call.swap_offset = 0;
	memset(&walk->page, 0, sizeof(walk->page));
	memset(&walk->symbols, 0, sizeof(walk->symbols));
	for (level = 0; level < VMWALK_LEVELS; level++) {
		entry = &walk->entry[level];
		entry->value &= entry->flags & VMWALK_E_PRESENT ? ~0x000ffffffffff000ULL : 0;
		entry->address = 0;
		entry->target = 0;
	}
}

void record_name(struct record *record, const char *raw, const char *line)
{
	bool shared = record->view.seen.walk.vma.flags & BIT(MS);

	snprintf(record->view.seen.name, sizeof(record->view.seen.name), "%s", raw);
	set_maps(record, shared ? "rw-s" : "rw-p", line);
}

void record_free(struct record *record)
{
	view_free(&record->view);
}
