/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_ELF_VIEW_H
#define VMWALK_ELF_VIEW_H

#include "libvmwalk.h"

/**
 * elf_describe() - name the segment and the sections that each VMA maps
 * @dev: the device that @image was gathered from, or NULL: files are opened by path
 * @image: with VMAs; elf of each area is set, to "" if nothing is known
 *
 * "LOAD 1 r-x: .init .plt .text .fini": the second LOAD segment, with its flags, and the
 * sections that lie in this VMA; GNU_RELRO and TLS are named beside it. Memory behind the
 * end of the file's part (.bss) is described as well. Only regular files are read, and
 * only if they are the mapped ones. Names of sections are not escaped. Without libelf
 * nothing is known; if it cannot be loaded, stderr says so.
 *
 * Return: 0, or -1 on allocation failure.
 */
int elf_describe(struct vmwalk_device *dev, struct vmwalk_image *image);

#endif
