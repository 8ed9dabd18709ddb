#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# mutants.sh [NAME...]: apply each patch of selftests/mutants, a deliberate bug, to a
# copy of the module, one at a time, and test that a check catches it. Prints "NAME: bug
# -> check that caught it". A mutant that no check catches is a failure, and so is a
# patch that does not apply. A patch begins with
#
#	Bug: the bug in words
#	Caught-by: CHECK...	(tried in this order)
#
# A CHECK is a program of selftests, or fuzz, fuzz-member (the unprivileged fuzzer),
# inject, leaks (kmemleak after test_attach), leaks-PROGRAM. Up to PART mutants (14)
# share a machine, sorted by their checks. Each machine first runs the checks on
# the unchanged module, under the name "none": they must pass, and this measures how
# long they take. Environment: FUZZ_SECONDS for the fuzzer on each mutant (90); JOBS,
# machines at a time (2); LIMIT, seconds until a check of the unchanged module counts as
# hanging (900).
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"
top=$(readlink -f "$here/../..")
patches=$top/selftests/mutants
work=$top/build/mutants
FUZZ_SECONDS=${FUZZ_SECONDS:-90} JOBS=${JOBS:-2} PART=${PART:-14} LIMIT=${LIMIT:-900}
# The kernel's make would take our ARCH= for its own.
unset ARCH

header()
{
	sed -n "s/^$2: //p;/^---/q" "$patches/$1.patch"
}

# Group mutants by what their checks need: kmemleak, which is slow, a machine that nobody
# uses after them, or two CPUs. All others are much faster with one.
kind()
{
	case " $(header "$1" Caught-by) " in
	*' leaks'*) echo leaks ;;
	*test_lockdown*) echo lockdown ;;
	*' fuzz'*|*test_attach*|*test_migration*|*test_races*|*test_scan_reuse*|*test_agreement*|*test_lifecycle*) echo two ;;
	*test_watch_lost*) echo two ;;
	*) echo one ;;
	esac
}

# Sort by the checks: mutants with the same checks then share a machine, as far as it has
# room, and its run of them on the unchanged module.
names_of()
{
	local name kind=$1

	shift
	for name in "$@"; do
		[ "$(kind "$name")" != "$kind" ] || echo "$(header "$name" Caught-by):$name"
	done | sort | sed 's/.*://'
}

# Functions from here to machine() run inside it and see its local variables $dir, $kind
# and $pending.

