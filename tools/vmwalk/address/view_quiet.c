// SPDX-License-Identifier: GPL-2.0
/*
 * Print an address view as a line of name=value for grep and awk; values have no blanks.
 */
#include "output/format.h"
#include "verdict.h"
#include "view.h"

static const char *checked(const struct address_view *view)
{
	const struct vmwalk_check *check = view->seen.check;
	enum vmwalk_result worst = VMWALK_CHECK_UNAVAILABLE;
	unsigned int i;

	/* enum vmwalk_result ascends in severity. */
	for (i = 0; i < VMWALK_BOOK_MAX; i++)
		if (check[i].result > worst)
			worst = check[i].result;
	return vmwalk_result_name(worst);
}

static void put_page(FILE *out, const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;
	static const char * const facts[] = { "no", "yes", "hidden", "changed" };

	fprintf(out, " kind=%s size=%llu cow=%s", vmwalk_kind_name(walk->call.kind),
		(unsigned long long)view_size(view), facts[view_cow(view)]);
	if (walk->call.got & VMWALK_GOT_PFN)
		fprintf(out, " pfn=%#llx", (unsigned long long)walk->call.pfn);
	else
		fprintf(out, " pfn=%s", view_redacted(view, VMWALK_REDACTED_PFN) ?
			"hidden" : "unknown");
	if (walk->call.got & VMWALK_GOT_PAGE)
		fprintf(out, " refcount=%u mapcount=%u", walk->page.refcount,
			walk->page.mapcount);
	if (view_averages(view))
		fprintf(out, " mapcount_average=yes maybeshared=%s",
			facts[vmwalk_page_maybe_shared(&walk->page)]);
	if (view_page_changed(view))
		fputs(" refcount=changed mapcount=changed", out);
}

static void put_swap(FILE *out, const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;

	if (walk->call.got & VMWALK_GOT_SWAP)
		fprintf(out, " swap=%u:%llu", walk->call.swap_type,
			(unsigned long long)walk->call.swap_offset);
	else
		fputs(" swap=hidden", out);
}

static void put_region(FILE *out, const struct address_view *view)
{
	const char *at;

	fputs(" region=", out);
	for (at = view->region; *at; at++)
		fputs(*at == ' ' ? "\\040" : (char[]){ *at, '\0' }, out);
	fprintf(out, " stable=%s", view->seen.walk.call.got & VMWALK_GOT_STABLE ? "yes" : "no");
}

void view_quiet(FILE *out, const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;
	char words[64], perms[4];

	fprintf(out, "pid=%d address=%#llx state=%s", (int)view->target->pid,
		(unsigned long long)walk->call.address, view_state(view));
	if (walk->call.got & VMWALK_GOT_VMA)
		fprintf(out, " vma=%llx-%llx allowed=%s", (unsigned long long)walk->vma.start,
			(unsigned long long)walk->vma.end,
			format_perms(verdict_allowed(view), perms));
	if (walk->call.got & VMWALK_GOT_ENTRIES)
		fprintf(out, " level=%s effective=%s", vmwalk_level_name(walk->call.leaf_level),
			format_perms(walk->call.effective, perms));
	if (view_mapped(view))
		put_page(out, view);
	else if (view_class(view) == VMWALK_CLASS_SWAP)
		put_swap(out, view);
	if (walk->call.got & VMWALK_GOT_MARKER)
		fprintf(out, " marker=%s",
			vmwalk_words_join(words, sizeof(words), vmwalk_marker_words,
					  walk->call.marker, ","));
	if (view->image)
		fprintf(out, " snapshot=%lld", (long long)view->image->time);
	else if (view->region)
		put_region(out, view);
	else if (!view->beyond)
		fprintf(out, " stable=%s checked=%s",
			walk->call.got & VMWALK_GOT_STABLE ? "yes" : "no", checked(view));
	fputc('\n', out);
}
