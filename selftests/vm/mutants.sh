#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# mutants.sh [NAME...]: plants each mistake of selftests/mutants into a copy of the module,
# one at a time, and sees that a check notices it: prints "NAME: bug -> check that caught
# it". A mistake that nobody notices is a failure, and so is a patch that does not apply
# any more. A patch begins with
#
#	Bug: what the mistake is
#	Caught-by: CHECK...	(tried in this order)
#
# A CHECK is a program of selftests, or fuzz, fuzz-member (the fuzzer without authority),
# inject, leaks (kmemleak after test_attach), leaks-PROGRAM. The same checks must find
# nothing wrong with the module as it is: that is tried first, under the name "none". From
# the environment: FUZZ_SECONDS that the fuzzer has for one mistake (20); JOBS (2): how many
# machines there are at a time, each with its part of the mistakes; LIMIT (240): seconds after
# which a check is taken for one that will never end.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"
top=$(readlink -f "$here/../..")
patches=$top/selftests/mutants
work=$top/build/mutants
share=$work/share
FUZZ_SECONDS=${FUZZ_SECONDS:-20} JOBS=${JOBS:-2} LIMIT=${LIMIT:-240}
# Were it empty, it would be an architecture to the kernel's make.
unset ARCH

header()
{
	sed -n "s/^$2: //p;/^---/q" "$patches/$1.patch"
}

module_build()
{
	make -s -C "$kernel/build" M="$work/source" CONFIG_DEBUG_INFO_BTF_MODULES= \
		KCOV_INSTRUMENT=y modules > "$work/build.log" 2>&1 &&
		cp "$work/source/vmwalk.ko" "$share/$1.ko"
}

# Only what the patch touches is compiled again, and once more for the next one.
mutant_build()
{
	local name=$1 file status=0

	file=$(sed -n 's#^+++ b/##p' "$patches/$name.patch")
	if ! patch -s -p 1 -d "$work/source" < "$patches/$name.patch" > "$work/patch.log" 2>&1; then
		failure "$name" "the patch does not apply to $file any more"
		status=1
	elif ! module_build "$name"; then
		failure "$name" "does not compile: $(grep -m 1 error "$work/build.log")"
		status=1
	fi
	cp "$top/$file" "$work/source/$file"
	rm -f "$work/source/$file".{orig,rej}
	return "$status"
}

say()
{
	echo "$1" | tee -a "$work/said"
}

failure()
{
	say "$1: $(header "$1" Bug) -> NOT CAUGHT: $2"
}

# boot QUEUE: a machine for what is pending there.
boot()
{
	printf '%s\n' "${pending[@]}" > "$share/list-$1"
	RUN="exec bash /share/mutants-guest.sh /share/list-$1 $FUZZ_SECONDS $LIMIT" \
		SHARE=$share TERMINAL='' CPU='' LEVELS=4 CMDLINE="pti=on vmwalk.load=0" ACCEL=tcg \
		MEM=3072M TIMEOUT=3600 CONSOLE=$work/console-$1.log "$here/boot.sh" "$out" \
		> "$work/results-$1" 2>/dev/null || true
}

# One mutant's end, or how the machine ended under it.
result_print()
{
	local name=$1 result=$2

	if [ "$name" = none ]; then
		case $result in
		survived) return ;;
		*) say "none: the module as it is -> NOT AS IT SHOULD BE: $result"
		   die "what its tests say of the module as it is says nothing of its mutants" ;;
		esac
	fi
	case $result in
	survived) failure "$name" "survives $(header "$name" Caught-by)" ;;
	*) say "$name: $(header "$name" Bug) -> $result" ;;
	esac
}

console_complaint()
{
	grep -m 1 -aoE '(BUG|WARNING|Oops|kernel BUG|general protection|Kernel panic).*' \
		"$work/console-$1.log" || echo "the machine ended"
}

