// SPDX-License-Identifier: GPL-2.0
/*
 * A verdict states only what follows from the record, and calls hidden facts hidden.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "output/format.h"
#include "output/hidden.h"
#include "output/words.h"
#include "verdict.h"

#define DOT	" · "

__attribute__((format(printf, 2, 3)))
static void say(struct words *words, const char *format, ...)
{
	va_list args;

	if (words->used)
		words_add(words, DOT);
	va_start(args, format);
	words_add_list(words, format, args);
	va_end(args);
}

unsigned int verdict_allowed(const struct address_view *view)
{
	return (view_has(view, VMWALK_VMA_RD) ? VMWALK_PERM_R : 0) |
	       (view_has(view, VMWALK_VMA_WR) ? VMWALK_PERM_W : 0) |
	       (view_has(view, VMWALK_VMA_EX) ? VMWALK_PERM_X : 0);
}

/* An ordinary store cannot write a shadow stack, whatever the VMA and the entry say. */
static bool may_store(const struct address_view *view)
{
	return view_has(view, VMWALK_VMA_WR) && !view_has(view, VMWALK_VMA_SS);
}

/* Match the names that the kernel gives to shmem; a file in tmpfs counts as any file. */
static bool is_shmem(const struct address_view *view)
{
	static const char * const names[] = { "/dev/zero", "/memfd:", "/SYSV", "[anon_shmem:" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strncmp(view->seen.name, names[i], strlen(names[i])))
			return true;
	return false;
}

static const char *region(const struct address_view *view)
{
	const struct vmwalk_vma *vma = &view->seen.walk.vma;
	bool private = view_private(view);

	if (view_has(view, VMWALK_VMA_HT))
		return private ? "private hugetlb" : "shared hugetlb";
	if (vma->traits & VMWALK_VMA_IS_ANON)
		return "private anonymous";
	if (!(vma->traits & VMWALK_VMA_HAS_FILE))
		return "special mapping of the kernel";
	if (is_shmem(view))
		return private ? "private mapping of shared memory" : "shared memory";
	return private ? "private file" : "shared file";
}

/* The offset of a file has a page, in the cache or on disk, or none. */
static const char *missing_in_file(const struct address_view *view)
{
	const struct vmwalk_around *around = &view->around;
	const __u32 both = VMWALK_AROUND_CACHED | VMWALK_AROUND_HOLE;
	bool shmem = is_shmem(view) || (around->got & VMWALK_AROUND_SHMEM && around->shmem);

	if (around->got & VMWALK_AROUND_END && around->past_end)
		return shmem ? "past the end: SIGBUS, unless a huge page reaches beyond it" :
			       "past the end: SIGBUS";
	if (around->got & VMWALK_AROUND_CACHED && around->cached)
		return view_has(view, VMWALK_VMA_UI) ?
		       "in the page cache: the next access goes to userfaultfd" :
		       "in the page cache: the next access maps it";
	if (view_has(view, VMWALK_VMA_UM))
		return "the next access goes to userfaultfd if there is no page";
	if (shmem && (around->got & both) == both)
		return around->hole ? "no page yet: the next access makes one" :
				      "swapped out: the next access reads it back";
	if (shmem)
		return "the next access finds the page in the object, or makes it";
	if (around->got & VMWALK_AROUND_CACHED)
		return "the next access reads the file's page";
	return "the next access maps the file's page; SIGBUS past its end";
}

static void say_missing(struct words *words, const struct address_view *view)
{
	const struct vmwalk_vma *vma = &view->seen.walk.vma;

	say(words, "nothing mapped here");
	say(words, "%s", region(view));
	if (!verdict_allowed(view))
		say(words, "the VMA forbids every access");
	else if (view_has(view, VMWALK_VMA_UM) && vma->traits & VMWALK_VMA_IS_ANON)
		say(words, "the next access goes to userfaultfd");
	else if (view_has(view, VMWALK_VMA_HT))
		say(words, "the next access maps a huge page");
	else if (vma->traits & VMWALK_VMA_IS_ANON)
		say(words, "never touched or given back: demand-zero");
	else if (vma->traits & VMWALK_VMA_HAS_FILE)
		say(words, "%s", missing_in_file(view));
	else
		say(words, "the next access asks its fault handler");
}

