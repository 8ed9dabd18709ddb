// SPDX-License-Identifier: GPL-2.0
/*
 * Search the kernel log for complaints.
 *
 * The log is read from boot on; lost messages count as a complaint. Only the text of
 * messages is searched, without time and level. A complaint with a "*" must begin the
 * text.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "init_log.h"
#include "init_report.h"

/* TAINT_OOT_MODULE and TAINT_UNSIGNED_MODULE, which vmwalk.ko itself causes */
#define TAINT_EXPECTED 0x3000UL

static const char * const complaints[] = {
	"*WARNING: ",			/* for instance WARN_ON(), lockdep */
	"*BUG: ",			/* for instance page faults on x86, KASAN */
	"*kernel BUG at ",
	"*INFO: ",			/* for instance hung tasks */
	"*UBSAN: ",
	"*Oops: ",
	"*general protection fault",
	"*double fault",
	"*stack segment",
	"*Internal error: ",		/* an oops on arm64 */
	"*Unable to handle kernel ",
	"*Kernel panic",
	"*refcount_t: ",
	"*list_add corruption",
	"*list_del corruption",
	"*ODEBUG: ",
	"*Call Trace:",
	"*Call trace:",
	"soft lockup",
	"hard LOCKUP",
	"detected stalls",
	"detected expedited stalls",
	"self-detected stall",
	"suspicious RCU usage",
	"possible circular locking",
	"unreferenced object",
	"KASAN: ",
	"KCSAN: ",
	"page table check fail",
	"unchecked MSR access",
};

static bool message_complains(const char *message)
{
	const char *text;
	size_t i;

	while (*message == ' ')
		message++;
	for (i = 0; i < ARRAY_SIZE(complaints); i++) {
		text = complaints[i];
		if (*text == '*' ? !strncmp(message, text + 1, strlen(text + 1)) :
				   !!strstr(message, text))
			return true;
	}
	return false;
}

/* Return the text of "priority,sequence,time,flags;text\n KEY=value\n", or NULL. */
static char *record_message(char *record)
{
	char *message = strchr(record, ';');

	if (!message)
		return NULL;
	message++;
	message[strcspn(message, "\n")] = '\0';
	return message;
}

static int taint_report(void)
{
	char text[32];
	ssize_t n;
	int fd;

	fd = open("/proc/sys/kernel/tainted", O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n < 0)
		fail("/proc/sys/kernel/tainted: %m");
	close(fd);
	text[n] = '\0';
	if (!(strtoul(text, NULL, 10) & ~TAINT_EXPECTED))
		return 0;
	report("log the kernel is tainted: %lu", strtoul(text, NULL, 10));
	return 1;
}

static void log_complain(struct log *log, const char *message)
{
	if (log->found++ < REPORTS_MAX)
		report("log %s", message);
}

/*
 * Tests expect the OOM killer at the limit of a memory cgroup, but it logs a trace as
 * bugs do. The "oom-kill:" line, which tells the constraint, only follows after the
 * trace.
 */
static bool log_oom(struct log *log, const char *message)
{
	if (strstr(message, " invoked oom-killer: ")) {
		log->oom = true;
	} else if (log->oom && !strncasecmp(message, "Call trace:", 11)) {
		snprintf(log->trace, sizeof(log->trace), "%s", message);
		return true;
	} else if (log->oom && !strncmp(message, "oom-kill:", 9)) {
		if (*log->trace && !strstr(message, "constraint=CONSTRAINT_MEMCG"))
			log_complain(log, message);
		log->oom = false;
		*log->trace = '\0';
	}
	return false;
}

void log_message(struct log *log, const char *message)
{
	if (!log_oom(log, message) && message_complains(message))
		log_complain(log, message);
}

void log_end(struct log *log)
{
	if (*log->trace)
		log_complain(log, log->trace);
}

void log_report(void)
{
	char record[8192], *message;
	struct log log = { 0 };
	ssize_t n;
	int fd;

	log.found = taint_report();
	fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		fail("/dev/kmsg: %m");
	for (;;) {
		n = read(fd, record, sizeof(record) - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EPIPE) {
			log_complain(&log, "messages were lost: the buffer is too small");
			continue;
		}
		if (n <= 0)
			break;
		record[n] = '\0';
		message = record_message(record);
		if (message)
			log_message(&log, message);
	}
	if (errno != EAGAIN)
		fail("/dev/kmsg: %m");
	close(fd);
	log_end(&log);
	if (!log.found)
		report("log clean");
}
