#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Records snapshots of a process in many states and shows views of them, as text, JSON and
# lines. If VIEWS names a directory, all of it is kept there:
# vm/rows.sh shows it again on another machine and compares. TAP on stdout.
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=selftests/command/script.sh
. "$here/script.sh"
# shellcheck source=selftests/command/views.sh
. "$here/views.sh"
views=${VIEWS:-$scratch/views}

states="untouched zero freed readonly protnone code cow cow-left shared softdirty locked
	long-address file-untouched file-written file-readonly file-shared-read
	file-shared-written file-past-end file-offset file-hostile-name file-unlinked text
	memfd thp huge-zero thp-split thp-cow thp-shmem contiguous hugetlb-contiguous hugetlb
	hugetlb-untouched swapped swapped-shared swap-cache-page swapped-shmem uffd-wp
	uffd-wp-marker uffd-missing uffd-poison guard pkey hwpoison heap stack vdso secret
	hole hole-first hole-last hole-above-stack"

# record NAME [COMMAND…]: COMMAND runs vmwalk, as setpriv does. The process stays stopped.
record()
{
	kill -STOP "$pid"
	run 0 "${@:2}" vmwalk record "$pid" "$views/$1" && ! says 'too busy' > "$scratch/list"
}

# view STATUS WORD…: adds a view to the list, whose format is in views.sh. STATUS is the
# expected exit status.
view()
{
	echo "$*" >> "$views/views"
}

looks()
{
	view 0 "$@"
	view 0 "$@" 0-ffffffffffffffff
	view 0 "$@" -
	view 0 tree "$@"
	view 0 tree "$@" 0-ffffffffffffffff
	view 0 mm "$@"
}

# Views whose text depends on how many addresses there are, or on how an address is
# written.
one_by_one()
{
	local one

	for one in "${at[0]}" "$(address thp)" '[heap]' '[stack]-' demo+0d16 'demo-' \
		   "$(address thp)-+3000" "$(address memfd)"; do
		[ "${one#-}" != "$one" ] || view 0 "$@" "$one"
	done
	view 0 tree "$@" "${at[0]}"
	view 0 tree "$@" '[stack]-'
	view 0 "$@" "${at[@]:0:3}" '[stack]-'
}

list()
{
	local snapshot form

	for snapshot in "$@"; do
		for form in '' --json -q; do
			# $form can be no option at all, so it is unquoted.
			# shellcheck disable=SC2086
			looks --from "$snapshot" $form
		done
	done
	looks --from whole --width 80 --ascii
	looks --from whole -n
	for form in '' --json -q; do
		# $form can be no option at all, so it is unquoted.
		# shellcheck disable=SC2086
		one_by_one --from whole $form
		# shellcheck disable=SC2086
		[ ! -e "$views/after" ] || view 1 diff whole after $form
	done
	view 0 --from whole -o START,ELF,MAPS
	view 0 --from whole -no RANGE,PAGE,SHARED,MAPCOUNT,NODE,ALL,ANY 0-ffffffffffffffff
	# No page is mapped below 0x1000, so PAGE and SHARED have no value.
	view 0 --from whole -no RANGE,PAGE,SHARED,STATE 0-1000
	view 0 --from whole --expect present,anon "$(address readonly)"
	view 1 --from whole --expect '!present' "$(address readonly)"
	view 3 --from whole main
	view 3 --from whole ffffffffffffff00
	view 2 --from whole "$(address readonly)" -o NAME
}

mkdir -p "$views"
: > "$views/views"
# shellcheck disable=SC2086
process_start $states || exit 1
mapfile -t at < <(sed -n 's/^[^ ]* \([0-9a-fx]*\)$/\1/p' "$scratch/labels")
printf '%s\n' '# A list' "${at[@]}" > "$views/input"
sed -n 's/^[^ ]* - /# &/p' "$scratch/labels"
[ ${#at[@]} -ge 30 ]
result $? "a process is in thirty states or more"
snapshots=whole
record whole
result $? "a snapshot of it is whole"
if [ "$(id -u)" = 0 ]; then
	record hidden setpriv --bounding-set=-sys_admin
	result $? "so is one without what needs authority"
	snapshots="$snapshots hidden"
fi
kill -CONT "$pid"
kill -USR1 "$pid"
until grep -qs ^written "$scratch/labels"; do
	sleep 0.05
done
record after
result $? "so is one after it has written"
# shellcheck disable=SC2086
list $snapshots
views_show "$views" vmwalk > "$views/shown"
good=$?
awk '/^\$ / { command = $0 }
	/^\(exit status / && $3 + 0 != $5 + 0 { print "# " command " " $0 }' "$views/shown"
result $good "all views of them can be shown"

finished
