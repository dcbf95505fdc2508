#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Reboot a PC of the patched kernel KVER while vCPUs run with values of their own, once by reboot(2)
# and once by a panic: it must get back to its firmware. Prints KTAP.
#
# Warnings become panics, and only a panic may print to the console from then on. Otherwise another
# CPU that prints that its VM-entries fail now could be stopped while it holds the console, and the
# last words of the CPU that reboots would be lost.
#
#   reboot.sh KVER vmx|svm CPUS
#
# The kernel is one that cell.sh has built.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 3 ] || die "usage: reboot.sh KVER vmx|svm CPUS"
kver=$1
machine=$2
cpus=$3
check_kernel "$kver"
check_machine "$machine"
check_cpus "$cpus"
list=$top/build/programs/v$kver/list
[ -f "$list" ] || die "there is nothing to run on Linux $kver:" \
	"run tools/lab/check/cell.sh build $kver"
if ! has_kselftests "$cache/v$kver/tree"; then
	plan 1
	say "ok 1 - reboots # SKIP this kernel has no Makefile for KVM selftests"
	exit
fi
stress=$(grep '/shared_msrs_stress_test$' "$list")

# meant NAME LAST-WORDS: the PC went down by these words, and without a complaint before
meant()
{
	sed "/$2/q" "$logs/$1.console" | grep -q "$2" &&
		! sed "/$2/,\$d" "$logs/$1.console" | grep -E -f "$top/tools/lab/machine/splats" >&2
}

# reboots: by the last words $words
reboots()
{
	"$top/tools/lab/machine/run.sh" --until-reboot --limit 600 \
		"$kver" "$machine" "$cpus" "$name" "$top/build/$name.commands" "$stress" &&
		meant "$name" "$words"
}

number=0
plan 2
for way in 'reboot -f' 'echo c >/proc/sysrq-trigger'; do
	number=$((number + 1))
	words='reboot: Restarting system'
	[ "$number" -eq 1 ] || words='Kernel panic - not syncing: sysrq triggered crash'
	name=reboot-$number-$machine-$cpus-v$kver
	{
		printf 'reboot 300 sysctl -w kernel.panic=1 kernel.panic_on_warn=1 '
		printf 'kernel.panic_on_oops=1; '
		printf '(./shared_msrs_stress_test -n 1000000000 >/tmp/stress 2>&1 &); '
		printf 'until grep -q "vCPUs run" /tmp/stress; do sleep 1; done; sleep 2; '
		printf 'pidof shared_msrs_stress_test && dmesg -n 1 && %s\n' "$way"
	} >"$top/build/$name.commands"
	point "$way, with vCPUs running" reboots
done
points_end
