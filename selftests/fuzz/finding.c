// SPDX-License-Identifier: GPL-2.0
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include "fuzz.h"

bool unprivileged;
static _Atomic unsigned int count;

void finding(struct fuzzer *me, const char *fmt, ...)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	va_list args;

	/* Limit the output: one bug usually causes thousands of findings. */
	if (atomic_fetch_add(&count, 1) >= 8)
		return;
	pthread_mutex_lock(&lock);
	printf("fuzz: FINDING (thread %u): ", me->number);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\nfuzz: input ");
	input_print(me->input);
	fflush(stdout);
	pthread_mutex_unlock(&lock);
}

unsigned int findings(void)
{
	return atomic_load(&count);
}
