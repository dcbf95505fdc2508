#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Test results: see ktap.awk.
#
#   ktap.sh convert RAW     a PC's results as KTAP
#   ktap.sh summary FILE... what KTAP files hold, as "N passed, N failed, N skipped"; exit status 1
#                           if a test failed, a result is missing, or none passed

. "$(dirname "$0")/../lib.sh"

[ $# -ge 2 ] || die "usage: ktap.sh convert RAW | ktap.sh summary FILE..."
mode=$1
shift
case $mode in
convert) [ -r "$1" ] || die "cannot read the results in $1" ;;
summary) ;;
*) die "ktap.sh does not know $mode: use convert or summary" ;;
esac
awk -v mode="$mode" -f "$top/tools/lab/machine/ktap.awk" "$@" </dev/null
