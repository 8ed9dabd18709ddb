// SPDX-License-Identifier: GPL-2.0
#include "fuzz.h"

int slot_own(const struct fuzzer *me, unsigned int n)
{
	return SLOT_FIRST + SLOTS_SHARED + me->number * SLOTS_OWN + n;
}

int slot_shared(unsigned int n)
{
	return SLOT_FIRST + n % SLOTS_SHARED;
}

int slot_choose(struct fuzzer *me, struct source *source, bool *shared, unsigned int *own)
{
	unsigned int n = take(source, 1);

	*shared = n % 4 == 0;
	*own = (n >> 2) % SLOTS_OWN;
	return *shared ? slot_shared(n >> 2) : slot_own(me, *own);
}
