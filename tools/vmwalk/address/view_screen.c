// SPDX-License-Identifier: GPL-2.0
/*
 * Draw one address on one screen. Below 100 columns the screen has fewer blank rows, and
 * the table fewer columns, so that all of it fits a terminal of 80x24.
 */
#include <stdlib.h>
#include <string.h>

#include "output/format.h"
#include "output/heading.h"
#include "target/source.h"
#include "verdict.h"
#include "view.h"
#include "view_drawing.h"

static void gap(struct drawing *drawing)
{
	if (!drawing->narrow)
		screen_end(&drawing->screen);
}

static enum ink state_ink(const struct address_view *view)
{
	switch (view_class(view)) {
	case VMWALK_CLASS_LEAF:
		return INK_GOOD;
	case VMWALK_CLASS_HWPOISON:
	case VMWALK_CLASS_CHANGED:
	case VMWALK_CLASS_UNKNOWN:
		return INK_BAD;
	default:
		return INK_WARN;
	}
}

static void draw_header(struct drawing *drawing)
{
	const struct address_view *view = drawing->view;
	const struct vmwalk_address *walk = &view->seen.walk;
	char right[64] = "";

	if (view->image)
		snprintf(right, sizeof(right), "from a snapshot");
	else if (walk->call.got & VMWALK_GOT_STABLE)
		snprintf(right, sizeof(right), "stable during the walk");
	else if (walk->call.got & VMWALK_GOT_VMA || view->region)
		snprintf(right, sizeof(right), "CHANGED during the walk (%u tries)",
			 walk->call.tries);
	heading_row(&drawing->screen, view->target, view->caps, right);
}

static void draw_verdict(struct drawing *drawing)
{
	heading_verdict(&drawing->screen, state_ink(drawing->view));
	view_verdict(&drawing->screen, drawing->view);
	heading_verdict_end(&drawing->screen);
}

/*
 * Draw the address as indices and an offset: "7f12ab345678 = PGD 254 PUD 74 ... +0x678".
 */
static void draw_split(struct drawing *drawing)
{
	const struct address_view *view = drawing->view;
	unsigned int level, last = VMWALK_LEVEL_PTE;
	struct screen *screen = &drawing->screen;
	__u64 address = view->seen.walk.call.address;
	__u64 inside = view->caps->page_size - 1;

	if (view_mapped(view)) {
		last = view->seen.walk.call.leaf_level;
		inside = view_covers(view, last) - 1;
	}
	/* For a kernel address, the blank row below the verdict is directly above. */
	if (!view->region)
		gap(drawing);
	screen_row(screen, "", VIEW_LABEL);
	screen_word(screen, "%llx = ", (unsigned long long)address);
	for (level = 0; level <= last; level++)
		if (view_covers(view, level))
			screen_word(screen, "%s %u ", vmwalk_level_name(level),
				    view_index(view, level));
	screen_word(screen, "+0x%03llx", (unsigned long long)(address & inside));
	screen_end(screen);
	gap(drawing);
}

static void draw_other_bits(struct drawing *drawing)
{
	const struct vmwalk_entry *entry = view_entry(drawing->view);
	const struct vmwalk_bit *bit;
	int words = 0;

	if (!view_mapped(drawing->view))
		return;
	for (bit = drawing->view->arch->bits; bit->mask; bit++) {
		if (bit->column || bit->scope & VMWALK_BIT_ABSENT ||
		    !vmwalk_bit_applies(drawing->view->caps, bit, entry) ||
		    !vmwalk_bit_get(bit, entry->value))
			continue;
		screen_part(&drawing->screen, "%s%s", words++ ? "" : "also ", bit->name);
	}
}

static void draw_effective(struct drawing *drawing)
{
	const struct address_view *view = drawing->view;
	const struct vmwalk_address *walk = &view->seen.walk;
	struct screen *screen = &drawing->screen;
	char has[4], allowed[4], why[256];

	format_perms(verdict_allowed(view), allowed);
	screen_row(screen, "  effective", 13);
	if (view_class(view) != VMWALK_CLASS_LEAF) {
		screen_word(screen, "---  the VMA allows %s", allowed);
		screen_part(screen, "the walk ends at the %s: %s",
			    vmwalk_level_name(walk->call.leaf_level),
			    vmwalk_class_name(view_class(view)));
		draw_other_bits(drawing);
		screen_end(screen);
		return;
	}
	verdict_effective(view, why, sizeof(why));
	screen_word(screen, "%s  the VMA allows %s", format_perms(walk->call.effective, has),
		    allowed);
	if (*why)
		screen_part(screen, "%s", why);
	draw_other_bits(drawing);
	screen_end(screen);
}

