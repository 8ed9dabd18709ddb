#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# demo.sh: shows the command on real processes: this shell, and one that holds memory in
# every common state. Runs in the guest of "make demo", or wherever the module is
# loaded. DEMO is the program that makes the states. Fails if a screen cannot be shown
# or disagrees with /proc, or if this machine cannot make a state.
demo=${DEMO:-/selftests/demo}
failed=0
screens=0
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

# show HEADING PID ADDRESS: counts as failed if vmwalk fails, or does not say that /proc
# agrees.
show()
{
	local heading=$1 pid=$2 address=$3 width status

	width=${#heading}
	printf '\n%s\n%*s\n\n' "$heading" "$width" '' | sed '3s/ /-/g'
	echo "\$ vmwalk $pid '$address'"
	vmwalk "$pid" "$address" > "$scratch/screen"
	status=$?
	cat "$scratch/screen"
	screens=$((screens + 1))
	if [ $status != 0 ]; then
		echo "demo: vmwalk ended with $status" >&2
		failed=$((failed + 1))
	elif ! grep -q '^ *checked .*ok' "$scratch/screen" ||
	     grep '^ *checked ' "$scratch/screen" | grep -q mismatch; then
		echo "demo: vmwalk and /proc do not agree" >&2
		failed=$((failed + 1))
	fi
}

address_of()
{
	sed -n "s/^$1 //p" "$scratch/labels"
}

# show_label LABEL HEADING: a state that this machine cannot make counts as failed.
show_label()
{
	local address

	address=$(address_of "$1")
	case $address in
	0x*) show "$2" "$pid" "$address" ;;
	*)
		printf '\n%s\nnot on this machine: %s\n' "$2" "${address#- }" >&2
		failed=$((failed + 1))
		;;
	esac
}

# wait_for WORD: ends the script if the demo process exits, or takes 30 s, before it
# prints WORD.
wait_for()
{
	local tries=600

	until grep -q "^$1" "$scratch/labels"; do
		tries=$((tries - 1))
		if [ $tries = 0 ] || ! kill -0 "$pid" 2> /dev/null; then
			echo "demo: the demo process never said \"$1\"" >&2
			exit 1
		fi
		sleep 0.05
	done
}

page=$(($(awk '/^KernelPageSize:/ { print $2; exit }' /proc/self/smaps) * 1024))
stack_top=$(sed -n 's/^[0-9a-f]*-\([0-9a-f]*\) .*\[stack\]$/\1/p' /proc/$$/maps)
stack_low=$(sed -n 's/^\([0-9a-f]*\)-.*\[stack\]$/\1/p' /proc/$$/maps)
show "This shell's own stack, its last page" $$ \
	"[stack]+$(printf '0x%x' $((0x$stack_top - 0x$stack_low - page)))"
text=$(sed -n 's/^\([0-9a-f]*\)-[0-9a-f]* r-xp .*/0x\1/p' /proc/$$/maps | head -n 1)
show "This shell's own code" $$ "$text"

"$demo" > "$scratch/labels" &
pid=$!
wait_for ready
show_label untouched "Memory that was never touched"
show_label zero "Memory that was only read: the zero page"
show_label written "Memory that was written: a frame of its own"
show_label cow "Shared copy-on-write with a child, before the write"
kill -USR1 $pid
wait_for written$
show_label cow "The same page after the write: its own copy"
show_label file-read "A page of a private file mapping"
show_label file-shared-written "A page of a shared file mapping, written"
show_label thp "A transparent huge page"
show_label hugetlb "A hugetlb page as large"
show_label hugetlb-1g "A hugetlb page of 1 GiB"
show_label swapped "Memory that is in swap"
show_label protnone "Memory made inaccessible (PROT_NONE)"
show_label hole "A hole between two mappings"
kill $pid
wait $pid

printf '\n%s screens, %s of them failed\n' "$screens" "$failed"
[ $failed = 0 ]
