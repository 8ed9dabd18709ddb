// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include "lesson.h"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL	102
#endif

static int try_write(volatile char *address)
{
	code = 0;
	if (!sigsetjmp(back, 1))
		*address = 1;
	return code;
}

static void look_for_features(int key, long page)
{
	volatile char *area = map_anonymous(page);

	if (key < 0)
		puts("missing pkey: this processor has no protection keys");
	if (madvise((void *)area, page, MADV_GUARD_INSTALL))
		puts("missing guard: there are no guard regions before Linux 6.13");
	munmap((void *)area, page);
}

int main(void)
{
	const long page = sysconf(_SC_PAGESIZE);
	volatile char *locked, *keyed, *guarded;
	int key = pkey_alloc(0, 0);	/* no restriction yet */

	catch_signal(SIGSEGV, note_code);
	look_for_features(key, page);
	locked = map_anonymous(4 * page);
	printf("locked = %p\n", (void *)locked);
	printf("size   = %ld\n", 4 * page);
	stop("mapped");

	if (mlock((void *)locked, 4 * page))
		missing("mlock() is not permitted");
	stop("locked");

	keyed = map_anonymous(page);
	keyed[0] = 1;
	if (key >= 0) {
		pkey_mprotect((void *)keyed, page, PROT_READ | PROT_WRITE, key);
		printf("keyed  = %p\n", (void *)keyed);
		printf("key    = %d\n", key);
		stop("keyed");

		pkey_set(key, PKEY_DISABLE_WRITE);
		printf("si_code = %d\n", try_write(keyed));
		stop("forbidden");
	}

	guarded = map_anonymous(4 * page);
	if (!madvise((void *)(guarded + page), page, MADV_GUARD_INSTALL)) {
		printf("guarded = %p\n", (void *)guarded);
		printf("guard   = %p\n", (void *)(guarded + page));
		printf("si_code = %d\n", try_write(guarded + page));
		stop("guarded");
	}

	return 0;
}
