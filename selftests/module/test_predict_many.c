// SPDX-License-Identifier: GPL-2.0
/*
 * Test generated mappings, which combine kinds, protections and histories. The kernel
 * must do and report what is predicted of a read, write or jump.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/predict_check.h"
#include "lib/proc.h"

#define PAGES	16
#define RW	(PROT_READ | PROT_WRITE)
#define SECONDS	400	/* s, for dozens of processes, perhaps on an emulated machine */
#define JUMP	0x40	/* offset of the access in its page */
#define WRITTEN	0x800	/* offset of a write that leaves the instruction at JUMP intact */

enum history {
	UNTOUCHED,
	READ,
	WRITE,
	SHARED,		/* written, then shared with a child */
	LEFT,		/* written, then shared with a child that writes, too */
	DROPPED,	/* written, then MADV_DONTNEED */
	PAGED_OUT,	/* written, then MADV_PAGEOUT */
	FORBIDDEN,	/* written, made PROT_NONE, then given the wanted protection */
	HISTORIES,
};

static const char * const histories[] = {
	"untouched", "read", "written", "shared", "left", "dropped", "paged out", "forbidden",
};

static const int protections[] = {
	PROT_NONE, PROT_READ, PROT_WRITE, PROT_EXEC, RW, PROT_READ | PROT_EXEC, RW | PROT_EXEC,
};

/* The mapping that generated_make() makes: set before fork(), used by the child. */
static struct {
	int flags;
	bool file;
	bool memfd;
	bool huge;
	int protection;
	enum history history;
} want;

static void fill_page(char *page)
{
	size_t at;

	for (at = 0; at < PAGE_SIZE; at += sizeof(code_return))
		memcpy(page + at, &code_return, sizeof(code_return));
}

static bool fill(struct made *m)
{
	static char page[64 << 10];
	unsigned int i;

	fill_page(page);
	for (i = 0; i < PAGES; i++)
		if (pwrite(m->fd, page, PAGE_SIZE, i * PAGE_SIZE) != (ssize_t)PAGE_SIZE)
			return cannot(m, "writing code: %s", strerror(errno));
	return true;
}

static bool map(struct made *m)
{
	int flags = want.flags;

	m->fd = -1;
	if (want.file && !file_create(m, PAGES))
		return false;
	if (want.memfd && !memfd_create_pages(m, PAGES, 0))
		return false;
	if (m->fd < 0)
		flags |= MAP_ANONYMOUS;
	else if (!fill(m))
		return false;
	if (want.huge ? !region_map_aligned(m, 2 * THP_SIZE, THP_SIZE, RW, flags, -1) :
			!region_map(m, PAGES * PAGE_SIZE, RW, flags, m->fd))
		return false;
	madvise(m->base, m->size, want.huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	m->address += 3 * PAGE_SIZE + JUMP;
	return true;
}

/* Fill the page with return instructions, so that a jump into it comes back. */
static void write_code(struct made *m)
{
	char *page = (char *)(m->address & -PAGE_SIZE);

	fill_page(page);
	__builtin___clear_cache(page, page + PAGE_SIZE);
}

static void partner_write(struct made *m)
{
	touch_write((m->address & -PAGE_SIZE) + WRITTEN);
}

static bool live(struct made *m)
{
	if (want.history == READ)
		touch_read(m->address);
	else if (want.history != UNTOUCHED)
		write_code(m);
	switch (want.history) {
	case SHARED:
		return partner_start(m, NULL);
	case LEFT:
		return partner_start(m, partner_write);
	case DROPPED:
		return !madvise(m->base, m->size, MADV_DONTNEED) || cannot(m, "MADV_DONTNEED");
	case PAGED_OUT:
		return page_out(m, PM_PRESENT, false);
	case FORBIDDEN:
		return !mprotect(m->base, m->size, PROT_NONE) || cannot(m, "PROT_NONE");
	default:
		return true;
	}
}

static bool generated_make(struct made *m)
{
	if (!map(m) || !live(m))
		return false;
	if (mprotect(m->base, m->size, want.protection))
		return cannot(m, "mprotect: %s", strerror(errno));
	return true;
}

static const struct state generated = { "generated", "made by rule", generated_make };

FIXTURE(many)
{
	struct predict_check predicted;
	unsigned int done;
	unsigned int missing;
	unsigned int unsure;
	unsigned int without;
	unsigned int told[VMWALK_CAUSE_MAX + 1];
	const char *lacks;
};

FIXTURE_VARIANT(many)
{
	unsigned int turn;
	int flags;
	bool file;
	bool memfd;
	bool huge;
};

FIXTURE_VARIANT_ADD(many, private_anonymous) { 0, .flags = MAP_PRIVATE };
FIXTURE_VARIANT_ADD(many, private_huge) { 1, .flags = MAP_PRIVATE, .huge = true };
FIXTURE_VARIANT_ADD(many, shared_anonymous) { 2, .flags = MAP_SHARED };
FIXTURE_VARIANT_ADD(many, private_file) { 3, .flags = MAP_PRIVATE, .file = true };
FIXTURE_VARIANT_ADD(many, shared_file) { 4, .flags = MAP_SHARED, .file = true };
FIXTURE_VARIANT_ADD(many, private_memfd) { 5, .flags = MAP_PRIVATE, .memfd = true };
FIXTURE_VARIANT_ADD(many, shared_memfd) { 6, .flags = MAP_SHARED, .memfd = true };

FIXTURE_SETUP(many)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	want.flags = variant->flags;
	want.file = variant->file;
	want.memfd = variant->memfd;
	want.huge = variant->huge;
}

