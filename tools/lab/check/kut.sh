#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# kut.sh KVER: runs kvm-unit-tests, which the user has built in KUT=, on the patched KVM against the
# stock one: see upstream.sh. The last line is "N passed, N failed, N skipped". Results as KTAP in
# build/results.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || die "usage: kut.sh KVER"
kver=$1
check_kernel "$kver"
lab=$top/tools/lab

"$lab/kernel/build.sh" "$kver"
"$lab/check/upstream.sh" --kut build "$kver" >/dev/null
lock "$top/build/parts/lock"
: >"$top/build/parts/ended"
export PARTS=2
for machine in svm vmx; do
	stoppable "$lab/check/part.sh" "kut-$machine-v$kver.ktap" \
		"$lab/check/upstream.sh" --kut run "$kver" "$machine" 2 || :
done
cd "$results"
"$lab/machine/ktap.sh" summary "kut-svm-v$kver.ktap" "kut-vmx-v$kver.ktap"
