# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What every script of the lab shares. Source it: . "$(dirname "$0")/lib.sh"

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
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

# need COMMAND PACKAGE: the command must exist; tools/lab/deps.sh installs the package
need()
{
	command -v "$1" >/dev/null 2>&1 ||
		die "$1 is missing: install the package $2, or run 'make deps'"
}

# lock FILE: only one run at a time gets past this; it holds until the script ends
lock()
{
	if ! mkdir -p "$(dirname "$1")" 2>/dev/null || ! : 2>/dev/null >>"$1"; then
		die "cannot write to $(dirname "$1"): set XDG_CACHE_HOME to a folder that can be written"
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

# limit SECONDS COMMAND...: runs the command for that long at most. timeout puts it in a process
# group of its own, where Ctrl-C does not reach it, so stopping it is for us to do.
limit()
{
	timeout -k 10 "$@" &
	limit_pid=$!
	trap 'kill "$limit_pid" 2>/dev/null; wait "$limit_pid" || :; exit 130' INT
	trap 'kill "$limit_pid" 2>/dev/null; wait "$limit_pid" || :; exit 143' HUP TERM
	limit_status=0
	wait "$limit_pid" || limit_status=$?
	trap 'exit 130' INT
	trap 'exit 143' HUP TERM
	return "$limit_status"
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
