#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# coverage.sh BUILD/core: prints the lines and branches of the core and of the VMX part that the
# tests never reach, and fails if there are any.

set -u
unset CDPATH
cd "$(dirname "$0")" || exit 1

if [ $# -ne 1 ]; then
	echo "usage: coverage.sh BUILD/core" >&2
	exit 2
fi
build=$1/covered

rm -f "$build"/*.gcda
for run in "core_register" "core_explore -v -d 6" "core_explore -f -d 5" \
	"core_random -s 1 -n 300000" "vmx_explore -v -d 3" "vmx_random -s 1 -n 500000"; do
	# shellcheck disable=SC2086 # a program and its options
	"$build"/$run >"$build/log" || {
		cat "$build/log"
		exit 1
	}
done

if ! gcov -b -c -t -o "$build" core.o vmx.o >"$build/core.gcov" 2>"$build/log"; then
	echo "coverage.sh: gcov fails: see $build/log" >&2
	exit 1
fi

# core.c and vmx.c, too, are in there, and are of no interest.
awk '
	/:Source:/ { core = /shared_msrs\.c$/ }
	!core { next }
	/^ *[0-9]+\*?:/ { lines++ }
	/^ *[#=]+:/ { lines++; missed_lines++; print "never reached:" $0 }
	/^ *[0-9#=]+\*?:/ { line = $0 }
	/^branch / {
		branches++
		if (/never executed|taken 0( |$)/) {
			missed_branches++
			print "one way only:" line
		}
	}
	END {
		printf "coverage: %d of %d lines, %d of %d branches\n", lines - missed_lines, lines,
			branches - missed_branches, branches
		exit missed_lines || missed_branches || !lines || !branches
	}' "$build/core.gcov"
