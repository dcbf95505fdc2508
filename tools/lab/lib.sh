# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What every script of the lab shares. Source it: . "$(dirname "$0")/../lib.sh"

set -eu

top=$(cd "$(dirname "$0")/../../.." && pwd)
# Kernel trees, build folders and downloads live outside the checkout, so that a second run,
# or a second checkout, is quick.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kvm-shared-msrs
logs=$top/build/log
results=$top/build/results
# Used by the scripts that source this file.
export top cache logs results
# Another make's -j, V= and the like are not for the kernel's make.
unset MAKEFLAGS MAKELEVEL MFLAGS
# Nor is a user's idea of how patches look for those that the lab makes and applies.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
# A shell that a signal ends does not run what is set for EXIT.
trap 'exit 130' INT
trap 'exit 143' HUP TERM

say()
{
	printf '%s\n' "$*"
}

die()
{
	printf 'error: %s\n' "$*" >&2
	exit 1
}

case $top$cache in
*[[:space:]:]*) die "kernels do not build in a path with a space or a colon: '$top' and '$cache' must have none" ;;
esac

# need COMMAND PACKAGE: the command must exist; tools/lab/debian/deps.sh installs the package
need()
{
	command -v "$1" >/dev/null 2>&1 ||
		die "$1 is missing: install the package $2, or run 'make deps'"
}

# lock FILE: only one run at a time gets past this; it holds until the script ends
lock()
{
	if ! mkdir -p "$(dirname "$1")" 2>/dev/null || ! : 2>/dev/null >>"$1"; then
		case $1 in
		"$cache"/*) die "cannot write to $cache: set XDG_CACHE_HOME to a folder that can be written" ;;
		*) die "cannot write to $(dirname "$1")" ;;
		esac
	fi
	exec 9>"$1"
	flock -n 9 || {
		say "waiting for another run to let go of $1" >&2
		flock 9
	}
}

# link_kernel KERNEL OUT: what modpost and depmod need to know of the kernel built in KERNEL, for
# modules to be built in OUT
link_kernel()
{
	for file in vmlinux.o vmlinux.symvers modules.builtin modules.builtin.modinfo System.map; do
		rm -f "$2/$file"
		[ ! -f "$1/$file" ] || ln "$1/$file" "$2/$file"
	done
}

# native vmx|svm: the host's CPU can run machines of this kind, by nested virtualization
native()
{
	case $1 in
	vmx) vendor=kvm_intel ;;
	svm) vendor=kvm_amd ;;
	esac
	[ -r /dev/kvm ] && [ -w /dev/kvm ] && grep -qw "$1" /proc/cpuinfo &&
		grep -q '^[Y1]' "/sys/module/$vendor/parameters/nested" 2>/dev/null
}

# bochs_version COMMAND: of a Bochs, and a proof that it starts
bochs_version()
{
	timeout -k 5 20 "$1" --help 2>&1 </dev/null | sed -n 's/.*Bochs x86 Emulator \([0-9.]*\).*/\1/p'
}

# stoppable COMMAND...: runs a command that Ctrl-C does not reach, or not as it should: whoever stops
# this script stops the command first, by SIGTERM, and waits for its end
stoppable()
{
	"$@" &
	stoppable_pid=$!
	trap 'kill "$stoppable_pid" 2>/dev/null; wait "$stoppable_pid" || :; exit 130' INT
	trap 'kill "$stoppable_pid" 2>/dev/null; wait "$stoppable_pid" || :; exit 143' HUP TERM
	stoppable_status=0
	wait "$stoppable_pid" || stoppable_status=$?
	trap 'exit 130' INT
	trap 'exit 143' HUP TERM
	return "$stoppable_status"
}

# limit SECONDS COMMAND...: runs the command for that long at most. timeout puts it in a process
# group of its own, where Ctrl-C does not reach it.
limit()
{
	stoppable timeout -k 10 "$@"
}

# steps N: announces how many calls of step follow
steps()
{
	steps_total=$1
	steps_done=0
}

