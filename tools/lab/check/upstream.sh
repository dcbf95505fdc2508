#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Compare the patched KVM with the stock one by the kernel's own KVM selftests: 'upstream' runs them
# in a PC. Those that do not pass with the patched modules run with the stock ones in another PC,
# which has no others. See compare.awk for what comes of that.
#
#   upstream.sh [--kut] build KVER             builds all that it needs there
#   upstream.sh [--kut] run KVER vmx|svm CPUS  boots the PCs, prints KTAP
#
# All tests that the kernel has are run; those that do not build are skipped for that reason. The
# file tests has those that need options, or cannot run in an emulator. With --kut the tests are
# kvm-unit-tests, which the user has built in KUT=: 'kut' runs one of them.

. "$(dirname "$0")/../lib.sh"

usage="usage: upstream.sh [--kut] build KVER | upstream.sh [--kut] run KVER vmx|svm CPUS"
suite=upstream
option=
if [ "${1:-}" = --kut ]; then
	suite=kut
	option=$1
	shift
	check_kut "${KUT:-}"
	KUT=$(cd "$KUT" && pwd)
fi
case ${1:-}-$# in
build-2 | run-4) ;;
*) die "$usage" ;;
esac
mode=$1
kver=$2
machine=${3:-}
cpus=${4:-}
check_kernel "$kver"
if [ "$mode" = run ]; then
	check_machine "$machine"
	check_cpus "$cpus"
fi
tests=$top/build/$suite-v$kver.tests
programs=$top/build/programs/$suite-v$kver

# Without them there is nothing to compare.
tree=$("$top/tools/lab/kernel/source.sh" "$kver")
if [ -z "$option" ] && ! has_kselftests "$tree"; then
	plan 1
	say "ok 1 - v$kver: KVM's own selftests # SKIP this kernel has no Makefile for them"
	exit
fi

# boot SET TEST...: runs them with one set of modules; the status is the PC's
boot()
{
	local name
	name=$suite-$machine-v$kver-$1
	rm -f "$results/$name.ktap"
	echo "$suite 3000 ./upstream $*" >"$top/build/$name.commands"
	if [ "$1" = patched ]; then set --; else set -- --modules "$programs/$1"; fi
	# shellcheck disable=SC2046 # a list of words
	"$top/tools/lab/machine/run.sh" "$@" "$kver" "$machine" "$cpus" "$name" \
		"$top/build/$name.commands" "$top/tools/lab/check/upstream" "$own" \
		$(cat "$programs/list") >&2
}

if [ "$mode" = run ]; then
	[ -f "$tests" ] || die "the tests for Linux $kver are not built:" \
		"run tools/lab/check/upstream.sh ${option:+$option }build $kver"
	patched=$results/$suite-$machine-v$kver-patched.ktap
	stock=$results/$suite-$machine-v$kver-stock.ktap
	own=$top/build/$suite-$machine-v$kver/own
	mkdir -p "${own%/*}"
	if [ "$option" ]; then
		"$top/tools/lab/check/tests.sh" "$kver" "$machine" "$cpus" kut >"$own.kut"
		awk -v kut="$KUT" -f "$top/tools/lab/check/kut.awk" "$own.kut" \
			"$KUT/x86/unittests.cfg" >"$own"
	else
		"$top/tools/lab/check/tests.sh" "$kver" "$machine" "$cpus" own >"$own"
	fi
	# What came of the tests does not change it, but a bad end of the PC does.
	status=0
	# shellcheck disable=SC2046 # a list of words
	boot patched $(cat "$tests") || status=$?
	[ -f "$patched" ] || exit "$status"
	again=$(awk -v mode=list -f "$top/tools/lab/check/compare.awk" "$patched")
	: >"$stock"
	# A bad end of this one matters if a result is missing.
	# shellcheck disable=SC2086 # a list of words
	[ -z "$again" ] || boot stock $again || :
	[ -f "$stock" ] || : >"$stock"
	awk -v mode=judge -f "$top/tools/lab/check/compare.awk" "$stock" "$patched" || status=1
	exit "$status"
fi

rm -rf "$tests" "$programs"
mkdir -p "$programs"
stock=$("$top/tools/lab/kernel/unpatched.sh" "$kver")
cp -R "$stock" "$programs/stock"

if [ "$option" ]; then
	"$top/tools/lab/guest/guest.sh" "$programs/guest" \
		"$cache/v$kver/build/arch/x86/boot/bzImage" >&2
	mkdir "$programs/x86"
	cp "$KUT"/x86/*.flat "$programs/x86"
	printf '%s\n' "$top/tools/lab/check/kut" "$programs/guest" "$programs/x86" \
		>"$programs/list"
	sed -n 's/^\[\(.*\)\].*/\1/p' "$KUT/x86/unittests.cfg" >"$tests.new"
else
	built=$("$top/tools/lab/kernel/selftests.sh" "$kver")
	echo "$built" | grep -v '/shared_msrs_\|/kernel_gs_base_test$' >"$programs/list"
	# 6.14 renamed the folder
	(cd "$tree/tools/testing/selftests/kvm" &&
		find . x86 x86_64 -maxdepth 1 -name '*.c' 2>/dev/null |
			sed 's,.*/,,; s,\.c$,,' | sort) >"$tests.new"
fi
mv "$tests.new" "$tests"
say "KTAP version 1"
say "1..1"
say "ok 1 - v$kver: the stock KVM and its tests build"
