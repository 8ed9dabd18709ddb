// SPDX-License-Identifier: GPL-2.0
/*
 * Predict a read, a write and a jump for the states below, let a process do it, and
 * compare signal, fault counters, resulting entry and reported events with what was
 * predicted.
 */
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/predict_check.h"
#include "lib/users.h"

#define SECONDS		90	/* timeout of a test in s; emulated machines are slow */
FIXTURE(predicted)
{
	struct predict_check predicted;
};

FIXTURE_VARIANT(predicted)
{
	const char *state;
};

FIXTURE_VARIANT_ADD(predicted, untouched) { "untouched" };
FIXTURE_VARIANT_ADD(predicted, zero) { "zero" };
FIXTURE_VARIANT_ADD(predicted, written) { "written" };
FIXTURE_VARIANT_ADD(predicted, freed) { "freed" };
FIXTURE_VARIANT_ADD(predicted, idle) { "idle" };
FIXTURE_VARIANT_ADD(predicted, readonly) { "readonly" };
FIXTURE_VARIANT_ADD(predicted, protnone) { "protnone" };
FIXTURE_VARIANT_ADD(predicted, code) { "code" };
FIXTURE_VARIANT_ADD(predicted, cow) { "cow" };
FIXTURE_VARIANT_ADD(predicted, cow_broken) { "cow-broken" };
FIXTURE_VARIANT_ADD(predicted, cow_left) { "cow-left" };
FIXTURE_VARIANT_ADD(predicted, shared) { "shared" };
FIXTURE_VARIANT_ADD(predicted, softclean) { "softclean" };
FIXTURE_VARIANT_ADD(predicted, softdirty) { "softdirty" };
FIXTURE_VARIANT_ADD(predicted, locked) { "locked" };
FIXTURE_VARIANT_ADD(predicted, ksm) { "ksm" };
FIXTURE_VARIANT_ADD(predicted, long_address) { "long-address" };
FIXTURE_VARIANT_ADD(predicted, file_untouched) { "file-untouched" };
FIXTURE_VARIANT_ADD(predicted, file_read) { "file-read" };
FIXTURE_VARIANT_ADD(predicted, file_written) { "file-written" };
FIXTURE_VARIANT_ADD(predicted, file_readonly) { "file-readonly" };
FIXTURE_VARIANT_ADD(predicted, file_shared_read) { "file-shared-read" };
FIXTURE_VARIANT_ADD(predicted, file_shared_written) { "file-shared-written" };
FIXTURE_VARIANT_ADD(predicted, file_shared_readonly) { "file-shared-readonly" };
FIXTURE_VARIANT_ADD(predicted, file_past_end) { "file-past-end" };
FIXTURE_VARIANT_ADD(predicted, file_offset) { "file-offset" };
FIXTURE_VARIANT_ADD(predicted, file_unlinked) { "file-unlinked" };
FIXTURE_VARIANT_ADD(predicted, text) { "text" };
FIXTURE_VARIANT_ADD(predicted, memfd) { "memfd" };
FIXTURE_VARIANT_ADD(predicted, memfd_cached) { "memfd-cached" };
FIXTURE_VARIANT_ADD(predicted, thp) { "thp" };
FIXTURE_VARIANT_ADD(predicted, huge_zero) { "huge-zero" };
FIXTURE_VARIANT_ADD(predicted, thp_split) { "thp-split" };
FIXTURE_VARIANT_ADD(predicted, thp_cow) { "thp-cow" };
FIXTURE_VARIANT_ADD(predicted, thp_protnone) { "thp-protnone" };
FIXTURE_VARIANT_ADD(predicted, thp_shmem) { "thp-shmem" };
FIXTURE_VARIANT_ADD(predicted, contiguous) { "contiguous" };
FIXTURE_VARIANT_ADD(predicted, hugetlb_contiguous) { "hugetlb-contiguous" };
FIXTURE_VARIANT_ADD(predicted, hugetlb) { "hugetlb" };
FIXTURE_VARIANT_ADD(predicted, hugetlb_read) { "hugetlb-read" };
FIXTURE_VARIANT_ADD(predicted, hugetlb_untouched) { "hugetlb-untouched" };
FIXTURE_VARIANT_ADD(predicted, hugetlb_shared) { "hugetlb-shared" };
FIXTURE_VARIANT_ADD(predicted, hugetlb_1g) { "hugetlb-1g" };
FIXTURE_VARIANT_ADD(predicted, hugetlb_1g_protnone) { "hugetlb-1g-protnone" };
FIXTURE_VARIANT_ADD(predicted, swapped) { "swapped" };
FIXTURE_VARIANT_ADD(predicted, swapped_shared) { "swapped-shared" };
FIXTURE_VARIANT_ADD(predicted, swap_cache_entry) { "swap-cache-entry" };
FIXTURE_VARIANT_ADD(predicted, swap_cache_page) { "swap-cache-page" };
FIXTURE_VARIANT_ADD(predicted, swapped_back) { "swapped-back" };
FIXTURE_VARIANT_ADD(predicted, swapped_shmem) { "swapped-shmem" };
FIXTURE_VARIANT_ADD(predicted, uffd_wp) { "uffd-wp" };
FIXTURE_VARIANT_ADD(predicted, uffd_wp_marker) { "uffd-wp-marker" };
FIXTURE_VARIANT_ADD(predicted, uffd_missing) { "uffd-missing" };
FIXTURE_VARIANT_ADD(predicted, uffd_poison) { "uffd-poison" };
FIXTURE_VARIANT_ADD(predicted, guard) { "guard" };
FIXTURE_VARIANT_ADD(predicted, pkey) { "pkey" };
FIXTURE_VARIANT_ADD(predicted, hwpoison) { "hwpoison" };
FIXTURE_VARIANT_ADD(predicted, numa_hint) { "numa-hint" };
FIXTURE_VARIANT_ADD(predicted, hole) { "hole" };
FIXTURE_VARIANT_ADD(predicted, hole_first) { "hole-first" };
FIXTURE_VARIANT_ADD(predicted, hole_last) { "hole-last" };
FIXTURE_VARIANT_ADD(predicted, hole_above_stack) { "hole-above-stack" };
FIXTURE_VARIANT_ADD(predicted, hole_stack_gap) { "hole-stack-gap" };
FIXTURE_VARIANT_ADD(predicted, heap) { "heap" };
FIXTURE_VARIANT_ADD(predicted, stack) { "stack" };
FIXTURE_VARIANT_ADD(predicted, vdso) { "vdso" };
FIXTURE_VARIANT_ADD(predicted, vvar) { "vvar" };
FIXTURE_VARIANT_ADD(predicted, vvar_second) { "vvar-second" };
FIXTURE_VARIANT_ADD(predicted, secret) { "secret" };
FIXTURE_VARIANT_ADD(predicted, devmem) { "devmem" };

