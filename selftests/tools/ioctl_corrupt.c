// SPDX-License-Identifier: GPL-2.0
/*
 * Preloaded into the command to test the checks: corrupt the module's answers about the
 * page at CORRUPT_AT, its VMA or the whole process, as CORRUPT says. With CORRUPT_OFTEN=2
 * corrupt every other answer about the page, as if the process had changed in between.
 */
#include <dlfcn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/vmwalk.h>

static int is(const char *what)
{
	const char *corrupt = getenv("CORRUPT");

	return corrupt && !strcmp(corrupt, what);
}

static int is_of_vma(void)
{
	const char *corrupt = getenv("CORRUPT");

	return corrupt && !strncmp(corrupt, "vma-", 4);
}

static uint64_t number_of(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : 0;
}

static int corrupt_now(void)
{
	static unsigned int count;
	unsigned int often = number_of("CORRUPT_OFTEN");

	return !often || count++ % often == 0;
}

static void corrupt_run(struct vmwalk_run *run)
{
	uint64_t at = number_of("CORRUPT_AT");

	if (is_of_vma() || at < run->start || at >= run->end || !corrupt_now())
		return;
	if (is("frame"))
		run->first++;
	else if (is("uffd-wp"))
		run->flags ^= VMWALK_E_UFFDWP;
	else if (is("empty"))
		*run = (struct vmwalk_run) {
			.start = run->start, .end = run->end, .page_shift = run->page_shift,
			.state = VMWALK_CLASS_NONE,
		};
	else if (is("mapcount"))
		run->page.mapcount += 7;
	else if (is("page-flags"))
		run->page.kpageflags ^= 1 << 6;
	else if (is("anonymous"))
		run->page.traits ^= VMWALK_PAGE_ANON;
}

static void corrupt_vma(struct vmwalk_vma *vma)
{
	uint64_t at = number_of("CORRUPT_AT");

	if (!is_of_vma() || at < vma->start || at >= vma->end || !corrupt_now())
		return;
	if (is("vma-end"))
		vma->end += sysconf(_SC_PAGESIZE);
	else if (is("vma-flags"))
		vma->flags ^= VMWALK_VMA_BIT(VMWALK_VMA_AC);
	else if (is("vma-inode"))
		vma->ino++;
}

static void corrupt(unsigned long request, void *arg)
{
	struct vmwalk_scan *scan = arg;
	struct vmwalk_vmas *vmas = arg;
	struct vmwalk_tables *tables = arg;
	struct vmwalk_mm *mm = arg;
	uint32_t i;

	if (request == VMWALK_IOC_SCAN)
		for (i = 0; i < scan->nr; i++)
			corrupt_run(&((struct vmwalk_run *)(uintptr_t)scan->vec)[i]);
	if (request == VMWALK_IOC_VMAS)
		for (i = 0; i < vmas->nr; i++)
			corrupt_vma(&((struct vmwalk_vma *)(uintptr_t)vmas->vec)[i]);
	if (request == VMWALK_IOC_TABLES && is("tables") && tables->nr)
		tables->nr--;
	if (request == VMWALK_IOC_MM && is("resident"))
		mm->rss_anon++;
	if (request == VMWALK_IOC_MM && is("brk"))
		mm->start_brk += 16;
}

int ioctl(int fd, unsigned long request, ...)
{
	int (*real)(int fd, unsigned long request, ...) = dlsym(RTLD_NEXT, "ioctl");
	va_list args;
	void *arg;
	int result;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	result = real(fd, request, arg);
	if (!result && _IOC_TYPE(request) == VMWALK_IOC_MAGIC)
		corrupt(request, arg);
	return result;
}
