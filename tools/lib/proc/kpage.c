// SPDX-License-Identifier: GPL-2.0
/*
 * Read /proc/kpageflags and /proc/kpagecount (fs/proc/page.c), and /proc/swaps
 * (swap_show() of mm/swapfile.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libvmwalk.h"
#include "read.h"

int vmwalk_kpage_read(const char *file, __u64 pfn, __u64 *value)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return -errno;
	got = pread(fd, value, sizeof(*value), (off_t)(pfn * sizeof(*value)));
	if (got < 0)
		got = -errno;
	else
		got = got == sizeof(*value) ? 0 : -ENODATA;
	close(fd);
	return got;
}

void vmwalk_swaps_parse(struct vmwalk_swaps *swaps, char *text, unsigned int page_size)
{
	unsigned long long kib;
	char *line, *rest = text;
	size_t len;

	memset(swaps, 0, sizeof(*swaps));
	swaps->text = text;
	strsep(&rest, "\n");
	while ((line = strsep(&rest, "\n")) && swaps->nr < VMWALK_SWAPS_MAX) {
		/* The name ends at the first blank: blanks in it are escaped as \040. */
		len = strcspn(line, " \t");
		if (sscanf(line + len, " %*s %llu", &kib) != 1)
			continue;
		line[len] = '\0';
		swaps->name[swaps->nr] = line;
		swaps->pages[swaps->nr] = kib * 1024 / page_size;
		swaps->nr++;
	}
}

int vmwalk_swaps_read(struct vmwalk_swaps *swaps, unsigned int page_size)
{
	int fd, error;
	char *text;

	memset(swaps, 0, sizeof(*swaps));
	fd = open("/proc/swaps", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	error = vmwalk_read_all(fd, &text);
	close(fd);
	if (!error)
		vmwalk_swaps_parse(swaps, text, page_size);
	return error;
}

__u32 vmwalk_swaps_candidates(const struct vmwalk_swaps *swaps, unsigned int type, __u64 offset)
{
	__u32 mask = 0;
	unsigned int i;

	/*
	 * Slot 0, the header, does not count in @pages: the last slot is at @pages,
	 * unless mkswap(8) found bad slots, which do not count either.
	 */
	for (i = 0; i < swaps->nr && i <= type; i++)
		if (offset <= swaps->pages[i])
			mask |= 1U << i;
	return mask;
}

void vmwalk_swaps_free(struct vmwalk_swaps *swaps)
{
	free(swaps->text);
	memset(swaps, 0, sizeof(*swaps));
}
