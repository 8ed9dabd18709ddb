// SPDX-License-Identifier: GPL-2.0
/*
 * Name the segment and the sections of an ELF file that a VMA maps, as in elf(5). Do not
 * trust the files, which any process may have mapped: libelf checks sizes and offsets
 * against the file, and the code below checks counts and sums of addresses.
 */
#include <stdlib.h>
#include <string.h>

#include "elf_view.h"

static int set_words(struct vmwalk_area *area, const char *words)
{
	char *copy;

	if (area->elf && !strcmp(area->elf, words))
		return 0;
	copy = strdup(words);
	if (!copy)
		return -1;
	free(area->elf);
	area->elf = copy;
	return 0;
}

static int set_nothing(struct vmwalk_image *image)
{
	int error = 0;
	size_t i;

	for (i = 0; i < image->nr_areas && !error; i++)
		error = set_words(&image->areas[i], "");
	return error;
}

#ifdef HAVE_LIBDW
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "target/elf_library.h"

#define LOADS_MAX	64
#define HEADERS_MAX	1024
#define SECTIONS_MAX	8192
#define WORDS_SIZE	512

/* Set by elf_describe(), the only entry to the code below */
static const struct libelf *libelf;

/* A segment; or a section, of which only @start is set */
struct part {
	__u64 start;	/* first address, not relocated */
	__u64 size;	/* p_memsz: with the .bss, which is not in the file */
	__u64 file_size;	/* p_filesz: take_header() rejects more than @size */
	__u64 offset;
	__u32 flags;	/* mask of PF_* */
};

/* The last file, kept open: the VMAs that map a file are mostly neighbours */
struct object {
	__u32 major;
	__u32 minor;
	__u64 ino;
	int fd;	/* -1 if the file could not be opened */
	Elf *elf;	/* NULL if the file is not open, or libelf failed */
	size_t nr_loads;
	struct part load[LOADS_MAX];
	/* GNU_RELRO: read-only after relocation; size 0: none */
	struct part relro;
	struct part tls;	/* PT_TLS: initial thread-local memory; size 0: none */
	__u64 bias;	/* load address minus address in the file; valid if @placed */
	/* end of the last VMA found to belong to the file; valid if @placed */
	__u64 end;
	bool placed;
};

/* A text of words. @left_out: number of words at its end that did not fit */
struct words {
	char text[WORDS_SIZE];
	size_t used;
	unsigned int left_out;
};

static void add_word(struct words *words, const char *between, const char *word)
{
	size_t room = sizeof(words->text) - 16 - words->used;
	size_t size = strlen(between) + strlen(word);

	if (words->left_out || size >= room) {
		words->left_out++;
		return;
	}
	words->used += sprintf(words->text + words->used, "%s%s", between, word);
}

static void end_words(struct words *words)
{
	if (words->left_out)
		sprintf(words->text + words->used, " +%u", words->left_out);
}

static void object_close(struct object *object)
{
	if (object->elf)
		libelf->elf_end(object->elf);
	if (object->fd >= 0)
		close(object->fd);
	memset(object, 0, sizeof(*object));
	object->fd = -1;
}

static struct part part_of(const GElf_Phdr *header)
{
	return (struct part) {
		.start = header->p_vaddr, .size = header->p_memsz,
		.file_size = header->p_filesz, .offset = header->p_offset,
		.flags = header->p_flags,
	};
}

static void take_header(struct object *object, const GElf_Phdr *header)
{
	/* The file is not trusted, and load_of() adds these numbers without a check. */
	if (header->p_vaddr + header->p_memsz < header->p_vaddr ||
	    header->p_filesz > header->p_memsz)
		return;
	if (header->p_type == PT_LOAD && object->nr_loads < LOADS_MAX)
		object->load[object->nr_loads++] = part_of(header);
	else if (header->p_type == PT_GNU_RELRO)
		object->relro = part_of(header);
	else if (header->p_type == PT_TLS)
		object->tls = part_of(header);
}

static void read_headers(struct object *object)
{
	GElf_Phdr header;
	size_t nr, i;

	object->elf = libelf->elf_begin(object->fd, ELF_C_READ, NULL);
	if (!object->elf || libelf->elf_kind(object->elf) != ELF_K_ELF ||
	    libelf->elf_getphdrnum(object->elf, &nr))
		return;
	for (i = 0; i < nr && i < HEADERS_MAX; i++)
		if (libelf->gelf_getphdr(object->elf, i, &header))
			take_header(object, &header);
}

static void object_open(struct object *object, struct vmwalk_device *dev,
			const struct vmwalk_area *area)
{
	object_close(object);
	object->major = area->vma.dev_major;
	object->minor = area->vma.dev_minor;
	object->ino = area->vma.ino;
	object->fd = vmwalk_mapped_open(dev, &area->vma, area->name);
	if (object->fd >= 0)
		read_headers(object);
}

static bool is_object(const struct object *object, const struct vmwalk_vma *vma)
{
	return object->ino == vma->ino && object->major == vma->dev_major &&
	       object->minor == vma->dev_minor;
}

/*
 * Test if the first @size bytes of a part, rounded out to pages of @page bytes, overlap
 * the VMA; a @page of 1 rounds nothing.
 */
