#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# lint.sh [CHECK...]: run all static checks, or those named. Prints the findings to
# stdout, and fails if there are any. VERBOSE=1 prints the duration of each check to
# stderr.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/../vm/apt.sh"
top=$(readlink -f "$here/../..")
cd "$top"

# Kernel code gets all checks of checkpatch, but files of module/compat may compare
# versions, which is their purpose. User space does not have the kernel's types and
# macros, uses names of the C library and of ELF, and its tests access memory through
# volatile pointers.
compat_ignore=LINUX_VERSION_CODE,CONSTANT_COMPARISON
user_ignore=PREFER_KERNEL_TYPES,PREFER_DEFINED_ATTRIBUTE_MACRO,BIT_MACRO,ARRAY_SIZE,CAMELCASE,VOLATILE
kernels="6.1 6.12"

sources()
{
	local directory

	for directory in "$@"; do
		[ -d "$directory" ] || continue
		find "$directory" -name '*.[ch]' ! -name '*.mod.c' ! -path '*/build/*'
	done | sort
}

check_checkpatch()
{
	# checkpatch leaves a cache in its working directory and looks for headers
	# there.
	local command="perl $source/scripts/checkpatch.pl --no-tree --root=. --strict --terse
		       --quiet --no-summary"

	# Split the lists of files: no name has a blank.
	# shellcheck disable=SC2046
	(
		mkdir -p build/lint/include
		cd build/lint
		$command -f $(sources "$top/module" "$top/uapi" | grep -v /compat) || true
		$command --ignore "$compat_ignore" -f $(sources "$top/module" | grep /compat) || true
		$command --ignore "$user_ignore" -f \
			$(sources "$top/tools" "$top/selftests" "$top/bench") || true
	) | sed "s#^$top/##"
}

# Check both kernels: some code is only visible on one of them.
check_sparse()
{
	local kernel directory

	for kernel in $kernels; do
		directory=$(selftests/vm/kernel.sh "$kernel")
		selftests/vm/module.sh "$directory/build" "$top/build/lint/$kernel" \
			W=1 C=2 CHECK=sparse CF=-Wsparse-error KCFLAGS=-Werror 2>&1 || true
	done | sed "s#$top/build/lint/[^/]*/module/##"
}

check_kernel_doc()
{
	# Split the list of files: no name has a blank.
	# shellcheck disable=SC2046
	"$source/scripts/kernel-doc" -none -Wall -Werror $(sources module uapi) 2>&1 || true
}

# Rules in OCaml need a compiler that the coccinelle package does not depend on.
check_coccinelle()
{
	find "$source/scripts/coccinelle" -name '*.cocci' -print0 | xargs -0 grep -L ocaml |
		xargs -P 2 -n 1 "$here/coccinelle.sh" module
}

check_clang_tidy()
{
	# The .cmd files that check_sparse leaves have the compiler flags.
	[ -e build/lint/6.12/vmwalk.ko ] || check_sparse >/dev/null
	[ -e build/lint/6.12/vmwalk.ko ] || {
		echo "the module does not build on 6.12"
		return
	}
	sources module | grep '\.c$' |
		xargs -P 2 -n 1 "$here/clang-tidy.sh" module "$top/build/lint/6.12/module" \
		"$(selftests/vm/kernel.sh 6.12)/build"
	sources tools selftests bench | grep '\.c$' |
		xargs -P 2 -n 1 "$here/clang-tidy.sh" user "$source/tools/testing/selftests"
}

check_warnings()
{
	sources tools selftests bench | grep '\.c$' |
		xargs -P 2 -n 1 "$here/warnings.sh" "$source/tools/testing/selftests"
}

check_rooms()
{
	"$here/rooms.sh" "$top"
	"$here/versions.sh" "$top"
	"$here/words.sh" "$top"
	"$here/subjects.sh" "$top"
}

# The tags in uapi/linux are the only source of the table by which the module redacts.
check_redact()
{
	"$here/redact.sh" "$top"
}

# mutants.sh would report this only after the debug kernel is built.
check_mutants()
{
	local patch

	for patch in selftests/mutants/*.patch; do
		patch --dry-run -s -f -F 0 -p 1 < "$patch" >/dev/null 2>&1 ||
			echo "$patch does not apply any more: plant the same bug anew"
	done
}

# check_sparse leaves the objects of the module in build/lint.
check_circles()
{
	local file

	[ -e build/lint/6.12/vmwalk.ko ] || check_sparse >/dev/null
	make -s -j2 tools && make -s -j2 -C selftests/fuzz
	mkdir -p build/lint/vm
	for file in selftests/vm/init*.c; do
		gcc -D_GNU_SOURCE -c -o "build/lint/vm/$(basename "$file" .c).o" "$file"
	done
	(cd build/lint/6.12/module && find module -name '*.o' ! -name '*.mod.o' -print0 |
		xargs -0 "$here/circles.sh")
	circles tools/lib/*/*.c build/tools/lib/
	circles tools/vmwalk/*.c tools/vmwalk/*/*.c build/tools/vmwalk.d/
	circles selftests/fuzz/*.c build/fuzz/
	circles selftests/vm/init*.c build/lint/vm/
}

# circles SOURCE... DIRECTORY: objects in DIRECTORY whose source is gone are left out.
circles()
{
	local objects=${!#} root source

	root=$(cut -d / -f 1,2 <<< "$1")
	cd "$objects"
	for source in "${@:1:$#-1}"; do
		source=${source#"$root"/}
		[ ! -e "${source%.c}.o" ] || echo "${source%.c}.o"
	done | xargs "$here/circles.sh"
	cd "$top"
}

check_shellcheck()
{
	find . -path ./build -prune -o -path ./.git -prune -o -type f -print0 |
		xargs -0 grep -lE '^#!/bin/(ba)?sh|^# shellcheck shell=' |
		xargs -d '\n' shellcheck -x || true
}

mkdir -p build/lint
"$here/../vm/deps.sh" build vm lint
source=$("$here/../vm/source.sh")
# Some sources include these generated headers, so rooms and the compilers need them.
make -s -C selftests/fuzz ../../build/fuzz/table.h
make -s -C selftests/host OUT="$top/build/selftests/host" "$top/build/selftests/host/word_tables.h"
findings=0
[ $# -gt 0 ] || set -- rooms redact mutants checkpatch sparse kernel_doc circles coccinelle clang_tidy warnings shellcheck
for check in "$@"; do
	began=$SECONDS
	output=$("check_$check" || echo "$check did not run to its end")
	if [ -n "$output" ]; then
		findings=1
		printf '%s:\n%s\n' "$check" "$output"
	fi
	[ -z "${VERBOSE:-}" ] || note "$check: $((SECONDS - began)) s"
done
exit $findings
