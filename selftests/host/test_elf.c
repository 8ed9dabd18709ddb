// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "space/elf_view.h"
#ifdef HAVE_LIBDW
#include "target/elf_library.h"
#endif

#define PAGE	4096ULL

/* in_bss is larger than a page, so that its end lies behind the last page of the file. */
static volatile int in_data = 1;
static volatile char in_bss[5 * PAGE];
static const char in_rodata[] = "a text that nobody writes";
static __thread volatile int in_tdata = 4;

FIXTURE(elf) {
	struct vmwalk_image image;
};

static void add_line(struct vmwalk_image *image, const char *text)
{
	struct vmwalk_area *area = &image->areas[image->nr_areas];
	unsigned long long start, end, offset, ino;
	unsigned int major, minor;
	char perms[8], name[4096] = "";

	if (sscanf(text, "%llx-%llx %7s %llx %x:%x %llu %4095[^\n]", &start, &end, perms, &offset,
		   &major, &minor, &ino, name) < 7)
		return;
	area->vma = (struct vmwalk_vma) {
		.start = start, .end = end, .offset = offset, .ino = ino,
		.dev_major = major, .dev_minor = minor,
		.traits = ino ? VMWALK_VMA_HAS_FILE : 0,
	};
	area->name = strdup(name);
	area->elf = strdup("old words");
	image->nr_areas++;
}

FIXTURE_SETUP(elf)
{
	char line[8192];
	FILE *maps;

	memset(&self->image, 0, sizeof(self->image));
	self->image.caps.page_size = PAGE;
	self->image.areas = calloc(1024, sizeof(*self->image.areas));
#ifdef HAVE_LIBDW
	/*
	 * Load libelf first, or the libraries that it maps would be missing from the
	 * image.
	 */
	ASSERT_NE(libelf_load(), NULL);
#endif
	maps = fopen("/proc/self/maps", "r");
	while (fgets(line, sizeof(line), maps) && self->image.nr_areas < 1024)
		add_line(&self->image, line);
	fclose(maps);
}

FIXTURE_TEARDOWN(elf)
{
	vmwalk_image_free(&self->image);
}

static const char *words_at(struct vmwalk_image *image, const volatile void *address)
{
	const struct vmwalk_area *area = vmwalk_image_area(image, (__u64)(uintptr_t)address);

	return area ? area->elf : "no area";
}

#ifdef HAVE_LIBDW

static bool names(const char *words, const char *word)
{
	const char *at = strstr(words, word);
	size_t len = strlen(word);

	return at && (at == words || at[-1] == ' ') && (!at[len] || at[len] == ' ');
}

TEST_F(elf, each_part_of_this_program_is_named)
{
	ASSERT_EQ(elf_describe(NULL, &self->image), 0);
	EXPECT_TRUE(names(words_at(&self->image, names), ".text"))
		TH_LOG("%s", words_at(&self->image, names));
	EXPECT_TRUE(strstr(words_at(&self->image, names), "r-x: "));
	EXPECT_TRUE(names(words_at(&self->image, &in_data), ".data"))
		TH_LOG("%s", words_at(&self->image, &in_data));
	EXPECT_NE(strstr(words_at(&self->image, &in_data), "rw-"), NULL);
	EXPECT_TRUE(names(words_at(&self->image, in_rodata), ".rodata"))
		TH_LOG("%s", words_at(&self->image, in_rodata));
	EXPECT_FALSE(names(words_at(&self->image, in_rodata), ".text"));
}

TEST_F(elf, memory_behind_the_end_of_the_file_is_of_it_too)
{
	ASSERT_EQ(elf_describe(NULL, &self->image), 0);
	EXPECT_TRUE(names(words_at(&self->image, &in_bss[4 * PAGE]), ".bss"))
		TH_LOG("%s", words_at(&self->image, &in_bss[4 * PAGE]));
}

