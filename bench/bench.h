/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Measures the cost of vmwalk as a ratio: of two ways to get the same, or of a program with and
 * without an observer. Both sides are measured alternately in one run. On a machine whose
 * clock counts instructions (run.sh), a nanosecond is an instruction.
 */
#ifndef VMWALK_BENCH_H
#define VMWALK_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ROUNDS	7	/* odd, so that there is a median */

/**
 * struct row - a figure to measure, and its goal
 * @name: name of the figure on the command line
 * @machine: machine that the figure is measured on: "instructions" or "processors"
 * @goal: bound of the figure, in @unit
 * @at_least: the figure should be at least @goal; otherwise at most @goal
 * @unit: unit of the figure, with a leading blank; "" for a ratio
 * @what: description of the measured side
 * @against: description of the side that is the divisor, or is subtracted
 * @measure: returns the figure, or NAN after bench_cannot(). Writes a remark of up to
 *	BESIDE bytes into @beside
 */
struct row {
	const char *name;
	const char *machine;
	double goal;
	bool at_least;
	const char *unit;
	const char *what;
	const char *against;
	double (*measure)(char *beside);
};

#define BESIDE	160

extern const struct row one_rows[], command_rows[], scan_rows[], target_rows[], watch_rows[];

/* Records why a figure cannot be measured; returns NAN. */
double bench_cannot(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Wall time in ns; instructions on a machine whose clock counts those. */
uint64_t bench_now(void);
/* CPU time of this process in ns. */
uint64_t bench_cpu(void);

/**
 * struct side - one of the two sides of a comparison
 * @cost: runs the side once and returns the cost; negative if the run failed
 * @arg: argument of @cost
 */
struct side {
	double (*cost)(void *arg);
	void *arg;
};

/*
 * The medians of ROUNDS alternating runs, after one warm-up run that is not counted. False
 * with NANs if a run failed.
 */
bool bench_medians(const struct side *one, const struct side *other, double *first,
		   double *second);
/* The first cost divided by the second; NAN if a run failed. */
double bench_ratio(const struct side *one, const struct side *other);

/* proc.c: the same information from /proc, without vmwalk */

/**
 * struct proc_files - open files of /proc
 * @maps: /proc/PID/maps, for PROCMAP_QUERY
 * @pagemap: /proc/PID/pagemap
 * @kpageflags: /proc/kpageflags
 * @kpagecount: /proc/kpagecount
 */
struct proc_files {
	int maps;
	int pagemap;
	int kpageflags;
	int kpagecount;
};

/* False if a file could not be opened. The caller must call proc_close() in any case. */
bool proc_open(struct proc_files *files, pid_t pid);
void proc_close(struct proc_files *files);
/* Reads the VMA of an address, its pagemap entry, and the flags and count of its page. */
bool proc_one(const struct proc_files *files, uint64_t address);
/* Reads the pagemap entries of a range, a MiB in each call. */
bool proc_pagemap(const struct proc_files *files, uint64_t start, size_t pages);
/*
 * proc_pagemap(), and the flags and counts of all pages, with one read for each run of
 * consecutive frames.
 */
bool proc_join(const struct proc_files *files, uint64_t start, size_t pages);
/* Finds the present pages by PAGEMAP_SCAN; negative if the kernel lacks it. */
long proc_scan(const struct proc_files *files, uint64_t start, uint64_t end);

/* subject.c: processes that do nothing while they are measured */

/**
 * struct subject - a process that waits
 * @pid: process id of the child
 * @at: the mapping that make() returned
 * @device: device attached to the process
 * @files: open /proc files of the process
 */
struct subject {
	pid_t pid;
	char *at;
	int device;
	struct proc_files files;
};

/*
 * Forks the process, which calls make() and waits. make() returns the address of a mapping,
 * or NULL.
 */
bool subject_start(struct subject *subject, char *(*make)(void));
void subject_end(struct subject *subject);
/* Reserves private anonymous memory that gets no huge pages; NULL on failure. */
char *map_base(size_t size);

#endif
