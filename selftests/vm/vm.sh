#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vm.sh: builds for KERNEL (6.12) and ARCH (this host's) and boots; see boot.sh for RUN,
# SHARE and the rest of the machine. Nothing but the guest's output goes to stdout. Who tries
# vmwalk watch, or lessons, has probes come and go: the processors take turns.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"
. "$here/arch.sh"

arch=$(arch_debian "${ARCH:-$(arch_host)}")
# shellcheck disable=SC2046
"$here/deps.sh" build vm $(arch_deps "$arch")
out=$("$here/build.sh" "${KERNEL:-6.12}" "$arch")
TURNS=${TURNS-1} exec "$here/boot.sh" "$out"
