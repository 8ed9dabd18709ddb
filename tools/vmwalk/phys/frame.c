// SPDX-License-Identifier: GPL-2.0
/*
 * Parse a page frame, and tell its use from its flags, as in <linux/kernel-page-flags.h>
 * and Documentation/admin-guide/mm/pagemap.rst.
 */
#include <linux/kernel-page-flags.h>
#include <string.h>

#include "frame.h"
#include "target/address.h"

/*
 * Not in the uapi header, but in include/linux/kernel-page-flags.h of the kernel source:
 * /proc/kpageflags shows this bit, too.
 */
#define KPF_RESERVED	32

#define BIT(n)		(1ULL << (n))

const char *frame_parse(struct frame *frame, const char *text, unsigned int page_size)
{
	bool is_pfn = !strncmp(text, "pfn:", 4);
	struct address address;
	const char *wrong;
	__u64 number;

	wrong = address_parse(&address, is_pfn ? text + 4 : text);
	if (!wrong && address.form != ADDRESS_NUMBER)
		wrong = "it is a number: hex, or 0d and decimal";
	if (wrong)
		return wrong;
	number = address.number + address.offset;
	if (number < address.offset)
		return "with its offset it has more than 64 bits";
	frame->pfn = is_pfn ? number : number / page_size;
	frame->offset = is_pfn ? 0 : number % page_size;
	return frame->pfn > ~0ULL / page_size ? "its address has more than 64 bits" : NULL;
}

/* Search order: the first row with all its bits set decides, specific uses first. */
static const struct {
	__u64 bits;
	const char *use;
} uses[] = {
	{ BIT(KPF_NOPAGE), "no memory that the kernel manages" },
	{ BIT(KPF_HWPOISON), "poisoned: taken out of use" },
	{ BIT(KPF_OFFLINE), "offline" },
	{ BIT(KPF_BUDDY), "free" },
	{ BIT(KPF_ZERO_PAGE), "a zero page" },
	{ BIT(KPF_PGTABLE), "a page table" },
	{ BIT(KPF_SLAB), "slab: objects of the kernel" },
	{ BIT(KPF_HUGE), "a hugetlb page: in its pool, or of a file that nobody maps" },
	{ BIT(KPF_SWAPCACHE), "swap cache only" },
	{ BIT(KPF_ANON), "anonymous, on its way out or in" },
	{ BIT(KPF_LRU) | BIT(KPF_SWAPBACKED),
	  "page cache only: of shared memory or tmpfs" },
	{ BIT(KPF_LRU), "page cache only" },
	{ BIT(KPF_RESERVED), "reserved: of the kernel's image, or of firmware" },
};

const char *frame_use(__u64 kpageflags)
{
	size_t i;

	for (i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
		if ((kpageflags & uses[i].bits) == uses[i].bits)
			return uses[i].use;
	/* Free pages on a per-CPU list have no flag of their own. */
	return "the kernel's own, or free on the list of a processor";
}
