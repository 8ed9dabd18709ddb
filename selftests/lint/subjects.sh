#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# subjects.sh [REPOSITORY [RANGE]]: print commits whose subject is not "area: imperative"
# in fewer than 65 characters. Without RANGE check only commits after the one that added
# this script. Merges, and a tree without history, are not checked.
set -eu
cd "${1:-$(dirname "$(readlink -f "$0")")/../..}"
range=${2:-}
git rev-parse --git-dir >/dev/null 2>&1 || exit 0
if [ -z "$range" ]; then
	first=$(git log --diff-filter=A --format=%H -- selftests/lint/subjects.sh | tail -n 1)
	[ -n "$first" ] || exit 0
	range=$first..HEAD
fi
git log --no-merges --format='%h %s' "$range" | while read -r hash subject; do
	if [ ${#subject} -ge 65 ]; then
		echo "$hash $subject  -- ${#subject} characters"
	elif ! [[ $subject =~ ^[a-z0-9][a-z0-9/_.-]*(,\ [a-z0-9][a-z0-9/_.-]*)*:\ [^\ ] ]]; then
		echo "$hash $subject  -- not \"area: what it does\""
	fi
done
