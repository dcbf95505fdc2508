#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# part.sh RESULTS COMMAND...: runs one of the parts of parts.mk.
#
# The command prints KTAP, or leaves it in build/results/RESULTS by itself. When it has ended, a
# line says what came of it, followed by the points that failed, and with V=1 by all that it said,
# which is also in build/log. Exit status 0: nothing failed.

. "$(dirname "$0")/../lib.sh"

[ $# -ge 2 ] || die "usage: part.sh RESULTS COMMAND..."
ktap=$results/$1
name=${1%.*}
log=$logs/$name.log
shift
seconds=2400

start=$(date +%s)
rm -f "$ktap"
status=0
cd "$top"
limit "$seconds" "$@" >"$log.out" 2>"$log" || status=$?
if [ -f "$ktap" ]; then cat "$log.out" >>"$log"; else cp "$log.out" "$ktap"; fi
rm -f "$log.out"
if [ "$status" -ne 0 ] && ! grep -q '^not ok' "$ktap"; then
	why=$(sed -n 's/^error: //p' "$log" | tail -n 1)
	[ "$status" -ne 124 ] || why="no end within $seconds s"
	echo "not ok 0 - $name # ${why:-exit status $status}" >>"$ktap"
fi
status=0
summary=$("$top/tools/lab/machine/ktap.sh" summary "$ktap") || status=$?

# one at a time
exec 9>>"$top/build/parts/ended"
flock 9
took=$(($(date +%s) - start))
echo "$took $name" >&9
say "[$(wc -l <"$top/build/parts/ended")/$PARTS] $name ... $(say "$summary" | tail -n 1) ($took s)"
say "$summary" | grep '^    not ok' || :
[ "${V:-0}" != 1 ] || cat "$log"
exit "$status"
