#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Build KVM's modules of another tree for the kernel that build.sh has built of KVER, and no kernel.
#
#   modules.sh KVER TREE OUT MODULES
#
# builds in the folder OUT and installs into MODULES. TREE is the same kernel but for its KVM: the
# unchanged one, or one with a mistake made on purpose. VARIANT=, if set, is build.sh's.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 4 ] || die "usage: modules.sh KVER TREE OUT MODULES"
kver=$1
tree=$2
out=$3
modules=$4
kernel=$cache/v$kver/${VARIANT:+$VARIANT-}build
[ -f "$kernel/vmlinux.o" ] || die "there is no kernel in $kernel:" \
	"run tools/lab/kernel/build.sh $kver"
[ -f "$tree/Kbuild" ] || die "$tree is not a kernel source tree"

mkdir -p "$out"
"$top/tools/lab/kernel/config.sh" "$tree" "$out"
link_kernel "$kernel" "$out"
set -- make --no-print-directory -C "$tree" O="$out" ARCH=x86_64 LOCALVERSION= -j"$(nproc)"
limit 1800 "$@" modules
limit 300 "$@" INSTALL_MOD_PATH="$modules" INSTALL_MOD_STRIP=1 modules_install
