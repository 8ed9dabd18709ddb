#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# guest-tests.sh DIRECTORY [GLOB...]: runs the programs that DIRECTORY/TESTS (or LIST in
# place of TESTS) lists, one a line with its arguments, and marks in the stream where each begins and how it
# ended, for tap.awk. With GLOBs only those whose name one of them matches.
directory=$1
shift

selected()
{
	[ $# -gt 1 ] || return 0
	name=$1
	shift
	for glob in "$@"; do
		# shellcheck disable=SC2254
		case $name in
		$glob) return 0 ;;
		esac
	done
	return 1
}

cd "$directory" || exit 1
scratch=$(mktemp -d) || exit 1
set -f
while read -r name arguments <&3; do
	case $name in
	''|'#'*) continue ;;
	esac
	selected "$name" "$@" || continue
	echo "#@ begin $name${arguments:+ $arguments}"
	# shellcheck disable=SC2086
	{
		"./$name" $arguments 2> "$scratch/stderr" < /dev/null 3<&-
		echo $? > "$scratch/status"
	} | cat
	# A program that dies can leave half a line behind.
	echo
	sed 's/^/#! /' "$scratch/stderr"
	echo "#@ end $(cat "$scratch/status")"
done 3< "${LIST:-TESTS}"
rm -rf "$scratch"
echo "#@ finished"