FIXTURE_TEARDOWN(many)
{
}

/*
 * Return true if the page holds return instructions. Anonymous memory holds them only
 * once it was written, and not after MADV_DONTNEED of a private mapping.
 */
static bool is_code(void)
{
	return want.file || want.memfd ||
	       (want.history != UNTOUCHED && want.history != READ &&
		!(want.history == DROPPED && want.flags == MAP_PRIVATE));
}

static void count(struct _test_data_many *self)
{
	const struct access_events *events = &self->predicted.events;
	const char *lacks = access_events_lacks(events, &self->predicted.prediction);
	size_t i;

	for (i = 0; i < events->nr && i < ACCESS_FAULTS_MAX; i++)
		self->told[access_events_class(&events->fault[i])]++;
	if (lacks) {
		self->without++;
		self->lacks = lacks;
	}
	self->unsure += vmwalk_cause_final(&self->predicted.prediction)->nr_endings > 1;
	self->told[VMWALK_CAUSE_NONE] += !events->nr && !lacks;
	self->done++;
}

static void report(struct __test_metadata *_metadata, const struct _test_data_many *self)
{
	char text[512] = "";
	unsigned int i;

	for (i = 0; i < VMWALK_CAUSE_MAX; i++)
		if (self->told[i])
			why_add(text, sizeof(text), " %s %u", vmwalk_cause_name(i),
				self->told[i]);
	TH_LOG("%u accesses, %u mappings that could not be made", self->done, self->missing);
	TH_LOG("%u predicted as one of several; told:%s", self->unsure, text);
	if (self->without)
		TH_LOG("%u accesses: %s", self->without, self->lacks);
}

static void one(struct __test_metadata *_metadata, struct _test_data_many *self,
		unsigned int access)
{
	char why[1024];

	if (access == VMWALK_ACCESS_EXEC && want.protection & PROT_EXEC && !is_code())
		return;
	ASSERT_TRUE(predict_check_start(&self->predicted, &generated));
	if (!self->predicted.target.shared->ok) {
		self->missing++;
	} else {
		ASSERT_NE(NULL, self->predicted.dev);
		EXPECT_TRUE(predict_check_holds(&self->predicted, access, why, sizeof(why))) {
			TH_LOG("%s, protection %d, %s: %s", histories[want.history],
			       want.protection, vmwalk_access_name(access), why);
		}
		count(self);
	}
	predict_check_end(&self->predicted);
}

/*
 * Each combination of protection and history gets at most one access; because of @turn it
 * is another one for the next kind. With 16 KiB pages a huge page has 32 MiB, too much to
 * swap so often: test fewer mappings there, and do not page out.
 */
TEST_F_TIMEOUT(many, mappings_do_what_is_predicted_of_them, SECONDS)
{
	bool large = want.huge && THP_SIZE > 2 << 20;
	size_t i, step = large ? 3 : 1;

	for (want.history = UNTOUCHED; want.history < HISTORIES; want.history++)
		for (i = 0; i < ARRAY_SIZE(protections); i += step) {
			if (large && want.history == PAGED_OUT)
				continue;
			want.protection = protections[i];
			one(_metadata, self,
			    (variant->turn + want.history + i) % VMWALK_ACCESS_MAX);
		}
	/*
	 * This machine may be unable to make some mappings: PAGED_OUT needs a swap area.
	 */
	EXPECT_LE(large ? 15 : 40, self->done);
	report(_metadata, self);
}

int main(int argc, char **argv)
{
	return watch_main(argc, argv, test_harness_run);
}
