/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fuzzer of /dev/vmwalk: shared declarations.
 *
 * An input is a string of bytes. run.c takes decisions from it until it ends: which
 * call, on which descriptor, with which fields, in which kind of memory. So any bytes
 * are a valid input, and changing some of them changes a few decisions. Inputs that
 * reach new code of the module (kcov) are kept.
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

/* ---- table.h, generated from linux/vmwalk.h ---- */

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
 * struct fuzz_field - a field of a structure or of a nested one
 * @name: name in linux/vmwalk.h
 * @offset: bytes from the start of its structure
 * @unit: bytes of the field, or of one element of an array
 * @size: bytes of the whole field
 * @kind: meaning of the field, selects its values
 * @in: read by the kernel
 * @out: written by the kernel
 * @fields: fields of each element, if it is a structure
 * @nfields: number of @fields
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
 * @name: NAME in VMWALK_IOC_NAME
 * @request: ioctl request number
 * @size: bytes of its structure
 * @fields: fields of the structure
 * @nfields: number of @fields
 * @errors: errnos that it may return, terminated by 0
 * @record_size: bytes of a record that it writes to an array, or 0
 * @record_fields: fields of that record
 * @nrecord_fields: number of @record_fields
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

/* Source of decisions: the bytes of an input, and zeros once those are used up */
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

/* Read all files of a directory; print a message and return false on error. */
bool corpus_load(const char *directory);
/* Keep an input if it reached new places. */
void corpus_add(const struct input *input, unsigned int news);
/* Pick input @number modulo the size of the corpus; false if it is empty. */
bool corpus_pick(uint64_t number, struct input *input);
size_t corpus_size(void);
bool corpus_save(const char *path);
void input_print(const struct input *input);

/* ---- kcov.c ---- */

struct kcov {
	int fd;
	uint64_t *area;
};

/* Return false if this kernel has no kcov; the fuzzer then runs without feedback. */
bool kcov_open(struct kcov *kcov);
void kcov_begin(struct kcov *kcov);
/* Return the number of places that this thread reached first since kcov_begin(). */
unsigned int kcov_news(struct kcov *kcov);
unsigned int kcov_places(void);

/* ---- memory.c: buffers for calls ---- */

struct arena {
	char *plain;		/* always present: the fuzzer reads and writes here */
	char *view;		/* the same pages as @plain, mapped for the kernel */
	char *racing;		/* more pages, unmapped and remapped all the time */
	char *arrays;		/* always present: space for records and for names */
	char *arrays_view;
};

/* Size of each of two arrays; a missing page follows, then a read-only one. */
#define ARRAY_BYTES	(8 * PAGE)

/* A buffer for the kernel, and the fuzzer's own mapping of it */
struct place {
	char *user;
	char *plain;		/* NULL if no memory is mapped at @user */
	size_t room;		/* bytes mapped from @user on */
	bool writable;
	bool racing;
};

void arena_make(struct arena *arena, unsigned int number);
void place_choose(struct place *place, struct arena *arena, struct source *source,
		  size_t size);
/* @number: 0 for records, 1 for names */
void array_choose(struct place *place, struct arena *arena, struct source *source,
		  unsigned int number);
void arena_disturb(struct arena *arena, uint64_t *state);

/* ---- target.c, region.c: processes that are walked ---- */

enum region_kind {
	REGION_ANCHOR,		/* always mapped, always in memory */
	REGION_CHURN,
	REGION_HUGE,
	REGION_HUGE_ANCHOR,	/* always mapped, as huge pages that are split and collapsed */
	REGION_SWAP,
	REGION_HUGETLB,
	REGION_SHMEM,
	REGION_FILE,
	REGION_PROTNONE,
	REGION_FLICKER,		/* paged in and out as fast as possible, in one target */
	REGION_WATCHED,		/* write protection toggled as fast as possible, in one target */
	REGION_COUNT,
};

struct region {
	uintptr_t start;
	size_t len;
};

extern const struct region regions[REGION_COUNT];

/* Return the enum region_kind at an address, or -1 outside of all regions. */
int region_of(uint64_t address);
void regions_prepare(void);
void regions_make(void);
void region_disturb(enum region_kind kind, uint64_t *state);
void region_flicker(void);
/* Run until the process exits; return if there is no userfaultfd. */
void region_watch(void);