static void draw_frame(struct drawing *drawing)
{
	const struct address_view *view = drawing->view;
	const struct vmwalk_address *walk = &view->seen.walk;
	__u64 page_size = view->caps->page_size, size = view_size(view);
	struct screen *screen = &drawing->screen;
	char text[32];

	if (!view_mapped(view) && !(walk->call.got & VMWALK_GOT_PFN))
		return;
	screen_row(screen, "PA", VIEW_LABEL);
	if (!(walk->call.got & VMWALK_GOT_PFN)) {
		screen_word(screen, "%s ", view_redacted(view, VMWALK_REDACTED_PFN) ?
			    HIDDEN_LONG : "unknown");
	} else {
		screen_word(screen, "%#llx ", (unsigned long long)
			    (walk->call.pfn * page_size + walk->call.address % page_size));
		screen_word(screen, "pfn %#llx ", (unsigned long long)walk->call.pfn);
	}
	if (size)
		screen_word(screen, "%s", format_size(size, text, sizeof(text)));
	if (size > page_size)
		screen_part(screen, "page %llu of %llu",
			    (unsigned long long)(walk->call.address % size / page_size),
			    (unsigned long long)(size / page_size));
	if (walk->call.got & VMWALK_GOT_PAGE)
		screen_part(screen, "node %u", walk->page.node);
	screen_end(screen);
}

/*
 * KPF_COMPOUND_HEAD and KPF_COMPOUND_TAIL (bits 15 and 16) tell about the page, not about
 * its folio.
 */
static __u64 shown_flags(const struct vmwalk_page *page)
{
	static const __u64 compound = 3ULL << 15;

	return vmwalk_page_flags(page->kpageflags | (page->flags & ~compound));
}

static void draw_page(struct drawing *drawing)
{
	const struct address_view *view = drawing->view;
	const struct vmwalk_address *walk = &view->seen.walk;
	const struct vmwalk_page *page = &walk->page;
	struct screen *screen = &drawing->screen;
	const char *what = "no mapping";
	char words[512];

	if (!view_mapped(view) && !(walk->call.got & VMWALK_GOT_PAGE) && !view_page_changed(view))
		return;
	if (!(walk->call.got & VMWALK_GOT_PAGE)) {
		screen_row(screen, "page", VIEW_LABEL);
		if (view_redacted(view, VMWALK_REDACTED_PAGE))
			screen_word(screen, "%s", HIDDEN_LONG);
		else if (view_page_changed(view))
			screen_word(screen, "changed while it was read");
		else
			screen_word(screen, "no struct page");
		screen_end(screen);
		return;
	}
	if (page->traits & VMWALK_PAGE_KSM)
		what = "ksm";
	else if (page->traits & VMWALK_PAGE_ANON)
		what = page->traits & VMWALK_PAGE_EXCLUSIVE ? "anon exclusive" : "anon";
	else if (page->traits & VMWALK_PAGE_MAPPING)
		what = "file";
	screen_row(screen, "page", VIEW_LABEL);
	screen_word(screen, "%s, order %u, refcount %u, mapcount %s%u", what, page->order,
		    page->refcount, view_averages(view) ? "~" : "", page->mapcount);
	if (view_averages(view))
		screen_word(screen, "(average%s)", vmwalk_page_maybe_shared(page) ?
			    ", maybe shared" : "");
	screen_part(screen, "index %#llx", (unsigned long long)page->index);
	vmwalk_words_join(words, sizeof(words), vmwalk_page_words, shown_flags(page), " ");
	if (*words)
		screen_part(screen, "%s", words);
	screen_end(screen);
}

static void draw_swap(struct drawing *drawing)
{
	const struct address_view *view = drawing->view;
	const struct vmwalk_address *walk = &view->seen.walk;
	struct screen *screen = &drawing->screen;
	const char *name = view_swap_name(view);
	unsigned int i;

	if (view_class(view) != VMWALK_CLASS_SWAP)
		return;
	screen_row(screen, "swap", VIEW_LABEL);
	if (!(walk->call.got & VMWALK_GOT_SWAP)) {
		screen_word(screen, HIDDEN_LONG);
		screen_end(screen);
		return;
	}
	screen_word(screen, "type %u, slot %llu", walk->call.swap_type,
		    (unsigned long long)walk->call.swap_offset);
	if (name)
		screen_part(screen, "%s", view_harmless(drawing, name));
	for (i = 0; !name && i < view->swaps.nr; i++)
		if (view->swap_candidates & 1U << i)
			screen_part(screen, "may be %s",
				    view_harmless(drawing, view->swaps.name[i]));
	if (view_entry(view)->flags & VMWALK_E_EXCLUSIVE)
		screen_part(screen, "of this process alone");
	screen_end(screen);
}

