// SPDX-License-Identifier: GPL-2.0
/*
 * Print the frequency of the host's time stamp counter in kHz. A guest without hardware
 * virtualisation sees the same counter, but measures its frequency wrongly if the host is
 * busy.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_RAW, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(void)
{
	const struct timespec wait = { .tv_nsec = 100000000 };
	int64_t ns, ticks;

	ns = now_ns();
	ticks = __rdtsc();
	nanosleep(&wait, NULL);
	ns = now_ns() - ns;
	ticks = __rdtsc() - ticks;
	printf("%lld\n", (long long)(ticks * 1000000.0 / ns));
	return 0;
}
