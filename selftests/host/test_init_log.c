// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm/init_log.h"
#include "vm/init_report.h"
#include "kselftest_harness.h"

#define OOM	"boss invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0"
#define MEMCG	"oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0"
#define GLOBAL	"oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0"

static char said[REPORTS_MAX * 2][512];
static unsigned int nr_said;

/* Replace report() of the guest's init, which writes to a virtio-serial port. */
void report(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (nr_said < REPORTS_MAX * 2)
		vsnprintf(said[nr_said], sizeof(said[0]), fmt, args);
	va_end(args);
	nr_said++;
}

void fail(const char *fmt, ...)
{
	(void)fmt;
	abort();
}

FIXTURE(log) {
	struct log log;
};

FIXTURE_SETUP(log)
{
	nr_said = 0;
}

FIXTURE_TEARDOWN(log)
{
}

static void hear(struct log *log, const char * const *messages, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		log_message(log, messages[i]);
	log_end(log);
}

TEST_F(log, what_a_broken_kernel_says_is_a_complaint)
{
	static const char * const messages[] = {
		"WARNING: CPU: 1 PID: 77 at mm/gup.c:120 try_grab_folio+0x1f/0x80",
		"WARNING: possible recursive locking detected",
		"WARNING: suspicious RCU usage",
		"INFO: task vmwalk:77 blocked for more than 120 seconds.",
		"BUG: KASAN: slab-use-after-free in vmwalk_scan+0x12/0x80 [vmwalk]",
		"BUG: sleeping function called from invalid context at mm/slub.c:300",
		"BUG: Bad page state in process vmwalk  pfn:12345",
		"kernel BUG at mm/memory.c:100!",
		"UBSAN: shift-out-of-bounds in module/arch/x86.h:10:5",
		"Oops: int3: 0000 [#1] PREEMPT SMP",
		"Oops: general protection fault, probably for non-canonical address 0x1: 0000 [#1]",
		"general protection fault, probably for non-canonical address 0x1: 0000 [#1]",
		"Internal error: Oops: 0000000096000004 [#1] SMP",
		"Unable to handle kernel paging request at virtual address dead000000000100",
		"Kernel panic - not syncing: Fatal exception",
		"refcount_t: underflow; use-after-free.",
		"list_del corruption, ffff888012345678->next is LIST_POISON1 (dead000000000100)",
		"watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [vmwalk:77]",
		"rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
		"rcu: INFO: rcu_sched self-detected stall on CPU",
		"unreferenced object 0xffff888012345678 (size 64):",
		" Call Trace:",
		"Call trace:",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(messages); i++) {
		memset(&self->log, 0, sizeof(self->log));
		nr_said = 0;
		hear(&self->log, &messages[i], 1);
		EXPECT_EQ(self->log.found, 1)
			TH_LOG("%s", messages[i]);
		ASSERT_EQ(nr_said, 1);
		EXPECT_STREQ(said[0] + strlen("log "), messages[i]);
	}
}

TEST_F(log, what_a_sound_kernel_says_is_none)
{
	static const char * const messages[] = {
		"Linux version 6.12.0 (gcc (Debian 12.2.0-14) 12.2.0) #1 SMP",
		"vmwalk: loading out-of-tree module taints kernel.",
		"vmwalk: module verification failed: signature and/or required key missing",
		"Spectre V2 : WARNING: Unprivileged eBPF is enabled, data leaks are possible!",
		"boss[77]: segfault at 0 ip 0000000000401000 sp 00007ffc00000000 error 4",
		"traps: boss[77] general protection fault ip:401000 sp:7ffc00000000 error:0",
		"Memory failure: 0x12345: recovery action for clean LRU page: Recovered",
		"Kernel command line: console=ttyS0",
		"",
	};

	hear(&self->log, messages, ARRAY_SIZE(messages));
	EXPECT_EQ(self->log.found, 0)
		TH_LOG("%s", said[0]);
}

TEST_F(log, a_process_that_outgrows_its_cgroup_may_be_killed)
{
	static const char * const x86[] = { OOM, "Call Trace:", " <TASK>", MEMCG };
	static const char * const arm[] = { OOM, "Call trace:", MEMCG };

	hear(&self->log, x86, ARRAY_SIZE(x86));
	hear(&self->log, arm, ARRAY_SIZE(arm));
	EXPECT_EQ(self->log.found, 0)
		TH_LOG("%s", said[0]);
}

TEST_F(log, a_machine_without_memory_is_a_complaint)
{
	static const char * const messages[] = { OOM, "Call Trace:", GLOBAL };

	hear(&self->log, messages, ARRAY_SIZE(messages));
	EXPECT_EQ(self->log.found, 1);
	EXPECT_STREQ(said[0], "log " GLOBAL);
}

TEST_F(log, a_kill_that_never_says_why_is_a_complaint)
{
	static const char * const messages[] = { OOM, "Call Trace:" };

	hear(&self->log, messages, ARRAY_SIZE(messages));
	EXPECT_EQ(self->log.found, 1);
	EXPECT_STREQ(said[0], "log Call Trace:");
}

TEST_F(log, a_kill_excuses_nothing_else)
{
	static const char * const messages[] = {
		OOM, "BUG: KASAN: slab-out-of-bounds in a+0x1/0x2", "Call Trace:", MEMCG,
		"Call Trace:",
		OOM, "Call Trace:", MEMCG,
	};

	hear(&self->log, messages, ARRAY_SIZE(messages));
	EXPECT_EQ(self->log.found, 2);
	EXPECT_STREQ(said[0], "log BUG: KASAN: slab-out-of-bounds in a+0x1/0x2");
	EXPECT_STREQ(said[1], "log Call Trace:");
}

TEST_F(log, all_complaints_are_counted_and_the_first_reported)
{
	unsigned int i;

	for (i = 0; i < REPORTS_MAX + 5; i++)
		log_message(&self->log, "WARNING: again");
	log_end(&self->log);
	EXPECT_EQ(self->log.found, REPORTS_MAX + 5);
	EXPECT_EQ(nr_said, REPORTS_MAX);
}

TEST_HARNESS_MAIN
