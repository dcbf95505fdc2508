# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # of the script that sources this
# Runs parts of parts.mk. Source it, after lib.sh.

# run_parts PART...: side by side, as many as there are CPUs, or JOBS=. A part that did not run has
# failed. Which parts failed is for the caller to find in build/results.
run_parts()
{
	local jobs="${JOBS:-$(nproc)}" part
	# They share build/results and more.
	lock "$top/build/parts/lock"
	: >"$top/build/parts/ended"
	for part; do
		rm -f "$results/$part"
	done
	say "$# parts, $jobs at a time; logs: $logs"
	export PARTS=$#
	stoppable make -rskC "$top" -f tools/lab/check/parts.mk "-j$jobs" "$@" \
		2>"$logs/parts.log" || :
	for part; do
		[ -f "$results/$part" ] ||
			printf 'KTAP version 1\n1..1\nnot ok 1 - %s # it did not run\n' \
				"${part%.*}" >"$results/$part"
	done
}
