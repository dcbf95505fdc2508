# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What every script of the lab shares. Source it: . "$(dirname "$0")/../lib.sh"

set -eu

# With it, cd prints where it has gone.
unset CDPATH
top=$(cd "$(dirname "$0")/../../.." && pwd)
logs=$top/build/log
results=$top/build/results
# The kernel's make must not get the options of another make: -j, V= and others.
unset MAKEFLAGS MAKELEVEL MFLAGS
# The tools of older kernels make newer compilers warn.
export WERROR=0
# A user's git configuration must not change the patches that the lab makes and applies.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
# Without these, a shell that is ended by a signal does not run what is set for EXIT.
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

case ${1:-} in
-h | --help)
	# the first comment of the script
	sed -n '3,${/^#/!q; s/^# \{0,1\}//p}' "$0"
	exit
	;;
esac

# Sets $cache, and refuses what a variable or an argument cannot be.
. "$top/tools/lab/input.sh"
# Used by the scripts that source this file.
export top cache logs results

# need COMMAND PACKAGE [GOAL]: the command must exist; this goal of make installs the package
need()
{
	command -v "$1" >/dev/null 2>&1 ||
		die "$1 is missing: install the package $2, or run 'make ${3:-deps}'"
}

# room MB WHAT: there must be that much free space in the cache
room()
{
	local free
	free=$(df -Pk "$cache" | awk 'NR == 2 { print int($4 / 1024) }')
	[ "$free" -ge "$1" ] ||
		die "$2 needs $1 MB in $cache, but only $free MB are free:" \
			"set XDG_CACHE_HOME to a larger place"
}

# lock FILE: only one run at a time gets past this; the lock holds until the script ends
lock()
{
	mkdir -p "$(dirname "$1")"
	exec 9>"$1"
	flock -n 9 || {
		say "waiting for another run to let go of $1" >&2
		flock 9
	}
}

# made_from STAMP INPUTS: what the file STAMP stands for is complete, and was made from these inputs
made_from()
{
	[ -f "$1" ] && [ "$(cat "$1")" = "$2" ]
}

# make_from STAMP INPUTS COMMAND...: runs the command unless that is so. The stamp is removed first
# and written last, so that a run that is killed in between has made nothing. Call it with a lock
# that others who make the same have, too; and not where the shell looks at its exit status, as the
# command would then go on after an error.
make_from()
{
	local stamp="$1" inputs="$2"
	shift 2
	! made_from "$stamp" "$inputs" || return 0
	rm -f "$stamp"
	"$@"
	printf '%s\n' "$inputs" >"$stamp"
}

# link_kernel KERNEL OUT: what modpost and depmod need to know of the kernel built in KERNEL, for
# modules to be built in OUT
link_kernel()
{
	local file
	for file in vmlinux.o vmlinux.symvers modules.builtin modules.builtin.modinfo System.map; do
		rm -f "$2/$file"
		[ ! -f "$1/$file" ] || ln "$1/$file" "$2/$file"
	done
}

# native vmx|svm: the host's CPU can run PCs of this kind, by nested virtualization
native()
{
	local module
	case $1 in
	vmx) module=kvm_intel ;;
	svm) module=kvm_amd ;;
	esac
	[ -r /dev/kvm ] && [ -w /dev/kvm ] && grep -qw "$1" /proc/cpuinfo &&
		grep -q '^[Y1]' "/sys/module/$module/parameters/nested" 2>/dev/null
}

# bochs_model KIND: the CPU of Bochs for PCs of such a kind, or nothing for the default
bochs_model()
{
	case $1 in
	old) say core2_penryn_t9600 ;;
	new) say 'arrow_lake,add_features="wrmsrns"' ;;
	tsx) say 'arrow_lake,add_features="tsx_ctrl"' ;;
	esac
}

# has_kselftests TREE: this kernel can build KVM's selftests, and the series has some for it
has_kselftests()
{
	grep -qs TEST_GEN_PROGS "$1/tools/testing/selftests/kvm/Makefile.kvm" \
		"$1/tools/testing/selftests/kvm/Makefile"
}

# bochs_version COMMAND: the version of a Bochs, and a proof that it starts
bochs_version()
{
	timeout -k 5 20 "$1" --help 2>&1 </dev/null |
		sed -n 's/.*Bochs x86 Emulator \([0-9.]*\).*/\1/p'
}

# qemu_version COMMAND: the version of a QEMU, and a proof that it starts
qemu_version()
{
	timeout -k 5 20 "$1" --version 2>&1 </dev/null |
		sed -n 's/^QEMU emulator version \([0-9.]*\).*/\1/p'
}

# stoppable COMMAND...: runs a command that Ctrl-C does not reach, or not as it should: whoever
# stops this script stops the command first, by SIGTERM, and waits for its end
stoppable()
{
	local status=0
	"$@" &
	stoppable_pid=$!
	trap 'kill "$stoppable_pid" 2>/dev/null; wait "$stoppable_pid" || :; exit 130' INT
	trap 'kill "$stoppable_pid" 2>/dev/null; wait "$stoppable_pid" || :; exit 143' HUP TERM
	wait "$stoppable_pid" || status=$?
	trap 'exit 130' INT
	trap 'exit 143' HUP TERM
	return "$status"
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
	local log="$logs/$1.log" seconds="$2" text="$3" start status=0
	shift 3
	mkdir -p "$logs"
	steps_done=$((${steps_done:-0} + 1))
	printf '[%d/%d] %s ... ' "$steps_done" "${steps_total:-1}" "$text"
	start=$(date +%s)
	if [ "${V:-0}" = 1 ]; then
		echo
		# Of a pipe only the last command's status is known.
		echo 143 >"$log.status"
		{
			limit "$seconds" "$@" 2>&1 || status=$?
			echo "$status" >"$log.status"
		} | tee "$log"
		status=$(cat "$log.status")
		rm "$log.status"
	else
		limit "$seconds" "$@" >"$log" 2>&1 || status=$?
	fi
	if [ "$status" -eq 0 ]; then
		echo "done ($(($(date +%s) - start)) s)"
		return 0
	fi
	echo "failed"
	tail -n 15 "$log" | sed 's/^/    /' >&2
	[ "$status" -ne 124 ] || die "$text: no end within $seconds s; log: $log"
	die "$text: exit status $status; log: $log"
}

# phase N M TEXT COMMAND...: a part of a longer run, whose command shows its own steps
phase()
{
	say "($1/$2) $3"
	shift 3
	"$@"
}

# plan N: announces N test points, in KTAP
plan()
{
	points=0
	points_failed=0
	say "KTAP version 1"
	say "1..$1"
}

# point TEXT COMMAND...: a test point: did the command succeed? Where it failed, the end of what it
# printed explains that. A function may set why, which is put behind the text.
point()
{
	local text="$1" result=ok output
	shift
	why=
	points=$((points + 1))
	output=$(mktemp)
	"$@" >"$output" 2>&1 || result='not ok'
	say "$result $points - $text${why:+ # $why}"
	if [ "$result" != ok ]; then
		points_failed=$((points_failed + 1))
		tail -n 40 "$output" | sed 's/^/# /'
	fi
	rm -f "$output"
}

# is VALUE EXPECTED: for point
is()
{
	[ "$1" = "$2" ] || {
		say "it is '$1', but should be '$2'"
		return 1
	}
}

# points_end: the script's exit status
points_end()
{
	[ "$points_failed" -eq 0 ]
}