/*
 * The page may never have been written, or have held nothing but zeroes when KSM or the
 * split of a huge page gave it up. KSM makes its entries dirty (from 6.6 on); for others
 * the entry does not tell.
 */
static void say_zero(struct words *words, const struct address_view *view, const char *what)
{
	bool merged = view->seen.walk.call.kind == VMWALK_KIND_ZERO &&
		      view_entry(view)->flags & VMWALK_E_DIRTY;

	say(words, "%s", region(view));
	say(words, "%s%s%s", what, merged ? ", merged by KSM" : "",
	    may_store(view) ? ": a write gets a frame" : "");
}

static void say_raw(struct words *words, const struct address_view *view)
{
	say(words, "%s", region(view));
	if (view->seen.walk.call.got & VMWALK_GOT_PAGE)
		say(words, "a raw frame: its page does not count this mapping");
	else if (view_redacted(view, VMWALK_REDACTED_PAGE) || view_page_changed(view))
		say(words, "a raw frame");
	else
		say(words, "a raw frame, not managed as a page");
}

static void say_backing(struct words *words, const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;
	char size[32], zero[64];

	format_size(view_size(view), size, sizeof(size));
	switch (walk->call.kind) {
	case VMWALK_KIND_ZERO:
		say_zero(words, view, "the shared zero page");
		return;
	case VMWALK_KIND_HUGE_ZERO:
		snprintf(zero, sizeof(zero), "the shared huge zero page (%s)", size);
		say_zero(words, view, zero);
		return;
	case VMWALK_KIND_PFNMAP:
		say_raw(words, view);
		return;
	case VMWALK_KIND_KSM:
		say(words, "merged by KSM");
		return;
	default:
		break;
	}
	if (view_anon(view) == FACT_YES && !(walk->vma.traits & VMWALK_VMA_IS_ANON) &&
	    !view_has(view, VMWALK_VMA_HT))
		say(words, "private copy of a page of the file");
	else
		say(words, "%s", region(view));
	if (walk->call.kind == VMWALK_KIND_THP)
		say(words, "%s THP", size);
	else if (walk->call.kind == VMWALK_KIND_HUGETLB)
		say(words, "%s page", size);
	else if (walk->call.kind == VMWALK_KIND_CONTIGUOUS)
		say(words, "%s block", size);
}

static void say_others(struct words *words, const char *what, const struct vmwalk_page *page)
{
	unsigned int mapcount = page->mapcount;

	if (page->traits & VMWALK_PAGE_AVERAGE)
		say(words, "%s, %s", what, vmwalk_page_maybe_shared(page) ?
		    "maybe shared" : "in no other process");
	else if (mapcount == 2)
		say(words, "%s, shared with 1 other mapping", what);
	else if (mapcount > 2)
		say(words, "%s, shared with %u other mappings", what, mapcount - 1);
	else
		say(words, "%s, no other mapping left", what);
}

static void say_anon_sharing(struct words *words, const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;

	if (view_exclusive(view) == FACT_NO) {
		if (view_cow(view) == FACT_YES)
			say_others(words, "copy-on-write", &walk->page);
		else if (vmwalk_page_maybe_shared(&walk->page))
			say_others(words, "not exclusive", &walk->page);
		else if (may_store(view) && walk->page.refcount == 1)
			say(words, "was shared, nobody else is left: a write reuses the frame");
		else
			say(words, "not marked exclusive");
	} else if (walk->call.effective & VMWALK_PERM_W) {
		say(words, "exclusive, writable");
	} else if (may_store(view)) {
		say(words, "exclusive: a write reuses the frame");
	} else {
		say(words, "exclusive");
	}
}

