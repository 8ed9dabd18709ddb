#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# coccinelle.sh DIRECTORY RULE: a rule of the kernel names options of spatch in its header.
set -eu
directory=$1
rule=$2
options=$(sed -n 's#^// *Options: *##p' "$rule" | head -n 1)
# shellcheck disable=SC2086
spatch -D report --no-show-diff --very-quiet $options --cocci-file "$rule" --dir "$directory" 2>&1 |
	grep -vE '^(warning: (rule|line)|Note: processing|$)' || true
