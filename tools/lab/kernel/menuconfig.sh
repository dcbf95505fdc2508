#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# menuconfig.sh KVER: choose the options of the series (the file Kconfig) for the lab's kernels,
# with the kernel's own menu.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || die "usage: menuconfig.sh KVER"
check_kernel "$1"
tty >/dev/null || die "a menu needs a terminal"
tree=$("$top/tools/lab/series/tree.sh" "$1")
options=$top/build/series.config
mkdir -p "$top/build" "$cache/v$1/menuconfig"
[ -f "$options" ] || cp "$top/tools/lab/kernel/series.config" "$options"

exec make -s -C "$tree" O="$cache/v$1/menuconfig" ARCH=x86_64 KBUILD_KCONFIG="$top/Kconfig" \
	KCONFIG_CONFIG="$options" menuconfig
