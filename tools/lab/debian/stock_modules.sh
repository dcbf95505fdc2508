#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Build KVM's modules with the series for one of Debian's own kernels.
#
#   stock_modules.sh KREL
#
# leaves kvm.ko, kvm-intel.ko and kvm-amd.ko, stripped as Debian's are, in build/modules/KREL, once
# they are known to fit that kernel. KREL and KSRC= are stock.sh's.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || die "usage: stock_modules.sh KREL"
krel=$1
need gcc gcc
need strip binutils
need modprobe kmod

stock=$("$top/tools/lab/debian/stock.sh" "$krel")
headers=$stock/system/usr/src/linux-headers-$krel
theirs=$stock/system/lib/modules/$krel
tree=$top/build/stock-kvm/$krel
out=$top/build/modules/$krel

# The compiler that built the kernel, where this system has it.
cc=$(sed -n 's/^CONFIG_CC_VERSION_TEXT="\([^ ]*\) .*/\1/p' "$headers/.config" |
	sed 's/^x86_64-linux-gnu-//')
command -v "$cc" >/dev/null || cc=gcc

steps 2
step "modules-$krel-source" 600 "patching KVM of Debian's $krel" \
	"$top/tools/lab/debian/stock_kvm.sh" "$krel" "$tree"
step "modules-$krel" 1800 "building its modules" \
	make -C "$headers" M="$tree/arch/x86/kvm" CC="$cc" -j"$(nproc)" modules
log=$logs/modules-$krel.log
! grep -q 'WARNING: modpost\|undefined!' "$log" ||
	die "modpost says: $(grep 'WARNING: modpost\|undefined!' "$log" | head -n 1); log: $log"

symvers=$tree/arch/x86/kvm/Module.symvers
rm -rf "$out" "$out.crcs" "$out.new"
mkdir -p "$out.new" "$out.crcs"
install="install linux-headers-$krel=$(cat "$stock/version")"

# wanted FILE: what a module wants of others, a "SYMBOL CRC" a line
wanted()
{
	modprobe --dump-modversions "$1" | awk '{ print $2, $1 }' | sort
}

# disagree A B: symbols that both know, of different shape
disagree()
{
	join "$1" "$2" | awk '$2 != $3 { print $1 }'
}

awk '{ print $2, $1 }' "$symvers" | sort >"$out.crcs/exports"
for module in kvm kvm-intel kvm-amd; do
	file=$out.new/$module.ko
	strip --strip-debug -o "$file" "$tree/arch/x86/kvm/$module.ko"
	original=$(find "$theirs/kernel/arch/x86/kvm" -name "$module.ko*")
	[ "$original" ] || die "the kernel $krel has no module $module: there is nothing to replace"
	magic=$(modinfo -F vermagic "$original")
	[ "$(modinfo -F vermagic "$file")" = "$magic" ] ||
		die "$file is for '$(modinfo -F vermagic "$file")', not for '$magic': $install"
	# What KVM's modules want of each other is the series' own business.
	wanted "$original" >"$out.crcs/theirs"
	wanted "$file" >"$out.crcs/ours"
	other=$(disagree "$out.crcs/theirs" "$out.crcs/ours" | join -v 1 - "$out.crcs/exports" |
		head -n 1)
	[ -z "$other" ] || die "$file and the kernel $krel differ in the symbol $other:" \
		"$install"
done
mv "$out.new" "$out"

say "KVM's modules for Linux $krel:"
for module in kvm kvm-intel kvm-amd; do
	say "  $out/$module.ko"
done
# i915's kvmgt, in Debian's plain kernels
sed -n 's,^\(kernel/.*\): .*arch/x86/kvm/kvm\.ko.*,\1,p' "$theirs/modules.dep" |
	grep -v '/kvm-\(intel\|amd\)\.ko' | while read -r file; do
	wanted "$theirs/$file" >"$out.crcs/theirs"
	[ -z "$(disagree "$out.crcs/theirs" "$out.crcs/exports")" ] ||
		say "  The kernel's $(basename "$file") does not load beside them:" \
			"it needs the KVM it was built with."
done
rm -r "$out.crcs"