# step NAME SECONDS TEXT COMMAND...: runs the command within the time limit, its output goes to
# build/log/NAME.log (and to the terminal with V=1). A failure prints the end of that log.
step()
{
	step_log=$logs/$1.log
	step_limit=$2
	step_text=$3
	shift 3
	mkdir -p "$logs"
	steps_done=$((${steps_done:-0} + 1))
	printf '[%d/%d] %s ... ' "$steps_done" "${steps_total:-1}" "$step_text"
	step_start=$(date +%s)
	step_status=0
	if [ "${V:-0}" = 1 ]; then
		echo
		# Of a pipe only the last command's status is known.
		echo 143 >"$step_log.status"
		{
			step_status=0
			limit "$step_limit" "$@" 2>&1 || step_status=$?
			echo "$step_status" >"$step_log.status"
		} | tee "$step_log"
		step_status=$(cat "$step_log.status")
		rm "$step_log.status"
	else
		limit "$step_limit" "$@" >"$step_log" 2>&1 || step_status=$?
	fi
	step_seconds=$(($(date +%s) - step_start))
	if [ "$step_status" -eq 0 ]; then
		echo "done (${step_seconds} s)"
		return 0
	fi
	echo "failed"
	tail -n 15 "$step_log" | sed 's/^/    /' >&2
	[ "$step_status" -ne 124 ] ||
		die "$step_text: no end within $step_limit s; log: $step_log"
	die "$step_text: exit status $step_status; log: $step_log"
}

# phase N M TEXT COMMAND...: a part of a longer run, whose command shows its own steps
phase()
{
	say "($1/$2) $3"
	shift 3
	"$@"
}

# part RESULTS AFTER TEXT COMMAND...: adds a part to those that parts runs: the command, in the top
# folder, as part.sh says; after the parts whose RESULTS are in the list AFTER, and only if these went
# well. No word may have an apostrophe, a $, or a newline.
part()
{
	part_list="${part_list:-}$1 $3
"
	part_rules="${part_rules:-}.PHONY: all $1
all: $1
$1: $2; @tools/lab/check/part.sh"
	part_results=$1
	part_text=$3
	shift 3
	for part_word in "$part_results" "$part_text" "$@"; do
		part_rules="$part_rules '$part_word'"
	done
	part_rules="$part_rules
"
}

# built KVER [VARIANT]: a part that builds one kernel; those of its machines come after it
built()
{
	built_by=build-v$1${2:+-$2}.ktap
	# shellcheck disable=SC2086 # nothing, or a word
	part "$built_by" '' "v$1: the kernel builds${2:+, $2}" tools/lab/check/cell.sh build "$1" ${2:-}
}

# cell KVER MACHINE CPUS [KIND]: a part that runs all tests in one machine of the kernel built last
cell()
{
	part "$2-$3-v$1${4:+-$4}.ktap" "$built_by" "v$1: $2, $3 CPU(s)${4:+, $4}" tools/lab/check/cell.sh run "$@"
}

# parts: runs them side by side, as many as there are CPUs, or JOBS=. What did not run for some reason
# has failed. Which parts failed is for the caller to find in build/results.
parts()
{
	jobs=${JOBS:-$(nproc)}
	case $jobs in
	*[!0-9]* | 0*) die "JOBS='$jobs' is no number of parts to run side by side" ;;
	esac
	mkdir -p "$logs" "$results" "$top/build/parts"
	# They share build/results and more.
	lock "$top/build/parts/lock"
	: >"$top/build/parts/ended"
	printf '%s' "$part_list" >"$top/build/parts/list"
	printf '%s' "$part_rules" >"$top/build/parts/rules"
	while read -r part_results part_text; do
		rm -f "$results/$part_results"
	done <"$top/build/parts/list"
	say "$(wc -l <"$top/build/parts/list") parts, $jobs at a time; logs: $logs"
	stoppable make -rskC "$top" -f build/parts/rules "-j$jobs" all 2>"$logs/parts.log" || :
	while read -r part_results part_text; do
		[ -f "$results/$part_results" ] ||
			printf 'KTAP version 1\n1..1\nnot ok 1 - %s # it did not run\n' "$part_text" >"$results/$part_results"
	done <"$top/build/parts/list"
}
