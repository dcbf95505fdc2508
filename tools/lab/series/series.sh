#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# series.sh KVER: makes the patch series for a kernel version in build/series/vKVER.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || die "usage: series.sh KVER"
check_kernel "$1"
out=$top/build/series/v$1

tree=$("$top/tools/lab/kernel/source.sh" "$1")

# What the kernel's part in the series is: also somebody's own tree, which changes.
kernel=$(
	cd "$tree"
	{
		echo "$tree"
		find Makefile arch/x86/kvm arch/x86/include/asm arch/x86/entry/calling.h \
			Documentation/virt tools/testing/selftests/kvm include/kunit \
			include/linux/kvm_types.h include/linux/lockdep.h -type f 2>/dev/null |
			sort | xargs cat
	} | sha256sum
)
# All that the series is made from, so that an unchanged series is not made again.
inputs=$(
	cd "$top"
	{
		echo "$kernel"
		cat tools/lab/series/generate.sh
		find patches arch Documentation tools/testing/selftests -type f \
			! -name '*.md' ! -path 'patches/mutants/*' ! -path 'patches/peers/*' |
			sort | xargs cat
		git log -1 --format=%H 2>/dev/null
	} | sha256sum
)
lock "$out.lock"
made_from "$out.inputs" "$inputs" || say "making the series for Linux $1" >&2
make_from "$out.inputs" "$inputs" "$top/tools/lab/series/generate.sh" "$tree" "$out"