static void say_sharing(struct words *words, const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;

	if (walk->call.kind == VMWALK_KIND_ZERO || walk->call.kind == VMWALK_KIND_HUGE_ZERO ||
	    walk->call.kind == VMWALK_KIND_PFNMAP)
		return;
	if (view_page_changed(view))
		say(words, "the page changed while it was read");
	if (!(walk->call.got & VMWALK_GOT_PAGE)) {
		if (view_cow(view) == FACT_HIDDEN)
			say(words, "write-protected: copy or reuse is hidden (needs %s)",
			    HIDDEN_BY);
		else if (walk->call.effective & VMWALK_PERM_W)
			say(words, "writable");
	} else if (walk->page.traits & VMWALK_PAGE_ANON && walk->call.kind != VMWALK_KIND_KSM) {
		say_anon_sharing(words, view);
	} else if (view_cow(view) == FACT_YES) {
		say(words, "a write makes a private copy");
	} else if (view_averages(view)) {
		say(words, vmwalk_page_maybe_shared(&walk->page) ? "maybe shared" :
								   "in no other process");
	} else if (walk->page.mapcount > 1) {
		say(words, "%u mappings in all", walk->page.mapcount);
	} else if (!view_has(view, VMWALK_VMA_HT)) {
		/*
		 * A shared PMD table of hugetlb pages adds only one to their mapcount, so
		 * a mapcount of 1 does not exclude other mappings.
		 */
		say(words, "no other mapping");
	}
}

static void say_present(struct words *words, const struct address_view *view)
{
	say(words, "present");
	say_backing(words, view);
	say_sharing(words, view);
	if (view_has(view, VMWALK_VMA_SS))
		say(words, "a shadow stack: only calls and returns write it");
	if (view_entry(view)->flags & VMWALK_E_UFFDWP)
		say(words, "write-protected by userfaultfd");
}

static void say_swap(struct words *words, const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;
	const char *name = view_swap_name(view);

	say(words, "swapped out");
	if (!(walk->call.got & VMWALK_GOT_SWAP))
		say(words, "where is hidden (needs %s)", HIDDEN_BY);
	else if (name)
		say(words, "%s slot %llu", name, (unsigned long long)walk->call.swap_offset);
	else
		say(words, "swap area %u slot %llu", walk->call.swap_type,
		    (unsigned long long)walk->call.swap_offset);
	say(words, "the next access reads it back (major fault, unless still cached)");
}

static void say_marker(struct words *words, const struct address_view *view)
{
	__u32 marker = view->seen.walk.call.marker;

	say(words, "marker, no page");
	if (marker & VMWALK_MARKER_GUARD)
		say(words, "guard region: an access gives SIGSEGV");
	if (marker & VMWALK_MARKER_POISON)
		say(words, "poisoned: an access gives SIGBUS");
	if (marker & VMWALK_MARKER_UFFD_WP)
		say(words, "userfaultfd write protection, kept for when the page comes");
	if (marker & VMWALK_MARKER_UNKNOWN)
		say(words, "with a bit that the module does not know");
}

static bool below_stack(const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;
	const struct vmwalk_maps_line *next;

	if (!(walk->call.got & VMWALK_GOT_NEXT))
		return false;
	next = vmwalk_maps_at(&view->seen.books.maps, walk->call.next_start);
	return next && !strcmp(next->name, "[stack]");
}

static void say_hole(struct words *words, const struct address_view *view)
{
	__u64 from, to;
	char size[32];

	if (view->beyond) {
		say(words, "no VMA of the process");
		say(words, "a page that the kernel gives to every process");
		return;
	}
	view_gap(view, &from, &to);
	say(words, "nothing mapped: no VMA");
	say(words, "a hole of %s", format_size(to - from, size, sizeof(size)));
	say(words, below_stack(view) ? "an access gives SIGSEGV, unless it lets the stack grow" :
					 "an access gives SIGSEGV");
}

