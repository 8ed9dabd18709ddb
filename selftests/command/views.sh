# SPDX-License-Identifier: GPL-2.0
#
# Shows views of snapshots in the guest that recorded them (test_views.sh) and again on
# the host (vm/rows.sh), to compare the two. Beside the snapshots the directory holds
#
#	views	one command line each: the expected exit status, then words without blanks
#	input	standard input of each command
#	shown	the output in the guest
#
# shellcheck shell=bash

# views_show DIRECTORY VMWALK: fails if an exit status is not as expected, after all
# views.
views_show()
(
	export LC_ALL=C.UTF-8 TZ=UTC COLUMNS=100 NO_COLOR=1
	good=0
	cd "$1" && [ -s views ] || return 1
	# Separate files: in one, the order of stdout and stderr would depend on
	# buffering.
	while read -ra words <&3; do
		status=0
		"$2" "${words[@]:1}" < input > out 2> err || status=$?
		printf '$ vmwalk %s\n' "${words[*]:1}"
		cat out err
		[ "$status" = "${words[0]}" ] || good=1
		printf '(exit status %s, expected %s)\n' "$status" "${words[0]}"
	done 3< views
	rm -f out err
	return $good
)

# views_pack DIRECTORY: prints lines that tap.awk ignores and views_unpack reads; nothing
# if test_views.sh did not run, and has not made DIRECTORY.
views_pack()
{
	[ ! -d "$1" ] || tar -cC "$1" . | gzip | base64 | sed 's/^/#@ views /'
}

# views_unpack DIRECTORY STREAM: fails if the stream has no views, or not all of them.
views_unpack()
{
	mkdir -p "$1" && sed -n 's/^#@ views //p' "$2" | base64 -d 2> /dev/null |
		tar --no-same-owner -xzC "$1" 2> /dev/null && [ -s "$1/shown" ]
}
