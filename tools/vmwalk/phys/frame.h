/* SPDX-License-Identifier: GPL-2.0 */
/* A page frame by itself: what the user may write for one, and what it is used for. */
#ifndef VMWALK_FRAME_H
#define VMWALK_FRAME_H

#include "libvmwalk.h"

/* A page frame, or a byte in it */
struct frame {
	__u64 pfn;
	__u64 offset;	/* from the start of the page */
};

/**
 * frame_parse() - take PA, or pfn:PFN, apart; pure
 * @frame: filled
 * @text: a number as in ADDR: hex, or 0d and decimal, with +offset
 * @page_size: bytes
 *
 * Return: NULL, or what is wrong.
 */
const char *frame_parse(struct frame *frame, const char *text, unsigned int page_size);

/**
 * frame_use() - what a frame that no process maps is used for; pure
 * @kpageflags: its entry there
 *
 * Return: words.
 */
const char *frame_use(__u64 kpageflags);

#endif /* VMWALK_FRAME_H */
