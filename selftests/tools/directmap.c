// SPDX-License-Identifier: GPL-2.0
/*
 * directmap PA: print the direct-map address of a physical address (hexadecimal), by the
 * program headers of /proc/kcore.
 */
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd = open("/proc/kcore", O_RDONLY);
	unsigned long long pa;
	Elf64_Phdr h;
	Elf64_Ehdr e;
	int i;

	if (argc != 2 || fd < 0 || pread(fd, &e, sizeof(e), 0) != sizeof(e))
		return 1;
	pa = strtoull(argv[1], NULL, 16);
	for (i = 0; i < e.e_phnum; i++) {
		if (pread(fd, &h, sizeof(h), e.e_phoff + i * sizeof(h)) != sizeof(h))
			return 1;
		/*
		 * Skip segments without a physical address (p_paddr is all ones), such as
		 * vmalloc, and the kernel image, which lies above the direct map that
		 * maps it, too.
		 */
		if (h.p_type != PT_LOAD || h.p_paddr == ~0ULL || h.p_vaddr >= 0xffffffff80000000ULL)
			continue;
		if (pa >= h.p_paddr && pa - h.p_paddr < h.p_memsz) {
			printf("%llx\n", (unsigned long long)h.p_vaddr + (pa - h.p_paddr));
			return 0;
		}
	}
	return 1;
}
