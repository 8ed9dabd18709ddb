// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include "bench.h"

static char *make_page(void)
{
	char *at = map_base(getpagesize());

	if (at)
		*at = 1;
	return at;
}

static double vs_true(char *beside)
{
	char pid[16], address[24];
	const char *const vmwalk[] = { "/bin/vmwalk", pid, address, NULL };
	static const char *const nothing[] = { "/bin/true", NULL };
	const struct side one = { command_cost, (void *)vmwalk };
	const struct side other = { command_cost, (void *)nothing };
	struct subject subject;
	double first, second;

	if (!subject_start(&subject, make_page))
		return bench_cannot("no process to look at");
	snprintf(pid, sizeof(pid), "%d", subject.pid);
	snprintf(address, sizeof(address), "%p", subject.at);
	if (bench_medians(&one, &other, &first, &second))
		snprintf(beside, BESIDE, "%.3f ms - %.3f ms", first / 1e6, second / 1e6);
	else
		bench_cannot("/bin/vmwalk or /bin/true failed");
	subject_end(&subject);
	return (first - second) / 1e6;
}

#define VMAS	60000

/* Pages are alternately read-only and read-write: equal neighbours would be one VMA. */
static char *make_vmas(void)
{
	size_t page = getpagesize(), i;
	char *at = map_base(VMAS * page);

	for (i = 0; at && i < VMAS; i++)
		at[i * page] = 1;
	for (i = 0; at && i < VMAS; i += 2)
		if (mprotect(at + i * page, page, PROT_READ))
			return NULL;
	return at;
}

static double map_vs_smaps(const char *option, char *beside)
{
	char pid[16], smaps[32];
	const char *const vmwalk[] = { "/bin/vmwalk", pid, option, NULL };
	const char *const cat[] = { "/bin/cat", smaps, NULL };
	const struct side one = { command_cost, (void *)vmwalk };
	const struct side other = { command_cost, (void *)cat };
	struct subject subject;
	double first, second;

	if (!subject_start(&subject, make_vmas))
		return bench_cannot("no process of %d VMAs", VMAS);
	snprintf(pid, sizeof(pid), "%d", subject.pid);
	snprintf(smaps, sizeof(smaps), "/proc/%d/smaps", subject.pid);
	if (bench_medians(&one, &other, &first, &second))
		snprintf(beside, BESIDE, "%.0f ms / %.0f ms", first / 1e6, second / 1e6);
	else
		bench_cannot("/bin/vmwalk or /bin/cat failed");
	subject_end(&subject);
	return first / second;
}

static double map_vmas(char *beside)
{
	return map_vs_smaps(NULL, beside);
}

static double map_vmas_json(char *beside)
{
	return map_vs_smaps("--json", beside);
}

const struct row command_rows[] = {
	{ "command-vs-true", "instructions",
	  "the command, one address, CPU time", "less that of /bin/true", vs_true },
	{ "map-60k-vmas", "instructions",
	  "vmwalk PID of 60000 VMAs, CPU time", "cat /proc/PID/smaps", map_vmas },
	{ "map-60k-vmas-json", "instructions",
	  "vmwalk PID --json of 60000 VMAs, CPU time", "cat /proc/PID/smaps", map_vmas_json },
	{ }
};