TEST_F(elf, what_is_made_read_only_and_what_threads_begin_with_is_named)
{
	bool relro = false, tls = false;
	size_t i;

	EXPECT_EQ(in_tdata, 4);
	ASSERT_EQ(elf_describe(NULL, &self->image), 0);
	for (i = 0; i < self->image.nr_areas; i++) {
		relro |= names(self->image.areas[i].elf, "GNU_RELRO");
		tls |= !!strstr(self->image.areas[i].elf, " TLS: ");
	}
	EXPECT_TRUE(relro);
	EXPECT_TRUE(tls);
}

/*
 * Count the PT_LOAD segments that the image does not describe as "LOAD" and their number
 * at the address where the loader put them. The count is in image->raced, which is free
 * here.
 */
static int check_object(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct vmwalk_image *image = arg;
	char head[32];
	int i, load = 0, *wrong = (int *)&image->raced;

	(void)size;
	if (strstr(info->dlpi_name, "vdso"))
		return 0;
	for (i = 0; i < info->dlpi_phnum; i++) {
		if (info->dlpi_phdr[i].p_type != PT_LOAD)
			continue;
		snprintf(head, sizeof(head), "LOAD %d ", load++);
		if (strncmp(words_at(image, (void *)(info->dlpi_addr +
						     info->dlpi_phdr[i].p_vaddr)),
			    head, strlen(head))) {
			printf("# %s %s: %s\n", info->dlpi_name, head,
			       words_at(image, (void *)(info->dlpi_addr +
							info->dlpi_phdr[i].p_vaddr)));
			++*wrong;
		}
	}
	return 0;
}

TEST_F(elf, every_segment_of_every_library_is_where_the_loader_put_it)
{
	ASSERT_EQ(elf_describe(NULL, &self->image), 0);
	dl_iterate_phdr(check_object, &self->image);
	EXPECT_EQ(self->image.raced, 0);
}

TEST_F(elf, what_is_no_file_has_no_words)
{
	int on_stack = 5;

	ASSERT_EQ(elf_describe(NULL, &self->image), 0);
	EXPECT_STREQ(words_at(&self->image, &on_stack), "");
}

/*
 * Describe a VMA that maps @size bytes of a file from its start. Return the text, which
 * the image owns, or "no memory".
 */
static const char *describe_file(struct vmwalk_image *image, const char *path, __u64 size)
{
	struct vmwalk_area *area = &image->areas[0];
	struct stat st;

	stat(path, &st);
	image->nr_areas = 1;
	free(area->name);
	area->name = strdup(path);
	area->vma = (struct vmwalk_vma) {
		.start = 0x10000000, .end = 0x10000000 + size, .ino = st.st_ino,
		.dev_major = major(st.st_dev), .dev_minor = minor(st.st_dev),
		.traits = VMWALK_VMA_HAS_FILE,
	};
	return elf_describe(NULL, image) ? "no memory" : area->elf;
}

/*
 * Copy this program to a file and return its size. The tests damage the file through
 * *@bytes, a shared mapping.
 */
static size_t copy_self(const char *path, unsigned char **bytes)
{
	int in = open("/proc/self/exe", O_RDONLY), out = open(path, O_RDWR | O_CREAT, 0600);
	struct stat st;

	fstat(in, &st);
	ftruncate(out, st.st_size);
	*bytes = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, out, 0);
	read(in, *bytes, st.st_size);
	close(in);
	close(out);
	return st.st_size;
}

TEST_F(elf, a_file_that_is_not_the_mapped_one_is_not_looked_at)
{
	char path[] = "/tmp/vmwalk-elf-XXXXXX";
	unsigned char *bytes;
	size_t i;

	close(mkstemp(path));
	copy_self(path, &bytes);
	EXPECT_EQ(strncmp(describe_file(&self->image, path, PAGE), "LOAD 0 ", 7), 0);
	self->image.areas[0].vma.ino++;
	ASSERT_EQ(elf_describe(NULL, &self->image), 0);
	EXPECT_STREQ(self->image.areas[0].elf, "");
	/* The first segment is shorter than 1 MiB: no loader maps so much of it. */
	EXPECT_STREQ(describe_file(&self->image, path, 1 << 20), "");
	for (i = 0; i < 64; i++)
		bytes[i] = 0xff;
	EXPECT_STREQ(describe_file(&self->image, path, PAGE), "");
	unlink(path);
}

