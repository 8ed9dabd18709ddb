/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What vmwalk costs, as ratios: two ways of doing the same, or a program alone and under
 * observation, measured by turns in one run. On a machine whose clock counts instructions
 * (bench.sh) a nanosecond is one.
 */
#ifndef VMWALK_BENCH_H
#define VMWALK_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ROUNDS	7	/* an odd number: the middle one counts */

/**
 * struct row - a figure
 * @name: of the row
 * @machine: on which it is measured: "instructions", "processors"
 * @goal: what is to be reached
 * @at_least: the figure must not be below the goal; else not above it
 * @unit: of the figure, with a blank before it; "" of a ratio
 * @what: what is measured
 * @against: what it is divided by, or what is subtracted
 * @measure: the figure, or NAN after bench_cannot(). What is worth being said beside it
 *	is put into beside, BESIDE bytes
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

/* Why a figure cannot be had; returns NAN. */
double bench_cannot(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ns of wall time; instructions where the clock counts those */
uint64_t bench_now(void);
/* ns of this process's time on a processor */
uint64_t bench_cpu(void);

/**
 * struct side - one of two that are compared
 * @cost: does it once and returns what that cost; negative: it could not be done
 * @arg: for @cost
 */
struct side {
	double (*cost)(void *arg);
	void *arg;
};

/* The medians of ROUNDS turns, after one turn that is not counted; false with NANs. */
bool bench_medians(const struct side *one, const struct side *other, double *first,
		   double *second);
/* The first by the second; NAN if one could not be done. */
double bench_ratio(const struct side *one, const struct side *other);

/* files.c: the same by what the kernel has without vmwalk */

/**
 * struct proc_files - files of /proc, open
 * @maps: for PROCMAP_QUERY
 * @pagemap: of the process
 * @kpageflags: the machine's
 * @kpagecount: the machine's
 */
struct proc_files {
	int maps;
	int pagemap;
	int kpageflags;
	int kpagecount;
};

/* False if one could not be opened; the others are, until proc_close(). */
bool proc_open(struct proc_files *files, pid_t pid);
void proc_close(struct proc_files *files);
/* The VMA of an address, its entry, and the flags and count of its page. */
bool proc_one(const struct proc_files *files, uint64_t address);
/* All entries of pagemap of a range, a MiB a call. */
bool proc_pagemap(const struct proc_files *files, uint64_t start, size_t pages);
/* The same, and the flags and counts of all pages, a call for each run of frames. */
bool proc_join(const struct proc_files *files, uint64_t start, size_t pages);
/* Regions of present pages by PAGEMAP_SCAN; negative if that is not to be had. */
long proc_scan(const struct proc_files *files, uint64_t start, uint64_t end);

/* subject.c: processes to look at, which stand still until they are ended */

/**
 * struct subject - a process that waits
 * @pid: the process
 * @at: what its maker has left there
 * @device: attached to it
 * @files: of it
 */
struct subject {
	pid_t pid;
	char *at;
	int device;
	struct proc_files files;
};

/*
 * Forked from this process, and then make() has mapped something there; it returns the
 * address, or NULL.
 */
bool subject_start(struct subject *subject, char *(*make)(void));
void subject_end(struct subject *subject);
/* Private anonymous memory in base pages, reserved alone; NULL. */
char *map_base(size_t size);

#endif
