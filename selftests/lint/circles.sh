#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# circles.sh OBJECT...: print source files that use each other's symbols in a circle, as
# their objects show, without the uses that circles.list names. A helper in the wrong
# file makes a circle, and then none of its files can be tested or moved alone.
set -eu
here=$(dirname "$(readlink -f "$0")")

# Lines "USER DEFINER": objects by the path that the caller gave, as in circles.list,
# without ".o"
nm -A -g "$@" 2>/dev/null | awk '
{
	object = $0
	sub(/:.*/, "", object)
	sub(/\.o$/, "", object)
	if ($(NF - 1) == "U")
		user[++users] = object SUBSEP $NF
	else if (!($NF in definer))
		definer[$NF] = object
}
END {
	for (i = 1; i <= users; i++) {
		split(user[i], part, SUBSEP)
		if (part[2] in definer && definer[part[2]] != part[1])
			print part[1], definer[part[2]]
	}
}' | sort -u | grep -vxFf <(sed 's/[[:space:]]*#.*//; /^$/d' "$here/circles.list") |
	tsort 2>&1 >/dev/null | sed 's/^tsort: /files in a circle: /; s/: -: input contains a loop:/:/'
