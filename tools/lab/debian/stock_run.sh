#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run tests in a PC that boots one of Debian's own kernels.
#
#   stock_run.sh KREL vmx|svm CPUS NAME ROOT COMMANDS [FILE...]
#
# The kernel is stock.sh's. The PC gets the modules that modprobe would load in a system at
# ROOT. COMMANDS and FILE are initramfs.sh's, the results are boot.sh's. The kernel gets
# mitigations=off. The emulated CPUs have the flaws that Debian's kernels mitigate, but no microcode
# that makes this cheap: without the option kernel_gs_base_test does not end on Bochs, with the
# kernel's own KVM as well.

. "$(dirname "$0")/../lib.sh"

[ $# -ge 6 ] || die "usage: stock_run.sh KREL vmx|svm CPUS NAME ROOT COMMANDS [FILE...]"
krel=$1
machine=$2
cpus=$3
name=$4
root=$5
commands=$6
shift 6
need modprobe kmod

stock=$("$top/tools/lab/debian/stock.sh" "$krel")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -r "$root/lib/modules/$krel/modules.dep" ] || die "$root holds no modules of the kernel $krel"
for module in kvm_intel kvm_amd msr; do
	modprobe -d "$root" -S "$krel" --show-depends "$module" ||
		die "modprobe does not find $module of the kernel $krel in $root"
done | sed -n "s,^insmod .*/\(lib/modules/$krel/[^ ]*\).*,\1,p" | sort -u >"$work/files"
while read -r file; do
	to=$work/modules/${file%.xz}
	mkdir -p "$(dirname "$to")"
	case $file in
	*.xz) xz -dc "$root/$file" >"$to" ;;
	*) cp "$root/$file" "$to" ;;
	esac
done <"$work/files"
cp "$root/lib/modules/$krel"/modules.builtin* "$root/lib/modules/$krel/modules.order" \
	"$work/modules/lib/modules/$krel/"
depmod -b "$work/modules" "$krel"

limit=$(awk '/^[ \t]*(#|$)/ { next } { sum += $2 } END { print 300 + 2 * sum }' "$commands")
"$top/tools/lab/machine/run.sh" --kernel "$stock/system/boot/vmlinuz-$krel" \
	--modules "$work/modules" --append mitigations=off --limit "$limit" \
	"$krel" "$machine" "$cpus" "$name" "$commands" "$@"
