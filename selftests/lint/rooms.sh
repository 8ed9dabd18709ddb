#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# rooms.sh [TOP]: print the quoted includes in the tree at TOP that rooms.list does not
# allow, and headers that include each other in a circle.
set -eu
here=$(dirname "$(readlink -f "$0")")
cd "${1:-$here/../..}"
pairs=$(mktemp)
trap 'rm -f "$pairs"' EXIT

find module tools selftests bench -name '*.[ch]' ! -name '*.mod.c' 2>/dev/null | sort |
	xargs awk -v PAIRS="$pairs" -f "$here/rooms.awk" "$here/rooms.list"
tsort "$pairs" 2>&1 >/dev/null | sed 's/^tsort: /headers in a circle: /'
