# SPDX-License-Identifier: GPL-2.0
#
# Views of snapshots, shown where these were recorded, to be shown again on another machine.
# Sourced by test_views.sh there, and by vm/rows.sh here. A directory of them has, beside
# the snapshots and whatever else is read,
#
#	views	what vmwalk is told, one a line, in words without blanks; before them the
#		exit status
#	input	the standard input of each
#	shown	all that they say where they were recorded
#
# shellcheck shell=bash

# views_show DIRECTORY VMWALK: says what they say; whether each ends as it should.
views_show()
(
	export LC_ALL=C.UTF-8 TZ=UTC COLUMNS=100 NO_COLOR=1
	good=0
	cd "$1" && [ -s views ] || return 1
	# Each output apart: in one, what comes first would be a matter of buffers.
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

# views_pack DIRECTORY: as lines that mean nothing to tap.awk; none if it is not there.
views_pack()
{
	[ ! -d "$1" ] || tar -cC "$1" . | gzip | base64 | sed 's/^/#@ views /'
}

# views_unpack DIRECTORY STREAM: whether there are any.
views_unpack()
{
	mkdir -p "$1" && sed -n 's/^#@ views //p' "$2" | base64 -d 2> /dev/null |
		tar --no-same-owner -xzC "$1" 2> /dev/null && [ -s "$1/shown" ]
}
