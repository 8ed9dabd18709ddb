#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vm.sh: build for KERNEL (6.12) and ARCH (this host's) and boot; see boot.sh for RUN,
# SHARE and the rest of the machine. Only the guest's output goes to stdout. vmwalk
# watch and lessons attach probes, which patch kernel code: so emulated CPUs take turns.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"
. "$here/arch.sh"

arch=$(arch_debian "${ARCH:-$(arch_host)}")
# arch_deps can print nothing: unquoted, that is no argument.
# shellcheck disable=SC2046
"$here/deps.sh" build vm $(arch_deps "$arch")
out=$("$here/build.sh" "${KERNEL:-6.12}" "$arch")
TURNS=${TURNS-1} exec "$here/boot.sh" "$out"
