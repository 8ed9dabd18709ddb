#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Break rules of selftests/lint one by one in a scratch tree, and expect the checker of
# each rule to report the breach. TAP on stdout.
here=$(dirname "$(readlink -f "$0")")
lint=$(readlink -f "$here/../../../selftests/lint")
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
count=0
failed=0

result()
{
	count=$((count + 1))
	[ "$1" = 0 ] || { failed=1; printf 'not '; }
	echo "ok $count $2"
}

# put FILE TEXT: write TEXT, in which \n is a line feed, to FILE in the scratch tree.
put()
{
	mkdir -p "$scratch/$(dirname "$1")"
	printf '%b\n' "$2" > "$scratch/$1"
}

tree_make()
{
	rm -rf "${scratch:?}"/*
	put module/events/events.h '#include "walk/walk.h"'
	put module/walk/walk.h '#include "compat/compat.h"'
	put module/walk/scan.c '#include "walk.h"'
	put module/compat/compat.h '#ifdef VMWALK_HAVE_THING\n#endif'
	put tools/lib/proc/maps.c '#include "names/names.h"'
	put tools/lib/names/names.h ''
	put tools/lib/device/device.h ''
}

rooms()
{
	"$lint/rooms.sh" "$scratch" > "$scratch.out"
}

trap 'rm -rf "$scratch" "$scratch.out"' EXIT
echo "TAP version 13"

tree_make
rooms && [ ! -s "$scratch.out" ]
result $? "a tree that keeps the rules has no findings"

put module/walk/scan.c '#include "walk.h"\n#include "events/events.h"'
rooms && grep -q '^module/walk/scan.c:2: module/walk may not include module/events/events.h' \
	"$scratch.out"
result $? "the reader of page tables may not include what is about events"

tree_make
put tools/lib/proc/maps.c '#include "device/device.h"'
rooms && grep -q 'tools/lib/proc may not include tools/lib/device/device.h' "$scratch.out"
result $? "the readers of /proc may not include the device"

tree_make
put module/walk/page.c '#include "page.h"'
rooms && grep -q '^module/walk/page.c:1: "page.h" is in no folder' "$scratch.out"
result $? "a header that no folder has is a finding"

tree_make
put module/walk/a.h '#include "b.h"'
put module/walk/b.h '#include "a.h"'
rooms && grep -q '^headers in a circle: module/walk/a.h' "$scratch.out"
result $? "headers that include each other are a finding"

tree_make
put module/walk/scan.c '#include "walk.h"\n#ifdef VMWALK_HAVE_THING\n#endif'
put tools/lib/proc/maps.c '#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)\n#endif'
[ "$("$lint/versions.sh" "$scratch" | grep -c 'only compat/ may')" = 2 ]
result $? "a test of the kernel's version outside of compat/ is a finding"

# words_make LAST: make a header with two events, and a last_words.h that names LAST.
words_make()
{
	put uapi/linux/vmwalk_netlink.h 'enum vmwalk_event {
\tVMWALK_EVENT_FAULT = 1,
\tVMWALK_EVENT_EXIT = 2,
};'
	put tools/lib/last_words.h "#define VMWALK_EVENT_LAST\\t$1"
}

words_make VMWALK_EVENT_EXIT
[ -z "$("$lint/words.sh" "$scratch")" ]
result $? "a header without counts, and its last words, have no findings"

words_make VMWALK_EVENT_FAULT
[ "$("$lint/words.sh" "$scratch")" = "tools/lib/last_words.h:1: the last word of enum \
vmwalk_event is VMWALK_EVENT_EXIT, not VMWALK_EVENT_FAULT" ]
result $? "a word that was added behind the last one is a finding"

words_make VMWALK_EVENT_EXIT
put uapi/linux/vmwalk.h ' * VMWALK_OLD_MAX was here\n#define VMWALK_EVENT_MAX 3'
[ "$("$lint/words.sh" "$scratch" | cut -d ' ' -f 1-3)" = \
	"uapi/linux/vmwalk.h:2:#define VMWALK_EVENT_MAX 3" ]
result $? "a count in the headers of the ABI is a finding"

put a.c 'int b(void); int a(void) { return b(); }'
put b.c 'int a(void); int b(void) { return a(); }'
put c.c 'int a(void); int c(void) { return a(); }'
(cd "$scratch" && gcc -c a.c b.c c.c && "$lint/circles.sh" a.o b.o c.o > "$scratch.out") &&
	grep -q '^files in a circle: a$' "$scratch.out" && ! grep -q ': c$' "$scratch.out"
result $? "files that call each other in a circle are a finding, their users are not"

# header_make TAG1 TAG2 [WORDS]: make a header with struct vmwalk_page, whose only field has
# TAG1, and struct vmwalk_run, whose field page has TAG2, and whose description ends with
# WORDS.
header_make()
{
	put uapi/linux/vmwalk.h "/**
 * struct vmwalk_page - page
 * @pfn: $1 its number
 */
struct vmwalk_page {
\\t__u64\\tpfn;
};

/**
 * struct vmwalk_run - run
 * @size: [in] bytes
 * @start: [out, any] first address
 * @page: $2 its page
 *
 * ${3:-Never grows, but by @page}
 */
struct vmwalk_run {
\\t__u32\\tsize;
\\t__u64\\tstart[2];
\\tstruct vmwalk_page page;
};"
	put uapi/linux/vmwalk_netlink.h ''
}

