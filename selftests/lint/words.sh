#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# words.sh [TOP]: print each name in uapi/linux that ends in _MAX, which a program would be
# built with and which the next version changes; and each line of a last_words.h that does
# not name the last word of its enum.
set -eu
here=$(dirname "$(readlink -f "$0")")
cd "${1:-$here/../..}"
[ -d uapi/linux ] || exit 0

grep -nE '^[^*]*\<VMWALK_[A-Z0-9_]*_MAX\>' uapi/linux/*.h |
	sed 's/$/  -- a count is not part of the ABI: last_words.h of those who need it/' || true
headers=(uapi/linux/*.h)
find module tools -name last_words.h -exec awk -f "$here/words.awk" "${headers[@]}" {} +
