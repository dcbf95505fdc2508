#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Build the lab's kernel and KVM's modules, beside the source tree.
#
#   build.sh KVER [TREE]
#
# builds the patched tree (or TREE) into the cache's v$KVER/build and installs the modules into
# v$KVER/modules. VARIANT=stock builds the unchanged kernel into v$KVER/stock-build and
# stock-modules; VARIANT=kasan and VARIANT=kcsan build the patched one with what kasan.config
# or kcsan.config adds. A second run builds what changed.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || [ $# -eq 2 ] || die "usage: build.sh KVER [TREE]"
kver=$1
check_kernel "$kver"
variant=${VARIANT:-}
name=${variant:+$variant-}
fragments=$top/tools/lab/kernel/kernel.config
case $variant in
kasan | kcsan) fragments="$fragments $top/tools/lab/kernel/$variant.config" ;;
esac
if [ $# -eq 2 ]; then
	tree=$2
elif [ "$variant" = stock ]; then
	tree=$("$top/tools/lab/kernel/source.sh" "$kver")
	[ -z "${KSRC:-}" ] || check_clean "$KSRC"
	case $tree in
	*[[:space:]:]*) die "$tree: a kernel does not build in a path with a space or a colon" ;;
	esac
else
	tree=$("$top/tools/lab/series/tree.sh" "$kver")
fi
[ -f "$tree/Kbuild" ] || die "$tree is not a kernel source tree"
for tool in gcc make flex bison bc lz4; do
	need "$tool" "$tool"
done
need depmod kmod

out=$cache/v$kver/${name}build
modules=$cache/v$kver/${name}modules
mkdir -p "$cache/v$kver"
lock "$out.lock"
# Another kernel at the same path may be older than what was built from the last one, which make
# would take for up to date.
make_from "$out.source" "$(cat "$tree.source" 2>/dev/null || echo "$tree")" rm -rf "$out"
mkdir -p "$out"
[ -f "$out/vmlinux" ] || room 1000 "building Linux $kver"

steps 4
step "$kver-${name}config" 300 "configuring Linux $kver" \
	"$top/tools/lab/kernel/config.sh" "$tree" "$out"
# shellcheck disable=SC2086 # lists of words
absent=$(cat $fragments | sed -n 's/^# optional: \(CONFIG_[A-Z0-9_]*\)$/\1/p' |
	cat - "$out/.config" |
	awk '
		NR == FNR { set[$0] = 1; next }
		/^CONFIG_/ && !($0 in set) {
			split($0, option, "=")
			if (!(option[1] in set))
				printf " %s", $0
		}
	' - $fragments)
[ -z "$absent" ] || die "Linux $kver cannot have$absent: see $fragments"

# For run.sh: the series that is in this kernel. Gone while it is being built.
rm -f "$out/.series"

# An empty LOCALVERSION keeps a git repository around the tree from changing the version.
set -- make --no-print-directory -C "$tree" O="$out" ARCH=x86_64 LOCALVERSION= -j"$(nproc)"
# KCSAN watches what the modules do: faster than all of the kernel, and the races of the rest are
# none of ours. A value of the modules' that something else changes is still a race that it reports.
watch=
[ "$variant" != kcsan ] || watch=KCSAN_SANITIZE=n
step "$kver-${name}kernel" 7200 "building Linux $kver" "$@" bzImage $watch
step "$kver-${name}modules" 1800 "building KVM's modules" "$@" modules
step "$kver-${name}install" 300 "installing them" \
	"$@" INSTALL_MOD_PATH="$modules" INSTALL_MOD_STRIP=1 modules_install
[ "$variant" = stock ] || [ ! -f "$top/build/series/v$kver.inputs" ] ||
	cp "$top/build/series/v$kver.inputs" "$out/.series"