FIXTURE_SETUP(predicted)
{
	const struct state *state = state_find(variant->state);

	ASSERT_NE(NULL, state);
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(predict_check_start(&self->predicted, state));
	if (!self->predicted.target.shared->ok) {
		SKIP(predict_check_end(&self->predicted); return, "%s",
		     self->predicted.target.shared->made.why);
	}
	ASSERT_NE(NULL, self->predicted.dev);
}

FIXTURE_TEARDOWN(predicted)
{
	predict_check_end(&self->predicted);
}

static void check(struct __test_metadata *_metadata, struct predict_check *predicted,
		  const char *state, unsigned int access)
{
	const char *lacks;
	char why[1024];

	/*
	 * In state "pkey" the thread has disabled access by the key. /proc does not show the
	 * rights of a thread, and vmwalk does not read them: the test adds this fact.
	 */
	predicted->key_forbids = !strcmp(state, "pkey");
	EXPECT_TRUE(predict_check_holds(predicted, access, why, sizeof(why))) {
		TH_LOG("%s", why);
	}
	lacks = access_events_lacks(&predicted->events, &predicted->prediction);
	if (lacks)
		TH_LOG("%s", lacks);
}

TEST_F_TIMEOUT(predicted, is_what_a_read_does, SECONDS)
{
	check(_metadata, &self->predicted, variant->state, VMWALK_ACCESS_READ);
}

TEST_F_TIMEOUT(predicted, is_what_a_write_does, SECONDS)
{
	check(_metadata, &self->predicted, variant->state, VMWALK_ACCESS_WRITE);
}

TEST_F_TIMEOUT(predicted, is_what_a_jump_does, SECONDS)
{
	if (self->predicted.before.call.effective & VMWALK_PERM_X && strcmp(variant->state, "code"))
		SKIP(return, "there is code, and nobody knows what it would do");
	check(_metadata, &self->predicted, variant->state, VMWALK_ACCESS_EXEC);
}

/* Results of a child, in memory that it shares with its parent. */
struct found {
	struct stat device;
	struct made made;
	bool ok;
	int error;
	struct vmwalk_around around;
	struct vmwalk_decision read;
};

static void look_as_user(struct found *found)
{
	struct vmwalk_prediction prediction;
	struct vmwalk_device *dev;
	struct vmwalk_facts facts;
	struct vmwalk_address walk;
	char name[PATH_MAX];

	found->ok = state_make(state_find("file-untouched"), &found->made);
	become_for_good(USER);
	found->error = vmwalk_device_open(&dev);
	if (!found->error)
		found->error = vmwalk_device_attach(dev, getpid());
	if (!found->error)
		found->error = vmwalk_device_walk(dev, found->made.address, &walk, name,
						  sizeof(name));
	if (found->error)
		return;
	vmwalk_around_read(dev, &walk, name, &found->around);
	vmwalk_facts_of(vmwalk_device_caps(dev), &walk, &found->around, VMWALK_ACCESS_READ,
			&facts);
	vmwalk_cause_predict(&facts, &prediction);
	found->read = prediction.fault[0];
}

/*
 * The file belongs to root. As with mincore(2), an unprivileged caller must not learn
 * from the prediction whether other processes have read it into the page cache.
 */
TEST(of_a_file_that_is_not_the_caller_s_the_page_cache_stays_hidden)
{
	struct found *found = mmap(NULL, sizeof(*found), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child;

	ASSERT_NE(MAP_FAILED, found);
	if (geteuid())
		SKIP(return, "needs root");
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(device_share(&found->device));
	child = fork();
	if (!child) {
		look_as_user(found);
		_exit(0);
	}
	EXPECT_EQ(child, waitpid(child, NULL, 0));
	device_unshare(&found->device);
	unlink(found->made.path);
	ASSERT_TRUE(found->ok);
	ASSERT_EQ(VMWALK_OK, found->error);
	EXPECT_TRUE(found->around.got & VMWALK_AROUND_END);
	EXPECT_EQ(0, found->around.got & VMWALK_AROUND_CACHED);
	EXPECT_TRUE(found->around.hidden & VMWALK_AROUND_CACHED);
	EXPECT_TRUE(found->read.hidden & VMWALK_FACT_BIT(VMWALK_FACT_CACHED));
	EXPECT_LT(1, found->read.nr_endings);
}

int main(int argc, char **argv)
{
	return watch_main(argc, argv, test_harness_run);
}
