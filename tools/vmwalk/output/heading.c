// SPDX-License-Identifier: GPL-2.0
/*
 * Whose address space it is, at the top of every view of one.
 */
#include "escape.h"
#include "format.h"
#include "heading.h"
#include "json.h"

void heading_draw(struct screen *screen, const struct vmwalk_image *image, const char *right)
{
	char comm[4 * sizeof(image->target.comm)], page[32];

	screen_row(screen, "", 0);
	screen_ink(screen, INK_STRONG);
	screen_word(screen, "%s[%d]",
		    escape_text(comm, sizeof(comm), image->target.comm, screen->ascii),
		    (int)image->target.pid);
	screen_ink(screen, INK_PLAIN);
	if (image->target.tgid != image->target.pid)
		screen_word(screen, "thread of %d", (int)image->target.tgid);
	screen_word(screen, " %s, %u levels, %s pages", vmwalk_arch_find(image->caps.arch)->name,
		    image->caps.nr_levels,
		    format_size(image->caps.page_size, page, sizeof(page)));
	screen_right(screen, right);
	screen_end(screen);
}

void heading_verdict(struct screen *screen, enum ink ink)
{
	if (screen->width >= 100)
		screen_end(screen);
	screen_row(screen, "", 2);
	screen_ink(screen, ink);
}

void heading_verdict_end(struct screen *screen)
{
	screen_ink(screen, INK_PLAIN);
	screen_end(screen);
	if (screen->width >= 100)
		screen_end(screen);
}

json_t *heading_object(const struct vmwalk_image *image)
{
	json_t *root = json_object();

	field_number(root, "pid", image->target.pid);
	field_number(root, "tgid", image->target.tgid);
	field_text(root, "comm", image->target.comm);
	field_text(root, "arch", vmwalk_arch_find(image->caps.arch)->json);
	field_number(root, "page_size", image->caps.page_size);
	field_number(root, "levels", image->caps.nr_levels);
	return root;
}
