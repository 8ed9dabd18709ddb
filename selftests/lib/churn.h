/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A process whose threads change its memory all the time, and that keeps a model of each
 * page in memory that it shares with a reader. A sequence number of the page is odd while
 * an operation on it is under way: a reader that saw the same even number before and
 * after it asked must have been told what the model says.
 */
#ifndef VMWALK_TEST_CHURN_H
#define VMWALK_TEST_CHURN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <linux/vmwalk.h>

/* SCAN reads more than 64 pages in several holds of the lock of their table. */
#define CHURN_PAGES	100
#define CHURN_THREADS	2
#define CHURN_FAULTS	8192

/**
 * enum churn_kind - kinds of regions
 * @CHURN_ANON: private memory, which also moves, is forked and swapped out
 * @CHURN_SHMEM: shared memory
 * @CHURN_FILE: private mapping of a file in memory
 * @CHURN_THP: private memory that huge pages are advised for
 */
enum churn_kind {
	CHURN_ANON,
	CHURN_SHMEM,
	CHURN_FILE,
	CHURN_THP,
};

/**
 * struct churn_change - an operation on a page
 * @possible: mask of 1 << &enum vmwalk_class that the page may have before, during and
 *	after it; VMWALK_CLASS_UNREAD if no VMA covers the page
 * @keeps: it changes neither frame nor slot
 */
struct churn_change {
	uint32_t possible;
	bool keeps;
};

/**
 * struct churn_page - model of one page
 * @pagemap: its entry in /proc/PID/pagemap
 * @change: the operation that began at the sequence number S is in @change[S / 2 % 2]
 * @class: &enum vmwalk_class, VMWALK_CLASS_UNREAD if no VMA covers the page
 * @place: index in &churn_region.base
 * @mapcount: of the page that is mapped; 0: not known
 * @denied: the VMA grants no access
 * @readonly: the VMA grants no writing
 * @write: 1: writable, 0: not, -1: not known
 * @dirty: 1: dirty, -1: not known
 * @anon: 1: the page is anonymous, 0: not, -1: not known
 */
struct churn_page {
	uint64_t pagemap;
	struct churn_change change[2];
	uint8_t class;
	uint8_t place;
	uint8_t mapcount;
	bool denied;
	bool readonly;
	int8_t write;
	int8_t dirty;
	int8_t anon;
};

/**
 * struct churn_region - memory that one thread of the process changes
 * @kind: its kind
 * @base: the first page is at one of these, each in a page table of its own
 * @size: bytes of the VMA, more than those of the modelled pages for huge pages
 * @fd: of the file, or -1
 * @child: process that was forked with this memory and not reaped yet, or 0
 * @seq: sequence number of each page
 * @page: model of each page
 */
struct churn_region {
	enum churn_kind kind;
	char *base[2];
	size_t size;
	int fd;
	pid_t child;
	atomic_uint seq[CHURN_PAGES];
	struct churn_page page[CHURN_PAGES];
};

/**
 * struct churn_fault - an access that faulted, of one page
 * @address: the address
 * @faults: number of faults, mostly 1
 * @before: the page before it
 * @after: the page after it
 */
struct churn_fault {
	uint64_t address;
	unsigned long faults;
	struct churn_page before;
	struct churn_page after;
};

/**
 * struct churn_thread - a thread of the process
 * @tid: its id; 0 until it has begun
 * @seed: state of its random numbers
 * @taken: accesses that the reader has taken from @fault, with @keeps_faults
 * @nr_faults: number of such accesses; that with number N is in @fault[N % CHURN_FAULTS]
 * @fault: the last of them
 */
struct churn_thread {
	atomic_int tid;
	unsigned int seed;
	atomic_ulong taken;
	atomic_ulong nr_faults;
	struct churn_fault fault[CHURN_FAULTS];
};

#define CHURN_REGIONS	8

/**
 * struct churn - the process, in memory that it shares with its parent
 * @pid: process id
 * @keeps_faults: threads wait until the reader has taken older faults
 * @go: threads wait for this
 * @ops: operations that have ended
 * @wrong: first thing that the process found wrong itself, or ""
 * @region: the regions
 * @thread: thread N changes the regions R with R % CHURN_THREADS == N
 */
struct churn {
	pid_t pid;
	bool keeps_faults;
	atomic_bool go;
	atomic_ulong ops;
	char wrong[160];
	struct churn_region region[CHURN_REGIONS];
	struct churn_thread thread[CHURN_THREADS];
};

/* Start the process. Its threads wait for @go. Return NULL on failure. */
struct churn *churn_start(unsigned int seed);
void churn_end(struct churn *churn);
/* Bytes of one chunk of address space: what one page table maps. */
uint64_t churn_chunk(void);
/* First address of all regions, and first past them. */
uint64_t churn_start_address(void);
uint64_t churn_end_address(void);

/**
 * struct churn_seen - a page as it was before or after a question
 * @seq: the sequence number
 * @page: the model; only @change is certain if @seq is odd
 */
struct churn_seen {
	unsigned int seq;
	struct churn_page page;
};

/* Copy the model of a page, retried until it belongs to one sequence number. */
void churn_see(struct churn_region *region, unsigned int page, struct churn_seen *seen);

/**
 * enum churn_known - what the model says about an answer
 * @CHURN_EXACT: no operation touched the page: the answer must be what the model says
 * @CHURN_ONE: one operation did: the answer must be possible
 * @CHURN_MANY: several did
 */
enum churn_known {
	CHURN_EXACT,
	CHURN_ONE,
	CHURN_MANY,
};

/* @change is set to the operation for CHURN_ONE. */
enum churn_known churn_compare(const struct churn_seen *before, const struct churn_seen *after,
			       const struct churn_change **change);

#endif
