/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fuzzer of /dev/vmwalk: what its files share.
 *
 * An input is a string of bytes, from which run.c takes decisions until it is at its
 * end: which call, on which descriptor, with which fields, in which kind of memory.
 * So any bytes are an input, and changing some of them changes a few decisions. Inputs
 * that reach code of the module that none has reached before (kcov) are kept.
 */
#ifndef VMWALK_FUZZ_H
#define VMWALK_FUZZ_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <linux/vmwalk.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define __printf(a, b)	__attribute__((format(printf, a, b)))

#define PAGE		4096UL
#define MIB		(1UL << 20)
#define GIB		(1UL << 30)
#define THREADS_MAX	8
#define CALLS_MAX	16
#define INPUT_MAX	256

/* ---- table.h, made from linux/vmwalk.h ---- */

enum field_kind {
	FIELD_PLAIN,
	FIELD_SIZE,
	FIELD_FLAGS,
	FIELD_RESERVED,
	FIELD_DESCRIPTOR,
	FIELD_PID,
	FIELD_POINTER,
	FIELD_ARRAY,
	FIELD_RECORD,
	FIELD_LENGTH,
	FIELD_ADDRESS,
	FIELD_END,
	FIELD_LEVEL,
	FIELD_PFN,
	FIELD_MASK,
};

/**
 * struct fuzz_field - a field of a structure, or of one within it
 * @name: its name
 * @offset: bytes from the beginning of its structure
 * @unit: bytes of it, or of one element if it is an array
 * @size: bytes of all of it
 * @kind: what it means
 * @in: read by the kernel
 * @out: written by the kernel
 * @fields: the fields of each element, if it is a structure
 * @nfields: their number
 */
struct fuzz_field {
	const char *name;
	size_t offset;
	size_t unit;
	size_t size;
	enum field_kind kind;
	bool in;
	bool out;
	const struct fuzz_field *fields;
	size_t nfields;
};

/**
 * struct fuzz_call - a call and its contract
 * @name: as in VMWALK_IOC_name
 * @request: its number
 * @size: bytes of its structure
 * @fields: the structure
 * @nfields: their number
 * @errors: the errnos it may give, ended by 0
 * @record_size: bytes of a record that it writes to an array; 0 if to none
 * @record_fields: such a record
 * @nrecord_fields: their number
 */
struct fuzz_call {
	const char *name;
	unsigned long request;
	size_t size;
	const struct fuzz_field *fields;
	size_t nfields;
	int errors[24];
	size_t record_size;
	const struct fuzz_field *record_fields;
	size_t nrecord_fields;
};

extern const struct fuzz_call fuzz_calls[];
extern const unsigned int fuzz_calls_count;

/* ---- input.c ---- */

struct input {
	uint8_t bytes[INPUT_MAX];
	size_t len;
};

/* Decisions taken from an input: zero after its end. */
struct source {
	const uint8_t *at;
	const uint8_t *end;
};

uint64_t random_next(uint64_t *state);
uint64_t take(struct source *source, unsigned int bytes);
unsigned int choose(struct source *source, unsigned int below);
void input_random(struct input *input, uint64_t *state);
void input_mutate(struct input *input, const struct input *other, uint64_t *state);

/* ---- corpus.c ---- */

/* Reads every file of a directory, an input in hex a line; false with a message. */
bool corpus_load(const char *directory);
/* Keeps an input that reached news places new to all. */
void corpus_add(const struct input *input, unsigned int news);
/* The one of this number, round and round; false if there is none. */
bool corpus_pick(uint64_t number, struct input *input);
size_t corpus_size(void);
bool corpus_save(const char *path);
void input_print(const struct input *input);

/* ---- kcov.c ---- */

struct kcov {
	int fd;
	uint64_t *area;
};

/* False if this kernel has no kcov; the fuzzer is blind then, but works. */
bool kcov_open(struct kcov *kcov);
void kcov_begin(struct kcov *kcov);
/* How many places this thread reached since kcov_begin() that none had before. */
unsigned int kcov_news(struct kcov *kcov);
unsigned int kcov_places(void);

/* ---- memory.c: where the buffers of calls are ---- */

struct arena {
	char *plain;		/* always there: what the fuzzer itself reads and writes */
	char *view;		/* the same pages as the kernel is given them */
	char *racing;		/* more of them, unmapped and remapped all the time */
	char *arrays;		/* as plain: room for records and for names */
	char *arrays_view;
};

/* Bytes of each of two arrays; a page that is not there follows, then one to read. */
#define ARRAY_BYTES	(8 * PAGE)

/* A buffer for the kernel, and the same bytes as the fuzzer may touch them. */
struct place {
	char *user;
	char *plain;		/* NULL: nowhere */
	size_t room;		/* bytes from there on that exist */
	bool writable;
	bool racing;
};

void arena_make(struct arena *arena, unsigned int number);
void place_choose(struct place *place, struct arena *arena, struct source *source,
		  size_t size);
/* Of array number: 0 for records, 1 for names. */
void array_choose(struct place *place, struct arena *arena, struct source *source,
		  unsigned int number);
void arena_disturb(struct arena *arena, uint64_t *state);

/* ---- target.c, region.c: who is looked at ---- */

