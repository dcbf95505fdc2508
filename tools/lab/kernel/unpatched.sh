#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Build KVM's modules without the series, for the kernel that build.sh has built of KVER, and print
# the folder that they are installed in.
#
#   unpatched.sh KVER
#
# They are built in the folder of steps.sh, which goes on from there, as the first patch changes
# little. They are built once. With KSRC= make runs each time, to see what has changed there.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || die "usage: unpatched.sh KVER"
kver=$1
check_kernel "$kver"
out=$cache/v$kver/steps-build
modules=$cache/v$kver/unpatched-modules

source=$("$top/tools/lab/kernel/source.sh" "$kver")
made_of="$source ${VARIANT:-} $(gcc --version | head -n 1)
$(cksum <"$top/tools/lab/kernel/kernel.config")"

build()
{
	local tree
	tree=$("$top/tools/lab/series/tree.sh" "$kver" steps-tree 0)
	rm -rf "$modules"
	steps 1
	step "$kver-unpatched" 2400 "building the stock KVM of Linux $kver" \
		"$top/tools/lab/kernel/modules.sh" "$kver" "$tree" "$out" "$modules" >&2
}

stamp=$modules.made-of
[ -z "${KSRC:-}" ] || rm -f "$stamp"
made_from "$stamp" "$made_of" || lock "$out.lock"
make_from "$stamp" "$made_of" build
say "$modules"
