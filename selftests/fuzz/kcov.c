// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer: find out which code of the module a thread has reached.
 *
 * The kernel is built without KCOV_INSTRUMENT_ALL and the module with kcov, so that kcov
 * records no other code. See Documentation/dev-tools/kcov.rst.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <linux/kcov.h>
#include "fuzz.h"

#define AREA_WORDS	(64 << 10)
#define PLACES		(1 << 16)

static _Atomic uint8_t reached[PLACES];
static _Atomic unsigned int places;

bool kcov_open(struct kcov *kcov)
{
	int fd = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);

	kcov->area = NULL;
	if (fd < 0)
		return false;
	kcov->fd = fcntl(fd, F_DUPFD_CLOEXEC, FD_PRIVATE);
	close(fd);
	if (kcov->fd < 0 || ioctl(kcov->fd, KCOV_INIT_TRACE, AREA_WORDS))
		return false;
	kcov->area = mmap(NULL, AREA_WORDS * sizeof(uint64_t), PROT_READ | PROT_WRITE,
			  MAP_SHARED, kcov->fd, 0);
	if (kcov->area == MAP_FAILED)
		kcov->area = NULL;
	return kcov->area;
}

/* Tracing is per thread, so each thread enables its own. */
void kcov_begin(struct kcov *kcov)
{
	static _Thread_local bool enabled;

	if (!kcov->area)
		return;
	if (!enabled) {
		enabled = true;
		if (ioctl(kcov->fd, KCOV_ENABLE, KCOV_TRACE_PC)) {
			kcov->area = NULL;
			return;
		}
	}
	atomic_store((_Atomic uint64_t *)kcov->area, 0);
}

unsigned int kcov_news(struct kcov *kcov)
{
	uint64_t i, count, place;
	unsigned int news = 0;

	if (!kcov->area)
		return 0;
	count = atomic_load((_Atomic uint64_t *)kcov->area);
	for (i = 1; i <= count && i < AREA_WORDS; i++) {
		place = (kcov->area[i] * 0x9e3779b97f4a7c15ULL) >> 48;
		if (!atomic_load_explicit(&reached[place], memory_order_relaxed) &&
		    !atomic_exchange(&reached[place], 1))
			news++;
	}
	atomic_fetch_add(&places, news);
	return news;
}

unsigned int kcov_places(void)
{
	return atomic_load(&places);
}
