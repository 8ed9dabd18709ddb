/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Measure what vmwalk costs, mostly as the ratio or the difference of two sides that are
 * measured alternately in one run. On a machine whose clock counts instructions (run.sh),
 * times are proportional to the number of instructions.
 */
#ifndef VMWALK_BENCH_H
#define VMWALK_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ROUNDS	7	/* odd, so that the median is one of the costs */

/**
 * struct row - a figure to measure; its goal is in goals.list
 * @name: selects the figure on the command line
 * @machine: machine that the figure is measured on: "instructions" or "processors"
 * @what: description of the measured side
 * @against: description of the side that is the divisor, or is subtracted; if there is
 *	none, of the circumstances
 * @measure: returns the figure, or NAN, for a reason that bench_cannot() may have kept.
 *	May write a remark, with its NUL at most BESIDE bytes, to @beside
 */
struct row {
	const char *name;
	const char *machine;
	const char *what;
	const char *against;
	double (*measure)(char *beside);
};

#define BESIDE	160

extern const struct row one_rows[], command_rows[], whole_rows[], scan_rows[], target_rows[],
	watch_rows[];

/*
 * Print a histogram of the page faults of a program for each of several readers that look
 * at it. Return 0, or 1 if it could not be made.
 */
int stalls_run(void);

/**
 * struct goal - a line of goals.list
 * @goal: bound of the figure, in @unit
 * @stretch: a stricter bound; a figure that meets it is only marked
 * @unit: unit of the figure; "" if it has none, such as a ratio
 * @at_least: the figure should be at least @goal; otherwise at most @goal
 */
struct goal {
	double goal;
	double stretch;
	char unit[16];
	bool at_least;
};

/* Return false if goals.list has no valid line for @name; *goal is undefined then. */
bool goal_find(const char *name, struct goal *goal);
/* @bound is goal->goal or goal->stretch; @goal only tells the direction. */
bool goal_met(const struct goal *goal, double bound, double figure);

/* Keep the reason why a figure cannot be measured, for the error message. Return NAN. */
double bench_cannot(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* CLOCK_MONOTONIC_RAW in ns; it counts instructions on the machine "instructions". */
uint64_t bench_now(void);
/* User and system CPU time of this process in ns. */
uint64_t bench_cpu(void);

/**
 * struct side - one of the two sides of a comparison
 * @cost: runs the side once and returns its cost in ns; negative if the run failed
 * @arg: argument of @cost
 */
struct side {
	double (*cost)(void *arg);
	void *arg;
};

/*
 * Set *first and *second to the median cost of each side in ROUNDS alternating runs,
 * after a run of both that is not counted. Return false and set both to NAN if a run
 * failed.
 */
bool bench_medians(const struct side *one, const struct side *other, double *first,
		   double *second);
/* Return the median cost of @one divided by that of @other; NAN if a run failed. */
double bench_ratio(const struct side *one, const struct side *other);

/*
 * Run @argv, whose words end with NULL, and throw its stdout away. Return its user and
 * system CPU time in ns, or -1 if it did not exit with 0.
 */
double command_cost(void *argv);

/* File descriptors, negative if open(2) failed; @maps is for the ioctl PROCMAP_QUERY. */
struct proc_files {
	int maps;
	int pagemap;
	int kpageflags;
	int kpagecount;
};

/* Return false if a file could not be opened; call proc_close() in any case. */
bool proc_open(struct proc_files *files, pid_t pid);
void proc_close(struct proc_files *files);
/*
 * Read the VMA of an address, its pagemap entry, and its page's flags and mapcount.
 * Return false on error, which includes a page that is not present, and Linux before 6.11
 * (PROCMAP_QUERY).
 */
bool proc_one(const struct proc_files *files, uint64_t address);
/* Read the pagemap entries of a range in reads of up to 1 MiB. Return false on error. */
bool proc_pagemap(const struct proc_files *files, uint64_t start, size_t pages);
/*
 * Read the pagemap entries of a range, and the flags and mapcounts of all its pages with
 * two reads for each run of consecutive frames. All pages must be present. Return false
 * on error.
 */
bool proc_join(const struct proc_files *files, uint64_t start, size_t pages);
/*
 * Return the number of runs of present pages that PAGEMAP_SCAN finds, at most 131072; -1
 * on error, and before Linux 6.7.
 */
long proc_scan(const struct proc_files *files, uint64_t start, uint64_t end);

/**
 * struct subject - a child that sleeps until subject_end() kills it
 * @pid: process id of the child
 * @at: address that make() returned, in the child
 * @device: file descriptor of the device, attached to the process
 * @files: as proc_open() has opened them for the process
 */
struct subject {
	pid_t pid;
	char *at;
	int device;
	struct proc_files files;
};

/*
 * Fork a child that calls make() and sleeps, and attach to it. make() returns an address
 * to look at, or NULL. Return false if any of this failed; else call subject_end().
 */
bool subject_start(struct subject *subject, char *(*make)(void));
void subject_end(struct subject *subject);
/* Map private anonymous memory with MADV_NOHUGEPAGE; return NULL on failure. */
char *map_base(size_t size);

#endif
