#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# guest-tests.sh DIRECTORY [GLOB...]: run the programs listed in DIRECTORY/TESTS (or in
# the file LIST), one per line with its arguments. Lines that begin with "#@" mark in
# the output where each begins, how it ended and after how many seconds; tap.awk reads
# them. With GLOBs only matching names run; a GLOB after a "!" excludes names.
directory=$1
shift

# selected NAME [GLOB...]: exclusions win. If all globs are exclusions, every other name
# is selected.
selected()
{
	name=$1
	chosen=1
	shift
	for glob in "$@"; do
		case $glob in
		!*) ;;
		*) chosen=
		   break ;;
		esac
	done
	for glob in "$@"; do
		# Unquoted, since it is a pattern.
		# shellcheck disable=SC2254
		case $glob in
		!*) case $name in
		    ${glob#!}) return 1 ;;
		    esac ;;
		*) case $name in
		   $glob) chosen=1 ;;
		   esac ;;
		esac
	done
	[ -n "$chosen" ]
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
	began=$(date +%s)
	# Several arguments: split them into words.
	# shellcheck disable=SC2086
	{
		"./$name" $arguments 2> "$scratch/stderr" < /dev/null 3<&-
		echo $? > "$scratch/status"
	} | cat
	# A program that is killed can leave half a line behind.
	echo
	sed 's/^/#! /' "$scratch/stderr"
	echo "#@ end $(cat "$scratch/status") $(($(date +%s) - began))"
done 3< "${LIST:-TESTS}"
rm -rf "$scratch"
echo "#@ finished"
