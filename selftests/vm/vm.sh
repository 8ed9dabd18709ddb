#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vm.sh: builds for KERNEL (6.12) and ARCH (x86_64) and boots; see boot.sh for RUN,
# SHARE and the rest of the machine. Nothing but the guest's output goes to stdout.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"

case ${ARCH:-x86_64} in
x86_64|amd64) arch=amd64 ;;
*) die "ARCH: the VM has only x86_64 so far, not \"$ARCH\"" ;;
esac
"$here/deps.sh" build vm
out=$("$here/build.sh" "${KERNEL:-6.12}" "$arch")
exec "$here/boot.sh" "$out"