static bool overlaps(const struct object *object, const struct part *part, __u64 size,
		     const struct vmwalk_vma *vma, __u64 page)
{
	__u64 start = (part->start & ~(page - 1)) + object->bias;
	__u64 end = ((part->start + size + page - 1) & ~(page - 1)) + object->bias;

	return size && start < end && start < vma->end && end > vma->start;
}

static const struct part *load_of(const struct object *object, const struct vmwalk_vma *vma,
				  __u64 page)
{
	const struct part *load;
	__u64 from;

	for (load = object->load; load < object->load + object->nr_loads; load++) {
		if (!(vma->traits & VMWALK_VMA_HAS_FILE)) {
			if (load->size > load->file_size &&
			    overlaps(object, load, load->size, vma, page))
				return load;
			continue;
		}
		/* Accept only the offset and address that the loader would use. */
		from = (load->start & ~(page - 1)) + object->bias;
		if (overlaps(object, load, load->file_size, vma, page) && vma->start >= from &&
		    vma->offset - vma->start + object->bias == load->offset - load->start &&
		    vma->end - from <=
		    ((load->start % page + load->file_size + page - 1) & ~(page - 1)))
			return load;
	}
	return NULL;
}

/*
 * The loader places all segments with one bias. A VMA that does not fit the current bias,
 * if any, but has the file offset of a segment, belongs to a new copy of the object:
 * compute the bias of that copy.
 */
static void place(struct object *object, const struct vmwalk_vma *vma, __u64 page)
{
	const struct part *load;

	if (object->placed && load_of(object, vma, page))
		return;
	for (load = object->load; load < object->load + object->nr_loads; load++) {
		if ((load->offset & ~(page - 1)) != vma->offset)
			continue;
		object->bias = vma->start - (load->start & ~(page - 1));
		object->placed = true;
		return;
	}
}

static bool takes_memory(const GElf_Shdr *header)
{
	/* .tbss has an address, but takes memory only in each thread. */
	return header->sh_flags & SHF_ALLOC && header->sh_size &&
	       !(header->sh_type == SHT_NOBITS && header->sh_flags & SHF_TLS) &&
	       header->sh_addr + header->sh_size > header->sh_addr;
}

static void add_sections(const struct object *object, const struct vmwalk_vma *vma,
			 struct words *words)
{
	const char *between = ": ", *name;
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	struct part part;
	size_t names, nr;

	if (libelf->elf_getshdrstrndx(object->elf, &names))
		return;
	for (nr = 0; nr < SECTIONS_MAX; nr++) {
		section = libelf->elf_nextscn(object->elf, section);
		if (!section)
			break;
		if (!libelf->gelf_getshdr(section, &header) || !takes_memory(&header))
			continue;
		part = (struct part) { .start = header.sh_addr };
		if (!overlaps(object, &part, header.sh_size, vma, 1))
			continue;
		name = libelf->elf_strptr(object->elf, names, header.sh_name);
		add_word(words, between, name && *name ? name : "?");
		between = " ";
	}
}

static void describe(const struct object *object, const struct vmwalk_vma *vma, __u64 page,
		     struct words *words)
{
	const struct part *load = load_of(object, vma, page);
	char head[64];

	if (!load)
		return;
	snprintf(head, sizeof(head), "LOAD %zu %c%c%c", (size_t)(load - object->load),
		 load->flags & PF_R ? 'r' : '-', load->flags & PF_W ? 'w' : '-',
		 load->flags & PF_X ? 'x' : '-');
	add_word(words, "", head);
	if (overlaps(object, &object->relro, object->relro.size, vma, 1))
		add_word(words, " ", "GNU_RELRO");
	if (overlaps(object, &object->tls, object->tls.file_size, vma, 1))
		add_word(words, " ", "TLS");
	add_sections(object, vma, words);
	end_words(words);
}

/* Memory without a file that begins at the end of the object may be its .bss. */
static bool belongs(struct object *object, struct vmwalk_device *dev,
		    const struct vmwalk_area *area, __u64 page)
{
	const struct vmwalk_vma *vma = &area->vma;

	if (!(vma->traits & VMWALK_VMA_HAS_FILE))
		return object->placed && vma->start == object->end;
	if (!is_object(object, vma))
		object_open(object, dev, area);
	if (!object->nr_loads)
		return false;
	place(object, vma, page);
	return object->placed;
}

int elf_describe(struct vmwalk_device *dev, struct vmwalk_image *image)
{
	__u64 page = image->caps.page_size;
	struct object object = { .fd = -1 };
	struct words words;
	int error = 0;
	size_t i;

	libelf = libelf_load();
	if (!libelf) {
		warnx("the sections of ELF files need libelf, which cannot be loaded (%s)",
		      elf_library_missing());
		return set_nothing(image);
	}
	libelf->elf_version(EV_CURRENT);
	for (i = 0; i < image->nr_areas && !error; i++) {
		words.text[0] = '\0';
		words.used = 0;
		words.left_out = 0;
		if (belongs(&object, dev, &image->areas[i], page)) {
			describe(&object, &image->areas[i].vma, page, &words);
			object.end = image->areas[i].vma.end;
		}
		error = set_words(&image->areas[i], words.text);
	}
	object_close(&object);
	return error;
}

#else

int elf_describe(struct vmwalk_device *dev, struct vmwalk_image *image)
{
	(void)dev;
	return set_nothing(image);
}

#endif
