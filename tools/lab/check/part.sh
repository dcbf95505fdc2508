#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# part.sh RESULTS TEXT COMMAND...: one of the parts that lib.sh's parts runs side by side.
#
# The command prints KTAP, or leaves it in build/results/RESULTS by itself. When it has ended, a line
# says what came of it, followed by the points that failed, and with V=1 by all that it said, which is
# also in build/log. Exit status 0: nothing failed.

. "$(dirname "$0")/../lib.sh"

[ $# -ge 3 ] || die "usage: part.sh RESULTS TEXT COMMAND..."
ktap=$results/$1
text=$2
log=$logs/${1%.*}.log
shift 2
seconds=2400

start=$(date +%s)
rm -f "$ktap"
status=0
limit "$seconds" "$@" >"$log.out" 2>"$log" || status=$?
if [ -f "$ktap" ]; then cat "$log.out" >>"$log"; else cp "$log.out" "$ktap"; fi
rm -f "$log.out"
if [ "$status" -ne 0 ] && ! grep -q '^not ok' "$ktap"; then
	why=$(sed -n 's/^error: //p' "$log" | tail -n 1)
	[ "$status" -ne 124 ] || why="no end within $seconds s"
	echo "not ok 0 - $text # ${why:-exit status $status}" >>"$ktap"
fi
status=0
summary=$("$top/tools/lab/machine/ktap.sh" summary "$ktap") || status=$?

# one at a time
exec 9>>"$top/build/parts/ended"
flock 9
echo "$text" >&9
say "[$(wc -l <"$top/build/parts/ended")/$(wc -l <"$top/build/parts/list")] $text ... $(say "$summary" | tail -n 1) ($(($(date +%s) - start)) s)"
say "$summary" | grep '^    not ok' || :
[ "${V:-0}" != 1 ] || cat "$log"
exit "$status"
