// SPDX-License-Identifier: GPL-2.0
/*
 * Locate the regions of the kernel half whose location is certain: the kernel image by
 * symbols in /proc/kallsyms, and on x86-64 fixed regions by
 * Documentation/arch/x86/x86_64/mm.rst. Randomised regions begin at the values, in
 * /proc/kcore, of variables found in kallsyms, or at the defaults with nokaslr.
 */
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel_layout.h"

#define TIB	(1ULL << 40)

void vmwalk_landmarks_line(struct vmwalk_landmarks *marks, const char *line)
{
	const struct {
		const char *name;
		__u64 *mark;
	} symbols[] = {
		{ "_text", &marks->text }, { "_stext", &marks->stext },
		{ "_etext", &marks->etext }, { "_end", &marks->end },
		{ "__start_rodata", &marks->start_rodata },
		{ "__end_rodata", &marks->end_rodata },
		{ "page_offset_base", &marks->page_offset_at },
		{ "vmalloc_base", &marks->vmalloc_at },
		{ "vmemmap_base", &marks->vmemmap_at },
	};
	unsigned long long address;
	char name[32];
	int used = 0;
	size_t i;

	/* Skip symbols of modules, which are followed by "[module]". */
	if (sscanf(line, "%llx %*c %31s%n", &address, name, &used) != 2 ||
	    (line[used] && line[used] != '\n'))
		return;
	for (i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		if (!strcmp(name, symbols[i].name))
			*symbols[i].mark = address;
}

void vmwalk_landmarks_fixed(struct vmwalk_landmarks *marks, unsigned int levels)
{
	marks->page_offset = levels == 5 ? 0xff11000000000000ULL : 0xffff888000000000ULL;
	marks->vmalloc = levels == 5 ? 0xffa0000000000000ULL : 0xffffc90000000000ULL;
	marks->vmemmap = levels == 5 ? 0xffd4000000000000ULL : 0xffffea0000000000ULL;
}

/*
 * A landmark that is not known is 0: leave its region out. If regions overlap, the one
 * added first applies.
 */
static void add(struct vmwalk_layout *layout, __u64 start, __u64 end, const char *name)
{
	struct vmwalk_region *region = &layout->region[layout->nr];

	if (!start || end <= start || layout->nr == VMWALK_REGIONS_MAX)
		return;
	*region = (struct vmwalk_region) { start, end, name };
	layout->nr++;
}

static void add_image(struct vmwalk_layout *layout, const struct vmwalk_landmarks *marks)
{
	add(layout, marks->stext, marks->etext, "kernel text");
	add(layout, marks->start_rodata, marks->end_rodata, "kernel read-only data");
	add(layout, marks->text, marks->end, "kernel image");
}

static void add_fixed(struct vmwalk_layout *layout, unsigned int levels)
{
	if (levels == 5)
		add(layout, 0xff10000000000000ULL, 0xff11000000000000ULL, "LDT remap");
	else
		add(layout, 0xffff880000000000ULL, 0xffff888000000000ULL, "LDT remap");
	add(layout, 0xfffffe0000000000ULL, 0xfffffe8000000000ULL, "cpu_entry_area");
	add(layout, 0xffffff0000000000ULL, 0xffffff8000000000ULL, "%esp fixup stacks");
	add(layout, 0xffffffef00000000ULL, 0xffffffff00000000ULL, "EFI");
	/* With and without KASLR, the kernel image ends below 0xffffffffc0000000. */
	add(layout, 0xffffffffc0000000ULL, 0xffffffffff000000ULL, "modules");
	add(layout, 0xffffffffff600000ULL, 0xffffffffff601000ULL, "vsyscall page");
	add(layout, 0xffffffffff000000ULL, 0xffffffffff600000ULL, "fixmap");
}

static void add_bases(struct vmwalk_layout *layout, unsigned int levels,
		      const struct vmwalk_landmarks *marks)
{
	__u64 vmalloc = levels == 5 ? 12800 * TIB : 32 * TIB;
	__u64 vmemmap = levels == 5 ? 512 * TIB : TIB;

	/* The direct map ends with physical memory, which never reaches vmalloc_base. */
	if (marks->vmalloc)
		add(layout, marks->page_offset, marks->vmalloc, "direct map");
	if (marks->vmemmap && vmalloc > marks->vmemmap - marks->vmalloc)
		vmalloc = marks->vmemmap - marks->vmalloc;
	add(layout, marks->vmalloc, marks->vmalloc + vmalloc, "vmalloc");
	add(layout, marks->vmemmap, marks->vmemmap + vmemmap, "vmemmap");
}

void vmwalk_layout_make(struct vmwalk_layout *layout, __u32 arch, unsigned int levels,
			const struct vmwalk_landmarks *marks)
{
	layout->nr = 0;
	/* A kernel half with a separate root cannot be walked. */
	if (vmwalk_arch_find(arch)->kernel_root)
		return;
	add_image(layout, marks);
	if (arch != VMWALK_ARCH_X86_64)
		return;
	add_fixed(layout, levels);
	add_bases(layout, levels, marks);
}

const char *vmwalk_layout_region(const struct vmwalk_layout *layout, __u64 address)
{
	unsigned int i;

	for (i = 0; i < layout->nr; i++)
		if (address >= layout->region[i].start && address < layout->region[i].end)
			return layout->region[i].name;
	return VMWALK_REGION_UNKNOWN;
}

/* kallsyms shows 0 for an address that the caller may not know: it stays unknown. */
static void read_symbols(struct vmwalk_landmarks *marks)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return;
	while (getline(&line, &size, file) > 0)
		vmwalk_landmarks_line(marks, line);
	free(line);
	fclose(file);
}

