#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Measure what an event costs a guest under the KVM that runs on this very machine: WRMSRs and
# cycles.
#
#   measure.sh
#   measure.sh --pack FOLDER [PERIODS]
#
# With --pack it only puts itself and what it needs into a new FOLDER, for a machine without a
# compiler. PERIODS says how many times that measures each event: by default 128, and a test needs
# few. It builds no kernel and boots no PC. The result is named after what is loaded: stock, or this
# series without (plain) or with demand loading. Where KVM has demand loading and no VM runs,
# kvm_intel is loaded with it and without it, and in the end as it was. Prints a table of this
# result and earlier ones, which are in build/measure.

. "$(dirname "$0")/../lib.sh"

case $#-${1:-} in
0- | [23]---pack) ;;
*) die "usage: measure.sh [--pack FOLDER [PERIODS]]" ;;
esac
[ $# -ne 3 ] || check_number PERIODS "$3" periods
lab=$top/tools/lab
dir=$top/build/measure
program=$dir/program
# an instance of its own: what others trace stays as it is
tracing=/sys/kernel/tracing/instances/shared_msrs
parameter=/sys/module/kvm_intel/parameters/demand_shared_msrs

if [ $# -eq 0 ]; then
	[ "$(id -u)" -eq 0 ] ||
		die "only root can read MSRs and trace the kernel: run 'sudo make measure'"
	[ -d /sys/module/kvm_intel ] || [ -d /sys/module/kvm_amd ] ||
		die "KVM is not loaded: run 'modprobe kvm_intel' or 'modprobe kvm_amd'"
	[ -c /dev/kvm ] || die "there is no /dev/kvm, although KVM is loaded: 'dmesg' may say why"
	[ -d /sys/kernel/tracing/events ] ||
		die "tracefs is missing: run 'mount -t tracefs tracefs /sys/kernel/tracing'"
	[ -d /sys/kernel/tracing/events/msr ] ||
		die "this kernel does not have the trace event msr:write_msr:" \
			"it needs CONFIG_FTRACE"
	[ -d /sys/kernel/debug/kvm ] ||
		die "debugfs is missing: run 'mount -t debugfs debugfs /sys/kernel/debug'"
fi

# compile PROGRAM [PERIODS]
compile()
{
	need gcc gcc
	gcc -O2 -Wall -D_GNU_SOURCE -DTRACING="\"$tracing/\"" ${2:+"-DPERIODS=$2"} \
		-static -pthread -o "$1" "$lab/bench/bench.c" ||
		die "bench.c does not compile: install the package libc6-dev"
}

if [ $# -ge 2 ]; then
	mkdir "$2" 2>/dev/null ||
		die "cannot make the folder $2: name one that does not exist yet"
	mkdir -p "$2/tools/lab/bench" "$2/build/measure"
	cp -p "$lab/lib.sh" "$lab/input.sh" "$2/tools/lab"
	cp -p "$lab/bench/measure.sh" "$lab/bench/bench.awk" "$2/tools/lab/bench"
	compile "$2/build/measure/program" "${3:-}"
	exit
fi
mkdir -p "$dir"
sources="$lab/bench/bench.c $lab/guest/guest_vm.h"
# shellcheck disable=SC2086 # a list of words
if [ ! -f "$program" ] || [ "$(find $sources -newer "$program" 2>/dev/null)" ]; then
	compile "$program"
fi

# parameters: all of kvm_intel's, as NAME=VALUE
parameters()
{
	(cd /sys/module/kvm_intel/parameters && grep -s . ./* | sed 's,^\./\([^:]*\):,\1=,')
}

# reload [NAME=VALUE...]
reload()
{
	modprobe -r kvm_intel && modprobe kvm_intel "$@"
}

# restore: load kvm_intel as it was, also with options that /etc/modprobe.d does not have
restore()
{
	local options
	reload
	options=$(echo "$before" | grep -vxF "$(parameters)") || return 0
	# shellcheck disable=SC2086 # a list of words
	reload $options
}

# Leaves the machine as it was.
finish()
{
	rmdir "$tracing" 2>/dev/null || :
	[ -z "$before" ] || restore
	[ -z "$msr" ] || modprobe -r msr
}
before='' msr=''
trap finish EXIT

# policy: what is loaded
policy()
{
	if ! grep -q '[[:space:]]kvm_load_shared_msrs[[:space:]]' /proc/kallsyms; then
		say stock
	elif grep -qs Y "$parameter"; then
		say demand
	else
		say plain
	fi
}

# spread FILE: by how many percent two rounds of a case differ at most
spread()
{
	awk '$1 == "case" { first = $6 }
		$1 == "again" {
			difference = 100 * ($6 - first) / first
			if (difference < 0)
				difference = -difference
			if (difference > spread)
				spread = difference
		}
		END { printf "%.1f", spread }' "$1"
}

measure()
{
	local policy
	policy=$(policy)
	say "measuring: $policy"
	rm -f "$dir/$policy"
	# It fails also if two rounds do not take the same number of instructions.
	"$program" "$policy" >"$dir/$policy.new" || :
	grep -q '^case' "$dir/$policy.new" || die "nothing was measured"
	echo "on Linux $(uname -r), $(sed -n 's/^model name[^:]*: //p;T;q' /proc/cpuinfo);" \
		"a second round differs by $(spread "$dir/$policy.new")% at most" \
		>>"$dir/$policy.new"
	mv "$dir/$policy.new" "$dir/$policy"
}

if [ ! -c /dev/cpu/0/msr ]; then
	modprobe msr || die "this kernel does not have /dev/cpu/0/msr: it needs CONFIG_X86_MSR"
	msr=1
fi
# a run that was killed may have left it
[ -d "$tracing" ] || mkdir "$tracing"

measure
case $(cat "$parameter" 2>/dev/null) in
Y) other=0 ;;
N) other=1 ;;
*) other= ;;
esac
if [ "$other" ] && [ "$(cat /sys/module/kvm_intel/refcnt)" -eq 0 ]; then
	before=$(parameters)
	reload "demand_shared_msrs=$other"
	measure
	restore
	before=
elif [ "$other" ]; then
	say "not measured with demand_shared_msrs=$other: kvm_intel cannot be loaded again" \
		"while a VM runs" >&2
fi

policies=
for policy in stock plain demand; do
	[ -f "$dir/$policy" ] || continue
	policies="$policies${policies:+ }$policy"
	say "$policy: $(sed -n 's/^on //p' "$dir/$policy")"
done
say
cd "$dir"
# shellcheck disable=SC2086 # a list of words
awk -f "$lab/bench/bench.awk" -v policies="$policies" $policies
