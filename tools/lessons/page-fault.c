// SPDX-License-Identifier: GPL-2.0
/*
 * On x86 the signal frame also has vector, CR2 and error code of the exception.
 */
#include <errno.h>
#include <string.h>
#include <ucontext.h>
#include "lesson.h"

static volatile uintptr_t fault_address, trap, error_code;

static void caught(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	fault_address = (uintptr_t)info->si_addr;
	code = info->si_code;
#ifdef __x86_64__
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;

	trap = registers[REG_TRAPNO];
	fault_address = registers[REG_CR2];
	error_code = registers[REG_ERR];
#endif
	siglongjmp(back, 1);
}

static void report(const char *what, int handled)
{
	printf("%s_fault   = %s\n", what, handled ? "SIGSEGV" : "none");
	printf("%s_address = %#lx\n", what, fault_address);
	printf("%s_si_code = %d\n", what, code);
#ifdef __x86_64__
	printf("%s_trap    = %lu\n", what, trap);
	printf("%s_error   = %#lx\n", what, error_code);
#endif
}

int main(void)
{
	const long page = sysconf(_SC_PAGESIZE);
	volatile char *area, *hole, *text, *fresh;
	long before;
	int ends[2];

	if (!ON_X86)
		puts("missing x86: vector, CR2 and error code are those of x86");
	catch_signal(SIGSEGV, caught);
	area = map_anonymous(4 * page);
	hole = area + page;
	munmap((void *)hole, page);
	text = area + 2 * page;
	text[0] = 1;
	mprotect((void *)text, page, PROT_READ);
	fresh = area + 3 * page;
	printf("hole  = %p\n", (void *)hole);
	printf("text  = %p\n", (void *)text);
	printf("fresh = %p\n", (void *)fresh);
	stop("ready");

	if (!sigsetjmp(back, 1))
		hole[8] = 1;
	else
		report("hole", 1);
	stop("hole");

	if (!sigsetjmp(back, 1))
		text[8] = 1;
	else
		report("write", 1);
	stop("write");

	if (!sigsetjmp(back, 1))
		((void (*)(void))text)();
	else
		report("execute", 1);
	stop("execute");

	printf("result = %zd\n", write(STDOUT_FILENO, (void *)hole, 1));
	printf("why    = %s\n", strerror(errno));
	stop("efault");

	if (pipe(ends) || write(ends[1], "x", 1) != 1)
		missing("no pipe");
	before = minor_faults();
	if (read(ends[0], (void *)fresh, 1) != 1)
		missing("the pipe is broken");
	printf("faults = %ld\n", minor_faults() - before);
	stop("copied");

	return 0;
}