# results_take QUEUE
results_take()
{
	local line name result current='' check='' done=' '

	while read -r line; do
		read -r _ word name result <<< "$line"
		case $word in
		mutant) current=$name ;;
		check) check=$result ;;
		caught) result_print "$name" "$result"; done="$done$name "; current= ;;
		survived) result_print "$name" survived; done="$done$name "; current= ;;
		# The machine was not fit for this one any more.
		again) current= ;;
		esac
	done < <(grep -a '^#@ ' "$work/results-$1")
	if [ -n "$current" ]; then
		result_print "$current" "$check: kernel: $(console_complaint "$1")"
		done="$done$current "
	fi
	[ "$done" != ' ' ] || die "the guest did not come to anything; see $work/console-$1.log"
	pending_without "$done"
}

pending_without()
{
	local left=() entry

	for entry in "${pending[@]}"; do
		case $1 in
		*" ${entry%% *} "*) ;;
		*) left+=("$entry") ;;
		esac
	done
	pending=("${left[@]}")
}

# queue NR ENTRY...: these mistakes, after their checks have passed without any.
queue()
{
	local nr=$1 checks pending

	shift
	checks=$(printf '%s\n' "$@" | cut -d ' ' -f 2- | tr ' ' '\n' | sort -u)
	checks=$(grep '^leaks' <<< "$checks" || true; grep -v '^leaks' <<< "$checks" || true)
	pending=("none ${checks//$'\n'/ }" "$@")
	while [ ${#pending[@]} -gt 0 ]; do
		boot "$nr"
		results_take "$nr"
	done
	: > "$work/ended-$nr"
}

# Neighbours by name have the same checks, whose time is not spent twice where none is planted.
queues_run()
{
	local nr each=$(((${#pending[@]} + JOBS - 1) / JOBS))

	for ((nr = 0; nr * each < ${#pending[@]}; nr++)); do
		queue "$nr" "${pending[@]:nr * each:each}" &
	done
	wait
	for ((nr = 0; nr * each < ${#pending[@]}; nr++)); do
		[ -e "$work/ended-$nr" ] || return 1
	done
}

"$here/deps.sh" build vm
kernel=$("$here/debug-kernel.sh")
# As debug-test.sh has it, so that neither makes the other build it again.
out=$(MODULE_ARGUMENTS="KCOV_INSTRUMENT=y GCOV_PROFILE=y" "$here/build.sh" "$kernel")
make -s -C "$top/selftests/fuzz" BUILD="$top/build/fuzz" >&2
rm -rf "$work"
mkdir -p "$share/corpus" "$work/source"
: > "$work/said"
cp -r "$top/Kbuild" "$top/module" "$top/uapi" "$work/source"
cp "$top/build/fuzz/fuzz" "$top/build/fuzz/inject" "$here/mutants-guest.sh" "$share"
cat "$top"/selftests/fuzz/corpus/*.hex > "$share/corpus/all.hex" 2>/dev/null || true
module_build none || die "the module does not compile: see $work/build.log"
names=("$@")
[ $# -gt 0 ] || mapfile -t names < <(find "$patches" -name '*.patch' -printf '%f\n' |
	sed 's/\.patch$//' | sort)
trap 'trap - INT TERM HUP; kill 0' INT TERM HUP
pending=()
for name in "${names[@]}"; do
	[ -e "$patches/$name.patch" ] || die "no mutant $name"
done
# kmemleak watches only what is asked of it: before all else in the module as it is, and in
# the mistakes at the end of the list.
leaking=()
for name in "${names[@]}"; do
	mutant_build "$name" || continue
	checks=$(header "$name" Caught-by)
	case $checks in
	leaks*) leaking+=("$name $checks") ;;
	*) pending+=("$name $checks") ;;
	esac
done
pending+=("${leaking[@]}")
queues_run || true
caught=$(grep -v '^none: ' "$work/said" | grep -vc -- '-> NOT CAUGHT: ' || true)
echo "$caught of ${#names[@]} mistakes caught"
[ "$caught" = "${#names[@]}" ]
