#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Configure a kernel tree for the lab.
#
#   config.sh TREE OUT
#
# leaves in OUT/.config what kernel.config and the file of VARIANT= ask for. An OUT/.config that is
# the same already keeps its time, so that nothing is built again for it.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 2 ] || die "usage: config.sh TREE OUT"
tree=$1
[ -f "$tree/Kbuild" ] || die "$tree is not a kernel source tree"
out=$2

# What 'make menuconfig' chose, or else the default.
options=$top/build/series.config
[ -f "$options" ] || options=$top/tools/lab/kernel/series.config

case ${VARIANT:-stock} in
stock) variant=/dev/null ;;
*) variant=$top/tools/lab/kernel/$VARIANT.config ;;
esac

# Objtool of older kernels takes a file without symbols for an error, and today's assembler makes
# such files. Frame pointers need no objtool.
unwinder=
! grep -qs 'WARN("missing symbol table")' "$tree/tools/objtool/elf.c" ||
	unwinder=CONFIG_UNWINDER_FRAME_POINTER=y

mkdir -p "$out"
# What the options depend on is in the menu's file, too, but kernel.config decides on it.
{
	echo "$unwinder"
	grep '^CONFIG_KVM_SHARED_MSRS_' "$options"
} | cat "$top/tools/lab/kernel/kernel.config" "$variant" - >"$out/.config.wanted"
make -C "$tree" O="$out" ARCH=x86_64 LOCALVERSION= KCONFIG_CONFIG="$out/.config.new" \
	KCONFIG_ALLCONFIG="$out/.config.wanted" allnoconfig
if cmp -s "$out/.config.new" "$out/.config"; then
	rm "$out/.config.new"
else
	mv "$out/.config.new" "$out/.config"
fi
