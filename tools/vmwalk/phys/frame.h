/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_FRAME_H
#define VMWALK_FRAME_H

#include "libvmwalk.h"

struct frame {
	__u64 pfn;
	__u64 offset;	/* bytes from the start of the page */
};

/**
 * frame_parse() - split PA, or pfn:PFN, into frame and offset; pure
 * @frame: filled
 * @text: a number as in ADDR: hex, or 0d and decimal, with +offset
 * @page_size: size of a page, bytes
 *
 * Return: NULL, or the error message, a static string.
 */
const char *frame_parse(struct frame *frame, const char *text, unsigned int page_size);

/**
 * frame_use() - the use of a frame that no process maps; pure
 * @kpageflags: entry of the frame in /proc/kpageflags
 *
 * Return: a static string.
 */
const char *frame_use(__u64 kpageflags);

#endif
