#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# coccinelle.sh DIRECTORY RULE: RULE is a file of the kernel; its line "// Options:" has
# options for spatch.
set -eu
directory=$1
rule=$2
options=$(sed -n 's#^// *Options: *##p' "$rule" | head -n 1)
# Several options: split them into words.
# shellcheck disable=SC2086
spatch -D report --no-show-diff --very-quiet $options --cocci-file "$rule" --dir "$directory" 2>&1 |
	grep -vE '^(warning: (rule|line)|Note: processing|$)' || true