# redact.sh succeeds even if it has findings: the tests search its output.
redact()
{
	"$lint/redact.sh" "$scratch" > "$scratch.out"
}

table_make()
{
	(cd "$scratch" && awk -f "$lint/redact_table.awk" uapi/linux/*.h > module/redact_table.h) \
		2> /dev/null
}

header_make '[out, phys]' '[out, phys]'
table_make
redact && [ ! -s "$scratch.out" ] &&
	grep -q 'FIELD(vmwalk_run, ANY, size)' "$scratch/module/redact_table.h" &&
	grep -q 'FIELD(vmwalk_run, PHYS, page)' "$scratch/module/redact_table.h"
result $? "a table of tags that is what the headers give has no findings"

header_make '[out, phys]' '[out]'
redact && grep -q 'vmwalk_run: page has no tag' "$scratch.out" &&
	grep -q 'redact_table.h: not what the tags' "$scratch.out"
table_make
redact && grep -q 'FIELD(vmwalk_run, NONE, page)' "$scratch/module/redact_table.h" &&
	grep -q 'page has no tag' "$scratch.out"
result $? "a field without a tag is a finding, and withheld"

header_make '[out, phys]' '[out, phys]' 'It grows'
redact && grep -q 'vmwalk_run: page can grow' "$scratch.out"
result $? "a record that can grow inside of another one is a finding"

header_make '[out, phys]' '[out, any]'
table_make
redact && grep -q 'page is \[any\], but struct vmwalk_page is not' "$scratch.out" &&
	grep -q 'FIELD(vmwalk_run, NONE, page)' "$scratch/module/redact_table.h"
result $? "a structure that is shown, with fields that are not, is a finding, and withheld"

header_make '[out, phys]' '[out, phys]'
table_make
sed -i 's/PHYS/ANY/' "$scratch/module/redact_table.h"
redact && grep -q 'redact_table.h: not what the tags' "$scratch.out"
result $? "a table that was edited by hand is a finding"

(
	cd "$scratch" && git init -q . && git config user.email a@b && git config user.name a &&
	git commit -q --allow-empty -m 'Say what is new' &&
	git commit -q --allow-empty -m 'walk: confirm a table once' &&
	git commit -q --allow-empty -m 'walk, events: take no lock that the other side holds for twice as long' &&
	git commit -q --allow-empty -m 'walk, events: share no lock'
) && "$lint/subjects.sh" "$scratch" HEAD > "$scratch.out"
[ "$(wc -l < "$scratch.out")" = 2 ] && grep -q 'Say what is new  -- not' "$scratch.out" &&
	grep -q 'for twice as long  -- [0-9]* characters$' "$scratch.out"
result $? "a commit without an area, or with a long subject, is a finding"

echo "1..$count"
[ $failed = 0 ]