static bool exact(int fd, void *to, size_t size, off_t offset)
{
	return pread(fd, to, size, offset) == (ssize_t)size;
}

/*
 * Read 8 bytes of kernel memory from /proc/kcore, an ELF file with a segment for each
 * range of memory. Return 0 if they cannot be read.
 */
static __u64 read_word(int fd, __u64 address)
{
	Elf64_Phdr header;
	Elf64_Ehdr head;
	unsigned int i;
	__u64 word;

	if (!address || !exact(fd, &head, sizeof(head), 0))
		return 0;
	for (i = 0; i < head.e_phnum; i++) {
		if (!exact(fd, &header, sizeof(header), head.e_phoff + i * sizeof(header)))
			return 0;
		if (header.p_type == PT_LOAD && address >= header.p_vaddr &&
		    address - header.p_vaddr < header.p_memsz)
			return exact(fd, &word, sizeof(word),
				     header.p_offset + (address - header.p_vaddr)) ? word : 0;
	}
	return 0;
}

static void read_values(struct vmwalk_landmarks *marks)
{
	int fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	marks->page_offset = read_word(fd, marks->page_offset_at);
	marks->vmalloc = read_word(fd, marks->vmalloc_at);
	marks->vmemmap = read_word(fd, marks->vmemmap_at);
	close(fd);
}

static bool has_nokaslr(void)
{
	char text[4096], *word, *rest = text;
	FILE *file = fopen("/proc/cmdline", "re");
	size_t len;

	if (!file)
		return false;
	len = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[len] = '\0';
	while ((word = strsep(&rest, "\n ")))
		if (!strcmp(word, "nokaslr"))
			return true;
	return false;
}

void vmwalk_layout_read(struct vmwalk_layout *layout, __u32 arch, unsigned int levels)
{
	struct vmwalk_landmarks marks = { 0 };

	read_symbols(&marks);
	read_values(&marks);
	if (!marks.page_offset && has_nokaslr())
		vmwalk_landmarks_fixed(&marks, levels);
	vmwalk_layout_make(layout, arch, levels, &marks);
}
