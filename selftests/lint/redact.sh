#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# redact.sh [TOP]: print each field of uapi/linux without a tag, each field shown to all
# callers (tag "any") that is a structure with a field that is not, and a message if
# module/redact_table.h is not what the tags give.
set -eu
here=$(dirname "$(readlink -f "$0")")
cd "${1:-$here/../..}"
table=$(mktemp)
trap 'rm -f "$table"' EXIT

{ awk -f "$here/redact_table.awk" uapi/linux/vmwalk.h uapi/linux/vmwalk_netlink.h > "$table"; } 2>&1
cmp -s "$table" module/redact_table.h ||
	echo 'module/redact_table.h: not what the tags of uapi/linux give: "make redact-table"'