files_make()
{
	mkdir -p "$dir/share/corpus" "$dir/source"
	cp -r "$top/Kbuild" "$top/module" "$top/uapi" "$dir/source"
	cp "$top/build/fuzz/fuzz" "$top/build/fuzz/inject" "$here/mutants-guest.sh" "$dir/share"
	cat "$top"/selftests/fuzz/corpus/*.hex > "$dir/share/corpus/all.hex" 2>/dev/null || true
	: > "$dir/share/limits"
}

module_build()
{
	make -s -C "$kernel/build" M="$dir/source" CONFIG_DEBUG_INFO_BTF_MODULES= \
		KCOV_INSTRUMENT=y modules > "$dir/build.log" 2>&1 &&
		cp "$dir/source/vmwalk.ko" "$dir/share/$1.ko"
}

# Restore only the changed files: the next build compiles what uses them, and what the next
# mutant changes.
mutant_build()
{
	local name=$1 file status=0
	local -a files

	mapfile -t files < <(sed -n 's#^+++ b/##p' "$patches/$name.patch")
	if ! patch -s -p 1 -d "$dir/source" < "$patches/$name.patch" > "$dir/patch.log" 2>&1; then
		failure "$name" "the patch does not apply to ${files[*]} any more"
		status=1
	elif ! module_build "$name"; then
		failure "$name" "does not compile: $(grep -m 1 error "$dir/build.log")"
		status=1
	fi
	for file in "${files[@]}"; do
		cp "$top/$file" "$dir/source/$file"
		rm -f "$dir/source/$file".{orig,rej}
	done
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

boot()
{
	local smp=2 words=''

	case $kind in
	two|lockdown) words=kmemleak=off ;;
	one) words=kmemleak=off smp=1 ;;
	esac
	printf '%s\n' "${pending[@]}" > "$dir/share/list"
	RUN="exec bash /share/mutants-guest.sh $FUZZ_SECONDS $LIMIT" \
		SHARE=$dir/share TERMINAL='' CPU='' LEVELS=4 SMP=$smp \
		CMDLINE="pti=on vmwalk.load=0 $words" ACCEL=tcg MEM=3072M TIMEOUT=3600 \
		CONSOLE=$dir/console.log "$here/boot.sh" "$out" > "$dir/results" 2>/dev/null || true
}

# "none" is the unchanged module: if a check fails on it, results of mutants mean nothing.
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
		"$dir/console.log" || echo "the machine ended"
}

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
		limit) echo "$name $result" >> "$dir/share/limits" ;;
		# The machine was no longer usable for this mutant, which stays pending.
		again) current= ;;
		esac
	done < <(grep -a '^#@ ' "$dir/results")
	if [ -n "$current" ]; then
		result_print "$current" "$check: kernel: $(console_complaint)"
		done="$done$current "
	fi
	[ "$done" != ' ' ] || die "the guest did not come to anything; see $dir/console.log"
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

# machine NR KIND NAME...: test mutants, once their checks passed on the unchanged module.
machine()
{
	local dir=$work/$1 kind=$2 checks pending=() name

	shift 2
	files_make
	module_build none || die "the module does not compile: see $dir/build.log"
	for name in "$@"; do
		mutant_build "$name" || continue
		pending+=("$name $(header "$name" Caught-by)")
	done
	checks=$(printf '%s\n' "${pending[@]}" | cut -d ' ' -f 2- | tr ' ' '\n' | sort -u)
	[ ${#pending[@]} = 0 ] || pending=("none ${checks//$'\n'/ }" "${pending[@]}")
	while [ ${#pending[@]} -gt 0 ]; do
		boot
		results_take
	done
	: > "$dir/ended"
}

# A die in machine() ends only its subshell, which then leaves no file "ended".
machines_run()
{
	local nr=0 kind names each i

	for kind in leaks lockdown two one; do
		mapfile -t names < <(names_of $kind "$@")
		each=$(((${#names[@]} + PART - 1) / PART))
		[ "$each" = 0 ] || each=$(((${#names[@]} + each - 1) / each))
		for ((i = 0; i < ${#names[@]}; i += each)); do
			while [ "$(jobs -rp | wc -l)" -ge "$JOBS" ]; do
				wait -n || true
			done
			nr=$((nr + 1))
			machine $nr $kind "${names[@]:i:each}" &
		done
	done
	wait
	for ((i = 1; i <= nr; i++)); do
		[ -e "$work/$i/ended" ] || return 1
	done
}

"$here/deps.sh" build vm
kernel=$("$here/debug-kernel.sh")
# Same arguments as in debug-test.sh, so that neither rebuilds for the other.
out=$(MODULE_ARGUMENTS="KCOV_INSTRUMENT=y GCOV_PROFILE=y" "$here/build.sh" "$kernel")
make -s -C "$top/selftests/fuzz" BUILD="$top/build/fuzz" >&2
rm -rf "$work"
mkdir -p "$work"
: > "$work/said"
names=("$@")
[ $# -gt 0 ] || mapfile -t names < <(find "$patches" -name '*.patch' -printf '%f\n' |
	sed 's/\.patch$//' | sort)
trap 'trap - INT TERM HUP; kill 0' INT TERM HUP
for name in "${names[@]}"; do
	[ -e "$patches/$name.patch" ] || die "no mutant $name"
done
machines_run "${names[@]}" || true
caught=$(grep -v '^none: ' "$work/said" | grep -vc -- '-> NOT CAUGHT: ' || true)
echo "$caught of ${#names[@]} mistakes caught"
[ "$caught" = "${#names[@]}" ]
