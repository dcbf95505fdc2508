#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Boot one of Debian's own kernels on an emulated Intel and an emulated AMD CPU, and run the
# kselftests with the modules that stock_modules.sh has built for it.
#
#   stock_test.sh KREL
#
# The last line is "N passed, N failed, N skipped"; results as KTAP in build/results.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || die "usage: stock_test.sh KREL"
krel=$1
lab=$top/tools/lab
modules=$top/build/modules/$krel
[ -f "$modules/kvm.ko" ] || die "there are no modules in $modules: run" \
	"tools/lab/debian/stock_modules.sh $krel"

stock=$("$lab/debian/stock.sh" "$krel")
kver=$(cut -d. -f1,2 "$stock/version")
# an Intel CPU of one thread takes minutes
tests=$("$lab/check/tests.sh" "$kver" vmx 1 debian)
# shellcheck disable=SC2046 # a list of words
programs=$("$lab/kernel/selftests.sh" "$kver" \
	$(echo "$tests" | sed -n 's,^\([^ /]*_test\) .*,\1,p'))

work=$(mktemp -d)
"$lab/bench/measure.sh" --pack "$work/measured" 8
programs="$programs $lab/check/measure $work/measured"

# a system in which they are installed
root=$(mktemp -d "$stock/updated.XXXXXX")
trap 'rm -rf "$root" "$work"' EXIT
mkdir "$root/lib"
cp -al "$stock/system/lib/modules" "$root/lib/modules"
mkdir "$root/lib/modules/$krel/updates"
cp "$modules"/*.ko "$root/lib/modules/$krel/updates/"
rm "$root/lib/modules/$krel"/modules.*
cp "$stock/system/lib/modules/$krel"/modules.builtin* \
	"$stock/system/lib/modules/$krel/modules.order" \
	"$root/lib/modules/$krel/"
depmod -b "$root" "$krel"

# Sources that are not quite the kernel's own are refused.
refusal=$results/stock-refusal-$krel.ktap
mkdir -p "$root/ksrc/arch/x86/kvm"
cp -al "$stock/source/include" "$stock/source/Kbuild" "$stock/source/Makefile" "$root/ksrc/"
cp -al "$stock/source/arch/x86/include" "$root/ksrc/arch/x86/"
rm "$root/ksrc/include/linux/kvm_host.h"
(cat "$stock/source/include/linux/kvm_host.h" && echo) >"$root/ksrc/include/linux/kvm_host.h"
ok=ok
if why=$(KSRC=$root/ksrc "$lab/debian/stock.sh" "$krel" 2>&1 >/dev/null) ||
	! echo "$why" |
		grep -q '^error: .* is not the source of .*kvm_host.h.*: install linux-s'; then
	ok='not ok'
fi
printf 'KTAP version 1\n1..1\n%s 1 - sources of another build are refused\n' "$ok" >"$refusal"

commands=$top/build/stock.commands
version=$(modinfo -F version "$modules/kvm.ko")
{
	printf 'version 60 for module in /sys/module/kvm /sys/module/kvm_*; do '
	# shellcheck disable=SC2016 # for the shell in the PC
	printf 'grep -xF "%s" $module/version || exit 1; done\n' "$version"
	echo "$tests"
} >"$commands"

files=$refusal
failed=
[ "$ok" = ok ] || failed=1
for machine in vmx-1 svm-2; do
	cpus=${machine#*-}
	name=stock-$machine-$krel
	log=$logs/$name.log
	files="$files $results/$name.ktap"
	printf 'kselftests on Debian'\''s %s, %s, %s CPU(s) ... ' "$krel" "${machine%-*}" "$cpus"
	# shellcheck disable=SC2086 # a list of words
	if "$lab/debian/stock_run.sh" "$krel" "${machine%-*}" "$cpus" "$name" "$root" "$commands" \
		$programs >"$log" 2>&1; then
		echo "done"
	else
		echo failed
		failed=1
		grep '^ *not ok\|^error: ' "$log" || tail -n 5 "$log"
	fi
done
# shellcheck disable=SC2086 # a list of words
"$lab/machine/ktap.sh" summary $files
[ -z "$failed" ]
