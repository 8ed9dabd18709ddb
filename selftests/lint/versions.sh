#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# versions.sh [TOP]: print tests of the kernel's version or of its features outside of
# compat/.
set -eu
cd "${1:-$(dirname "$(readlink -f "$0")")/../..}"
grep -rnE 'LINUX_VERSION_CODE|KERNEL_VERSION[[:space:]]*\(|\<VMWALK_HAVE_' --include='*.[ch]' \
	--exclude-dir=compat module tools |
	sed 's/$/  -- only compat\/ may ask this/' || true
