// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer of /dev/vmwalk.
 *
 *	fuzz [-s SEED] [-n CALLS] [-t SECONDS] [-j THREADS] [-c DIRECTORY] [-o FILE]
 *	     [-u] [-b]
 *
 * Run until CALLS calls were made, SECONDS have passed, or something is found. -c loads
 * a corpus, -o saves the inputs that reached new code. -u drops root before the first
 * call. -b does not use kcov, so with the same seed, threads and corpus each thread runs
 * the same inputs again. The summary has a line "executions N". The exit status is 1
 * after a finding, 2 if nothing could be run; watch_main() gives 4 if the kernel refuses
 * probes, and 1 if it fails itself or a probe is left.
 */
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>
#include "fuzz.h"
#include "lib/watch_client.h"

#define MEMBER	1001	/* user "member" of the guest's etc/passwd */
#define GROUP	990	/* group of the device, in etc/group */
/* Calls take far less: if none has returned for so long, they hang. */
#define STUCK_SECONDS	60

static struct fuzzer fuzzers[THREADS_MAX];
static pthread_t threads[THREADS_MAX];
static struct fuzzer chaser;
static unsigned int nthreads = 3;
static uint64_t seed = 1;
static unsigned long calls_wanted = 100000;
static unsigned long seconds = 600;
static const char *output;
static const char *directory;
static bool blind;
static _Atomic bool stop;

static void input_next(struct fuzzer *me, struct input *input, uint64_t round)
{
	struct input other;

	me->state = me->seed + round * 0x2545f4914f6cdd1dULL;
	/* Run the whole corpus unchanged first, each input in one of the threads. */
	if (round < corpus_size() / nthreads + 1 &&
	    corpus_pick(round * nthreads + me->number, input))
		return;
	input_random(input, &me->state);
	if (random_next(&me->state) % 4 == 0)
		return;
	if (corpus_pick(random_next(&me->state), &other)) {
		struct input random = *input;

		*input = other;
		if (!corpus_pick(random_next(&me->state), &other))
			other = random;
		input_mutate(input, &other, &me->state);
	}
}

static void *fuzzer_run(void *arg)
{
	struct fuzzer *me = arg;
	struct input input;
	uint64_t round;

	me->input = &input;
	for (round = 0; !stop; round++) {
		input_next(me, &input, round);
		kcov_begin(&me->kcov);
		input_run(me, &input);
		if (!blind)
			corpus_add(&input, kcov_news(&me->kcov));
	}
	return NULL;
}

static void *buffers_run(void *arg)
{
	uint64_t state = seed ^ 0xb0ffe2;

	(void)arg;
	while (!stop) {
		arena_disturb(&fuzzers[random_next(&state) % nthreads].arena, &state);
		/* Without a pause the other threads would get too little CPU time. */
		usleep(500);
	}
	return NULL;
}

static void *chaser_run(void *arg)
{
	static struct input none;

	(void)arg;
	chaser.number = THREADS_MAX;
	chaser.input = &none;
	while (!stop)
		chase(&chaser);
	return NULL;
}

static unsigned long calls_made(void)
{
	unsigned long sum = atomic_load(&chaser.calls);
	unsigned int i;

	for (i = 0; i < nthreads; i++)
		sum += atomic_load(&fuzzers[i].calls);
	return sum;
}

static void privileges_drop(void)
{
	const gid_t group = GROUP;

	if (setgroups(1, &group) || setresgid(MEMBER, MEMBER, MEMBER) ||
	    setresuid(MEMBER, MEMBER, MEMBER) || prctl(PR_SET_DUMPABLE, 1)) {
		perror("fuzz: cannot drop root");
		exit(2);
	}
	unprivileged = true;
}

static void fuzzers_start(void)
{
	pthread_t thread;
	unsigned int i;

	for (i = 0; i < nthreads; i++) {
		fuzzers[i].number = i;
		fuzzers[i].seed = seed * 0x9e3779b97f4a7c15ULL + i;
		arena_make(&fuzzers[i].arena, i);
		if (pthread_create(&threads[i], NULL, fuzzer_run, &fuzzers[i]))
			abort();
	}
	if (pthread_create(&thread, NULL, buffers_run, NULL) ||
	    pthread_create(&thread, NULL, chaser_run, NULL))
		abort();
}

/* Return false if calls hang: then the threads cannot be joined. */
static bool fuzzers_watch(void)
{
	time_t end = time(NULL) + seconds, moved = time(NULL);
	unsigned long made, before = 0;
	unsigned int ticks = 0;

	while ((made = calls_made()) < calls_wanted && time(NULL) < end && !findings()) {
		if (made != before) {
			before = made;
			moved = time(NULL);
		} else if (time(NULL) - moved > STUCK_SECONDS) {
			printf("fuzz: FINDING: no call has returned for %d seconds\n",
			       STUCK_SECONDS);
			return false;
		}
		if (ticks++ % 10 == 0)
			targets_tend();
		usleep(20000);
	}
	return true;
}

static void options_parse(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "s:n:t:j:c:o:ub")) != -1) {
		switch (option) {
		case 's':
			seed = strtoull(optarg, NULL, 0);
			break;
		case 'n':
			calls_wanted = strtoul(optarg, NULL, 0);
			break;
		case 't':
			seconds = strtoul(optarg, NULL, 0);
			break;
		case 'j':
			nthreads = atoi(optarg);
			break;
		case 'c':
			directory = optarg;
			break;
		case 'o':
			output = optarg;
			break;
		case 'u':
			unprivileged = true;
			break;
		case 'b':
			blind = true;
			break;
		default:
			exit(2);
		}
	}
	if (!nthreads || nthreads > THREADS_MAX)
		exit(2);
}

static void summary_print(void)
{
	unsigned int i, c;

	for (c = 0; c < fuzz_calls_count && c < ARRAY_SIZE(fuzzers[0].done); c++) {
		unsigned long done = 0;

		for (i = 0; i < nthreads; i++)
			done += fuzzers[i].done[c];
		printf("fuzz: %s: %lu succeeded\n", fuzz_calls[c].name, done);
	}
	printf("fuzz: seed %llu, %u places reached, %zu inputs kept\n", (long long)seed,
	       kcov_places(), corpus_size());
	printf("executions %lu\n", calls_made());
}

static int fuzz_main(int argc, char **argv)
{
	unsigned int i;
	bool well;

	options_parse(argc, argv);
	if (directory && !corpus_load(directory))
		return 2;
	for (i = 0; i < nthreads && !blind; i++)
		if (!kcov_open(&fuzzers[i].kcov))
			blind = true;
	if (unprivileged)
		privileges_drop();
	if (access("/dev/vmwalk", R_OK | W_OK)) {
		perror("/dev/vmwalk");
		return 2;
	}
	regions_prepare();
	objects_make();
	targets_start(seed);
	fuzzers_start();
	well = fuzzers_watch();
	stop = true;
	for (i = 0; well && i < nthreads; i++)
		pthread_join(threads[i], NULL);
	targets_end();
	summary_print();
	if (check_moments())
		well = false;
	if (output && !corpus_save(output))
		perror(output);
	fflush(stdout);
	return well && !findings() ? 0 : 1;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--target"))
		return target_exec_main(argv);
	return watch_main(argc, argv, fuzz_main);
}