static const char *grouped(__u64 number, char *buf, size_t size)
{
	char digits[24];
	size_t len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);
	size_t i, used = 0;

	for (i = 0; i < len && used + 2 < size; i++) {
		if (i && !((len - i) % 3))
			buf[used++] = ' ';
		buf[used++] = digits[i];
	}
	buf[used] = '\0';
	return buf;
}

static void draw_faults(struct drawing *drawing)
{
	const struct vmwalk_walk *walk = &drawing->view->seen.walk.call;
	char minor[32], major[32];

	if (!(walk->got & (VMWALK_GOT_TASK_FAULTS | VMWALK_GOT_PROCESS_FAULTS)))
		return;
	screen_row(&drawing->screen, "faults", VIEW_LABEL);
	if (walk->got & VMWALK_GOT_TASK_FAULTS)
		screen_part(&drawing->screen, "task %s minor %s major",
			    grouped(walk->task_minor, minor, sizeof(minor)),
			    grouped(walk->task_major, major, sizeof(major)));
	if (walk->got & VMWALK_GOT_PROCESS_FAULTS)
		screen_part(&drawing->screen, "process %s minor %s major",
			    grouped(walk->process_minor, minor, sizeof(minor)),
			    grouped(walk->process_major, major, sizeof(major)));
	screen_end(&drawing->screen);
}

static void draw_checks(struct drawing *drawing)
{
	const struct vmwalk_check *check = drawing->view->seen.check;
	struct screen *screen = &drawing->screen;
	unsigned int i;

	screen_row(screen, "checked", VIEW_LABEL);
	for (i = 0; i < VMWALK_BOOK_MAX; i++) {
		switch (check[i].result) {
		case VMWALK_CHECK_MISMATCH:
			screen_ink(screen, INK_BAD);
			screen_part(screen, "%s MISMATCH: %s", vmwalk_book_name(i),
				    view_harmless(drawing, check[i].reason));
			screen_ink(screen, INK_PLAIN);
			break;
		case VMWALK_CHECK_UNAVAILABLE:
			screen_part(screen, "%s %s", vmwalk_book_name(i),
				    view_harmless(drawing, check[i].reason));
			break;
		default:
			screen_part(screen, "%s %s", vmwalk_book_name(i),
				    vmwalk_result_name(check[i].result));
		}
	}
	screen_end(screen);
}

/* A snapshot cannot be compared with /proc: show its time instead. */
static void draw_snapshot(struct drawing *drawing)
{
	char when[512];

	screen_row(&drawing->screen, "taken", VIEW_LABEL);
	screen_word(&drawing->screen, "%s",
		    source_when(drawing->view->image, when, sizeof(when)));
	screen_end(&drawing->screen);
}

static void draw_walk(struct drawing *drawing)
{
	if (!drawing->view->region)
		view_vma(drawing);
	draw_split(drawing);
	if (!(drawing->view->seen.walk.call.got & VMWALK_GOT_ENTRIES))
		return;
	view_table(&drawing->screen, drawing->view, drawing->options);
	if (drawing->view->region)
		view_kernel_effective(drawing);
	else
		draw_effective(drawing);
	if (drawing->view->seen.walk.call.got & (VMWALK_GOT_PFN | VMWALK_GOT_SWAP) ||
	    view_mapped(drawing->view))
		gap(drawing);
	draw_frame(drawing);
	draw_page(drawing);
	draw_swap(drawing);
}

void view_screen(FILE *out, const struct address_view *view, const struct options *options)
{
	struct drawing drawing = { .view = view, .options = options };

	screen_begin(&drawing.screen, out, options);
	drawing.narrow = options->width < 100;
	if (drawing.screen.width > 100)
		drawing.screen.width = 100;
	draw_header(&drawing);
	draw_verdict(&drawing);
	if (view->region) {
		draw_walk(&drawing);
		view_kernel_shadow(&drawing);
		gap(&drawing);
		view_kernel_note(&drawing);
		return;
	}
	view_maps(&drawing);
	if (view->seen.walk.call.got & VMWALK_GOT_VMA)
		draw_walk(&drawing);
	else if (!view->beyond)
		view_hole(&drawing);
	if (view->beyond)
		return;
	gap(&drawing);
	view_predictions(&drawing);
	if (view->predicted)
		gap(&drawing);
	draw_faults(&drawing);
	if (view->image)
		draw_snapshot(&drawing);
	else
		draw_checks(&drawing);
}