enum region_kind {
	REGION_ANCHOR,		/* always mapped, always in memory */
	REGION_CHURN,
	REGION_HUGE,
	REGION_HUGE_ANCHOR,	/* as the first, of huge pages that are split and made again */
	REGION_SWAP,
	REGION_HUGETLB,
	REGION_SHMEM,
	REGION_FILE,
	REGION_PROTNONE,
	REGION_FLICKER,		/* in and out of memory as fast as it goes, in one target */
	REGION_WATCHED,		/* write-protected and not, as fast, in one target: an anchor */
	REGION_COUNT,
};

struct region {
	uintptr_t start;
	size_t len;
};

extern const struct region regions[REGION_COUNT];

/* -1 if the address lies in none of them. */
int region_of(uint64_t address);
void regions_prepare(void);
void regions_make(void);
void region_disturb(enum region_kind kind, uint64_t *state);
void region_flicker(void);
/* Until the end of the process; returns if there is no userfaultfd here. */
void region_watch(void);

#define TARGETS		5
#define TARGET_FLICKERING	1
#define TARGET_WATCHING		2
#define TARGET_MORTAL		3	/* killed all the time */
#define TARGET_EXECUTING	4	/* its regions come and go with its programs */
/* Descriptors of fixed numbers, so that races on them hit nothing else. */
#define SLOT_FIRST	100
#define SLOTS_SHARED	8
#define SLOTS_OWN	4
#define SLOTS		(SLOTS_SHARED + SLOTS_OWN * THREADS_MAX)
#define OBJECT_FIRST	200
#define OBJECTS		24
#define FD_SHMEM	90
#define FD_HUGETLB	91
#define FD_PRIVATE	300

/* Number 0 is the fuzzer itself. */
void targets_start(uint64_t seed);
/* Ends and starts some of them; to be called now and then. */
void targets_tend(void);
void targets_end(void);
pid_t target_pid(unsigned int number);
/* What the program does when a target has executed it again. */
int target_exec_main(char **argv);
/* Descriptors of every kind, at OBJECT_FIRST and up. */
void objects_make(void);
void objects_renew(unsigned int target);

/* ---- run.c ---- */

struct fuzzer {
	unsigned int number;
	uint64_t seed;
	uint64_t state;
	struct arena arena;
	struct kcov kcov;
	struct input *input;
	int targets[SLOTS_OWN];		/* to which its own slots are attached, or -1 */
	atomic_ulong calls;
	unsigned long done[CALLS_MAX];	/* successes, by call */
};

void input_run(struct fuzzer *me, const struct input *input);

/* ---- slot.c ---- */

/* The descriptor of one of a thread's own slots, which always has an open device. */
int slot_own(const struct fuzzer *me, unsigned int n);
/* The descriptor of a slot that any thread may close or replace at any time. */
int slot_shared(unsigned int n);
/* A descriptor that may be a device; which of the thread's own, if it is not shared. */
int slot_choose(struct fuzzer *me, struct source *source, bool *shared, unsigned int *own);

/* ---- fill.c ---- */

/* One call being put together */
struct call {
	const struct fuzz_call *what;	/* NULL: no number of the header */
	unsigned long request;
	struct place place;
	uint32_t size;
	unsigned int target;
	bool shared;			/* the descriptor */
	unsigned int slot;		/* which of the thread's own, if it is one */
	bool second;			/* has a second buffer */
	uint64_t start;
	struct place array;		/* for records */
	struct place names;
	int fd;
};

void structure_put(struct fuzzer *me, struct source *source, struct call *call);

/* ---- netlink.c ---- */

#define NETLINK_OWN	2	/* sockets of a thread */

/* One request, or none, and what there is to be read. */
void netlink_run(struct fuzzer *me, struct source *source);
/* Closes the sockets, read to their end or not. */
void netlink_end(struct fuzzer *me);

/* ---- chase.c ---- */

void chase(struct fuzzer *me);

/* ---- finding.c ---- */

/* Root was given up. */
extern bool unprivileged;

/* A finding: said with the input, and the fuzzer ends in failure. */
__printf(2, 3) void finding(struct fuzzer *me, const char *fmt, ...);
unsigned int findings(void);

/* ---- check.c ---- */

/* @shared: the descriptor may have been something else at that moment */
void check_error(struct fuzzer *me, const struct fuzz_call *call, int error, bool shared);
/*
 * @records: what an array was filled with, or NULL
 * @names: likewise of names
 * @target: the fuzzer's own target that it is of, or -1
 */
void check_answer(struct fuzzer *me, const struct fuzz_call *call, const void *answer,
		  const char *records, const char *names, int target);
void fields_check(struct fuzzer *me, const struct fuzz_field *fields, size_t n,
		  const char *answer);
void check_walk(struct fuzzer *me, const struct vmwalk_walk *w, int target);
/* Bits that no PFN may be in without authority. */
#define ADDRESS_BITS	0x000ffffffffff000ULL

/* check_range.c; records may be NULL */
void check_scan(struct fuzzer *me, const struct vmwalk_scan *scan, const char *records,
		int target);
void check_vmas(struct fuzzer *me, const struct vmwalk_vmas *vmas, const char *records,
		const char *names);
void check_tables(struct fuzzer *me, const struct vmwalk_tables *tables, const char *records);
void check_mm(struct fuzzer *me, const struct vmwalk_mm *mm);
/* Whether records claim to be of one moment and are not, or nobody looks; says so. */
bool check_moments(void);

#endif
