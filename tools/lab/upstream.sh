#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Compare the stock KVM with the patched one by the kernel's own KVM selftests: 'upstream' does it, in
# a machine.
#
#   upstream.sh build KVER             all that it needs there
#   upstream.sh run KVER vmx|svm CPUS  boots the machine, results are run.sh's
#
# All tests that the kernel has are run; those that do not build are skipped for that reason.

. "$(dirname "$0")/lib.sh"

usage="usage: upstream.sh build KVER | upstream.sh run KVER vmx|svm CPUS"
case ${1:-}-$# in
build-2 | run-4) ;;
*) die "$usage" ;;
esac
mode=$1
kver=$2
dir=$cache/v$kver
commands=$top/build/upstream-v$kver.commands
programs=$top/build/programs/upstream-v$kver

if [ "$mode" = run ]; then
	[ -f "$commands" ] || die "KVM's own selftests of Linux $kver are not built: run tools/lab/upstream.sh build $kver"
	# shellcheck disable=SC2046 # a list of words
	exec "$top/tools/lab/run.sh" "$kver" "$3" "$4" "upstream-$3-v$kver" "$commands" \
		"$top/tools/lab/upstream" "$programs/stock" $(cat "$programs/list")
fi

rm -rf "$commands" "$programs"
mkdir -p "$programs/stock"
tree=$("$top/tools/lab/source.sh" "$kver")
built=$("$top/tools/lab/selftests.sh" "$kver")
echo "$built" | grep -v '/shared_msrs_\|/kernel_gs_base_test$' >"$programs/list"

lock "$dir/upstream-build.lock"
steps 1
step "$kver-upstream" 2400 "building the stock KVM of Linux $kver" "$top/tools/lab/modules.sh" \
	"$kver" "$tree" "$dir/upstream-build" "$dir/upstream-modules" >&2
find "$dir/upstream-modules" -name 'kvm*.ko' -exec cp {} "$programs/stock" \;

# 6.14 renamed the folder
tests=$(cd "$tree/tools/testing/selftests/kvm" &&
	find . x86 x86_64 -maxdepth 1 -name '*.c' 2>/dev/null | sed 's,.*/,,; s,\.c$,,' | sort)
# shellcheck disable=SC2086 # a list of words
echo "upstream 1500 ./upstream" $tests >"$commands"
say "KTAP version 1"
say "1..1"
say "ok 1 - v$kver: the stock KVM and KVM's own selftests build"