/* Opening a FIFO without a writer blocks, unless O_NONBLOCK is given. */
TEST_F(elf, a_pipe_or_a_device_is_not_opened)
{
	char path[] = "/tmp/vmwalk-elf-XXXXXX";

	close(mkstemp(path));
	unlink(path);
	ASSERT_EQ(mkfifo(path, 0600), 0);
	EXPECT_STREQ(describe_file(&self->image, path, PAGE), "");
	unlink(path);
	EXPECT_STREQ(describe_file(&self->image, "/dev/zero", PAGE), "");
}

TEST_F(elf, spoilt_headers_do_no_harm)
{
	static const unsigned char worst[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	char path[] = "/tmp/vmwalk-elf-XXXXXX";
	unsigned char *bytes, *before;
	size_t size, at, i, width, sections;
	Elf64_Ehdr *head;

	close(mkstemp(path));
	size = copy_self(path, &bytes);
	before = malloc(size);
	memcpy(before, bytes, size);
	head = (Elf64_Ehdr *)before;
	sections = head->e_shoff;
	for (at = 4; at < 2048; at++) {
		for (i = 0; i < sizeof(worst); i++) {
			for (width = 1; width <= 8; width *= 8) {
				memset(bytes + at, worst[i], width);
				if (at + sections < size - 8)
					memset(bytes + sections + at, worst[i], width);
				EXPECT_NE(describe_file(&self->image, path, PAGE), NULL);
				memcpy(bytes + at, before + at, 8);
				memcpy(bytes + sections + at, before + sections + at,
				       at + sections < size - 8 ? 8 : 0);
			}
		}
	}
	/*
	 * A file can be truncated while it is mapped, so headers may point past its end.
	 */
	for (at = 0; at < size; at += at < 4096 ? 7 : 4096) {
		truncate(path, at);
		EXPECT_NE(describe_file(&self->image, path, PAGE), NULL);
	}
	free(before);
	unlink(path);
}

/* Nothing guarantees that .shstrtab ends with a NUL. */
TEST_F(elf, names_without_an_end_do_no_harm)
{
	char path[] = "/tmp/vmwalk-elf-XXXXXX";
	unsigned char *bytes;
	Elf64_Shdr *section;
	Elf64_Ehdr *head;
	size_t i;

	close(mkstemp(path));
	copy_self(path, &bytes);
	head = (Elf64_Ehdr *)bytes;
	section = (Elf64_Shdr *)(bytes + head->e_shoff);
	memset(bytes + section[head->e_shstrndx].sh_offset, 'A',
	       section[head->e_shstrndx].sh_size);
	EXPECT_NE(strstr(describe_file(&self->image, path, PAGE), "?"), NULL)
		TH_LOG("%s", self->image.areas[0].elf);
	for (i = 0; i < head->e_shnum; i++)
		section[i].sh_name = 0xfffffff0;
	EXPECT_NE(strstr(describe_file(&self->image, path, PAGE), "?"), NULL);
	/* With all sections in the VMA, their names are too long for the description. */
	for (i = 1; i < head->e_shnum; i++) {
		section[i].sh_flags = SHF_ALLOC;
		section[i].sh_addr = 0;
		section[i].sh_size = 1;
	}
	EXPECT_LT(strlen(describe_file(&self->image, path, PAGE)), 512);
	unlink(path);
}

#else

TEST_F(elf, without_libelf_nothing_is_known)
{
	ASSERT_EQ(elf_describe(NULL, &self->image), 0);
	EXPECT_STREQ(words_at(&self->image, &in_data), "");
	EXPECT_STREQ(words_at(&self->image, (void *)in_bss), "");
	EXPECT_STREQ(words_at(&self->image, in_rodata), "");
	EXPECT_EQ(in_tdata, 4);
}

#endif

TEST_HARNESS_MAIN
