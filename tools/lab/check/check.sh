#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# check.sh KVER...: every test, for each of these kernels. Goes on after a failure; the last line is
# "N passed, N failed, N skipped". Results as KTAP in build/results. DEBUG=1: the tests that run in
# PCs, on kernels that look for errors (kasan.config and kcsan.config say of which kinds). A kernel
# whose source the package archive has not any more is skipped.

. "$(dirname "$0")/../lib.sh"
. "$top/tools/lab/check/parts.sh"

[ $# -ge 1 ] || die "usage: check.sh KVER..."
lab=$top/tools/lab
first=$1
for kver; do
	check_kernel "$kver"
	last=$kver
done

# skipped RESULTS TEXT WHY: a part that cannot run here
skipped()
{
	say "$2: skipped, $3"
	printf 'KTAP version 1\n1..1\nok 1 - %s # SKIP %s\n' "$2" "$3" >"$results/$1"
	results_of="$results_of $1"
}

parts=
results_of=
# add PART...
add()
{
	parts="$parts $*"
}

# plain KVER: the parts of the tests of one kernel. The first and the last one that are tested run
# in every PC, with KVM's own selftests. Those in between run in each kind of PC once, and ours
# alone: more would only show again what their neighbours show. What 'make apply' does with a tree
# is the same for each kernel.
plain()
{
	add "review-v$1.ktap" "build-v$1.ktap"
	add "vmx-1-v$1.ktap" "svm-2-v$1.ktap" "vmx-2-v$1-new.ktap" "vmx-2-v$1-old.ktap"
	add "reboot-vmx-v$1.ktap" "reboot-svm-v$1.ktap"
	[ "$1" != "$first" ] || add "apply-v$1.ktap"
	case $1 in
	"$first" | "$last") add "vmx-2-v$1.ktap" "svm-1-v$1.ktap" "vmx-1-v$1-new.ktap" \
			"vmx-2-v$1-tsx.ktap" "upstream-v$1.ktap" "upstream-vmx-v$1.ktap" \
			"upstream-svm-v$1.ktap" ;;
	esac
	# It goes on in the folder where the stock KVM was built.
	add "steps-v$1.ktap"
}

# debug KVER VARIANT: the PCs of a kernel that looks for errors
debug()
{
	local pc
	add "build-v$1-$2.ktap"
	for pc in vmx-1 svm-1 vmx-2 svm-2; do
		add "$pc-v$1-$2.ktap"
	done
}

has_kcsan()
{
	echo | gcc -fsanitize=thread --param tsan-distinguish-volatile=1 -c -x c -o /dev/null - \
		2>/dev/null
}

[ "${DEBUG:-0}" = 1 ] || add lint.ktap lab.ktap generate.ktap core.tap
# Unpacking a source takes half a minute of one CPU.
# shellcheck disable=SC2016 # for that shell to expand
printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 sh -c '
	"$0/kernel/source.sh" "$2" >"$1-$2.log" 2>&1
	echo "$?" >"$1-$2.status"' "$lab" "$logs/source"
for kver; do
	case $(cat "$logs/source-$kver.status") in
	0) ;;
	4)
		# Of several kernels one may be gone. Without the only one nothing is left to test.
		[ $# -gt 1 ] || {
			cat "$logs/source-$kver.log" >&2
			exit 1
		}
		skipped "source-v$kver.ktap" "v$kver: all its tests" \
			"$(sed -n 's/^error: //p' "$logs/source-$kver.log")"
		continue
		;;
	*)
		cat "$logs/source-$kver.log" >&2
		exit 1
		;;
	esac
	if [ "${DEBUG:-0}" != 1 ]; then
		plain "$kver"
		continue
	fi
	debug "$kver" kasan
	if has_kcsan; then
		debug "$kver" kcsan
	else
		skipped "build-v$kver-kcsan.ktap" "v$kver: the tests with KCSAN" \
			"this compiler has none"
	fi
done
# shellcheck disable=SC2086 # a list of words
[ -z "$parts" ] || run_parts $parts
say
cd "$results"
# shellcheck disable=SC2086 # lists of words
"$lab/machine/ktap.sh" summary $results_of $parts
