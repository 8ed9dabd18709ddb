// SPDX-License-Identifier: GPL-2.0
/* The story of the lesson looks up VMAs at the addresses that are printed. */
#include "lesson.h"

static const char constant[] = "never changes";
static int with_a_value = 42;
static char without[1 << 16];

int main(void)
{
	int local = 0;
	char *heap = malloc(100);

	without[0] = constant[local];
	printf("code     = %p\n", (void *)main);
	printf("constant = %p\n", (void *)constant);
	printf("data     = %p\n", (void *)&with_a_value);
	printf("bss      = %p\n", (void *)without);
	printf("heap     = %p\n", (void *)heap);
	printf("library  = %p\n", (void *)puts);
	printf("local    = %p\n", (void *)&local);
	stop("started");

	free(heap);
	return 0;
}