static void say_kernel(struct words *words, const struct address_view *view)
{
	switch (view_class(view)) {
	case VMWALK_CLASS_LEAF:
		say(words, "present");
		break;
	case VMWALK_CLASS_NONE:
		say(words, "nothing is mapped");
		break;
	case VMWALK_CLASS_UNREAD:
	case VMWALK_CLASS_CHANGED:
		say(words, "kept changing while it was read");
		break;
	default:
		say(words, "%s", vmwalk_class_name(view_class(view)));
	}
	say(words, "%s", view->region);
	if (strcmp(view->region, VMWALK_REGION_UNKNOWN))
		say(words, "the kernel's half");
	say(words, "best effort");
}

char *verdict_write(const struct address_view *view, char *buf, size_t size)
{
	struct words words = words_begin(buf, size);

	if (view->outside) {
		say(&words, "%s", view->outside);
		return buf;
	}
	if (view->region) {
		say_kernel(&words, view);
		return buf;
	}
	if (!(view->seen.walk.call.got & VMWALK_GOT_VMA)) {
		say_hole(&words, view);
		return buf;
	}
	switch (view_class(view)) {
	case VMWALK_CLASS_LEAF:
		say_present(&words, view);
		break;
	case VMWALK_CLASS_NONE:
		say_missing(&words, view);
		break;
	case VMWALK_CLASS_PROTNONE:
		say(&words, "present, but PROT_NONE");
		say_backing(&words, view);
		say(&words, "the VMA forbids every access");
		break;
	case VMWALK_CLASS_NUMA_HINT:
		say(&words, "present, as a NUMA hint");
		say_backing(&words, view);
		say(&words, "the next access faults once, to see which node it comes from");
		break;
	case VMWALK_CLASS_SWAP:
		say_swap(&words, view);
		break;
	case VMWALK_CLASS_MIGRATION:
		say(&words, "being moved to another frame");
		say(&words, "an access waits until it is done");
		break;
	case VMWALK_CLASS_HWPOISON:
		say(&words, "the memory is broken (hwpoison)");
		say(&words, "an access gives SIGBUS");
		break;
	case VMWALK_CLASS_DEVICE:
		say(&words, "in the memory of a device");
		say(&words, "an access brings it back");
		break;
	case VMWALK_CLASS_MARKER:
		say_marker(&words, view);
		break;
	case VMWALK_CLASS_UNKNOWN:
		say(&words, "not present");
		say(&words, "an entry of a type that the module does not know");
		break;
	default:
		say(&words, "kept changing while it was read");
	}
	return buf;
}

static const char *withheld_write(const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;

	if (view_has(view, VMWALK_VMA_SS))
		return "a shadow stack";
	if (view_entry(view)->flags & VMWALK_E_UFFDWP)
		return "userfaultfd";
	if (walk->call.kind == VMWALK_KIND_ZERO || walk->call.kind == VMWALK_KIND_HUGE_ZERO)
		return "a write gets a new frame";
	if (!view_private(view))
		return "the first write is to be noticed";
	switch (view_cow(view)) {
	case FACT_YES:
		return "copy-on-write";
	case FACT_HIDDEN:
	case FACT_CHANGED:
		return "copy-on-write or reuse";
	default:
		return "a write reuses the frame";
	}
}

char *verdict_effective(const struct address_view *view, char *buf, size_t size)
{
	static const char letters[] = "RWX";
	const struct vmwalk_address *walk = &view->seen.walk;
	unsigned int allowed = verdict_allowed(view), i;
	struct words words = words_begin(buf, size);

	for (i = 0; i < 3; i++) {
		if (allowed & ~walk->call.effective & (1U << i))
			say(&words, "%c is withheld at the %s%s%s%s", letters[i],
			    vmwalk_level_name(walk->call.withheld[i]), i == 1 ? " (" : "",
			    i == 1 ? withheld_write(view) : "", i == 1 ? ")" : "");
		else if (walk->call.effective & ~allowed & (1U << i) && !walk->vma.pkey)
			say(&words, "%c is given beyond the VMA", letters[i]);
	}
	if (walk->vma.pkey)
		say(&words, "before protection key %u, which each thread sets", walk->vma.pkey);
	return buf;
}