#define TARGETS		5
#define TARGET_FLICKERING	1
#define TARGET_WATCHING		2
#define TARGET_MORTAL		3	/* killed and restarted all the time */
#define TARGET_EXECUTING	4	/* target with regions that every exec replaces */
/* Fixed descriptor numbers, so that races on them affect no other file. */
#define SLOT_FIRST	100
#define SLOTS_SHARED	8
#define SLOTS_OWN	4
#define SLOTS		(SLOTS_SHARED + SLOTS_OWN * THREADS_MAX)
#define OBJECT_FIRST	200
#define OBJECTS		24
#define FD_SHMEM	90
#define FD_HUGETLB	91
#define FD_PRIVATE	300

/* Target 0 is the fuzzer itself. */
void targets_start(uint64_t seed);
/* Kill and restart some targets; to be called periodically. */
void targets_tend(void);
void targets_end(void);
pid_t target_pid(unsigned int number);
/* main() of a target that has executed itself */
int target_exec_main(char **argv);
/* Open descriptors of every kind from OBJECT_FIRST on. */
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
	int targets[SLOTS_OWN];		/* target of each own slot, or -1 */
	atomic_ulong calls;
	unsigned long done[CALLS_MAX];	/* successful calls, indexed by call */
};

void input_run(struct fuzzer *me, const struct input *input);

/* ---- slot.c ---- */

/* Descriptor of a thread's own slot, which always has an open device */
int slot_own(const struct fuzzer *me, unsigned int n);
/* Descriptor of a slot that any thread may close or replace at any time */
int slot_shared(unsigned int n);
/* Choose a descriptor that may be a device; @own is set if it is not shared. */
int slot_choose(struct fuzzer *me, struct source *source, bool *shared, unsigned int *own);

/* ---- fill.c ---- */

/* A call and the arguments chosen for it */
struct call {
	const struct fuzz_call *what;	/* NULL: unknown request number */
	unsigned long request;
	struct place place;
	uint32_t size;
	unsigned int target;
	bool shared;			/* @fd may be closed or replaced by other threads */
	unsigned int slot;		/* own slot, if not @shared */
	bool second;			/* the call takes a buffer besides its structure */
	uint64_t start;
	struct place array;		/* buffer for the records */
	struct place names;
	int fd;
};

void structure_put(struct fuzzer *me, struct source *source, struct call *call);

/* ---- netlink.c ---- */

#define NETLINK_OWN	2	/* sockets of each thread */

/* Send at most one request and read the queued messages. */
void netlink_run(struct fuzzer *me, struct source *source);
/* Close the sockets, with or without unread messages. */
void netlink_end(struct fuzzer *me);

/* ---- chase.c ---- */

void chase(struct fuzzer *me);

/* ---- finding.c ---- */

/* -u: the fuzzer has dropped root. */
extern bool unprivileged;

/* Report a finding with its input; the fuzzer then ends with failure. */
__printf(2, 3) void finding(struct fuzzer *me, const char *fmt, ...);
unsigned int findings(void);

/* ---- check.c ---- */

/* @shared: another thread may have replaced the descriptor during the call */
void check_error(struct fuzzer *me, const struct fuzz_call *call, int error, bool shared);
/*
 * @records: contents of the array, or NULL
 * @names: contents of the buffer for names, or NULL
 * @target: the fuzzer's target that the device is attached to, or -1
 */
void check_answer(struct fuzzer *me, const struct fuzz_call *call, const void *answer,
		  const char *records, const char *names, int target);
void fields_check(struct fuzzer *me, const struct fuzz_field *fields, size_t n,
		  const char *answer);
void check_walk(struct fuzzer *me, const struct vmwalk_walk *w, int target);
/* Bits that hold no part of a PFN in answers to unprivileged callers */
#define ADDRESS_BITS	0x000ffffffffff000ULL

/* In check_range.c. @records and @names may be NULL. */
void check_scan(struct fuzzer *me, const struct vmwalk_scan *scan, const char *records,
		int target);
void check_vmas(struct fuzzer *me, const struct vmwalk_vmas *vmas, const char *records,
		const char *names);
void check_tables(struct fuzzer *me, const struct vmwalk_tables *tables, const char *records);
void check_mm(struct fuzzer *me, const struct vmwalk_mm *mm);
/* Report records that claim to be stable and are not, and walks that never retry. */
bool check_moments(void);

#endif
