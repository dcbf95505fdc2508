#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# check.sh KVER...: every test, for each of these kernels. Goes on after a failure; the last line is
# "N passed, N failed, N skipped". Results as KTAP in build/results.

. "$(dirname "$0")/lib.sh"

[ $# -ge 1 ] || die "usage: check.sh KVER..."
lab=$top/tools/lab
machines='vmx svm'
cpu_counts='1 2'
tests='shared_msrs_test shared_msrs_count_test shared_msrs_bad_value_test'
mkdir -p "$logs" "$results"

for kver; do
	"$lab/source.sh" "$kver" >"$logs/source.log" || exit 1
done

total=$((3 + $# * 8))
number=0
files=

# part RESULTS TEXT COMMAND...: a part of the tests; the command prints KTAP, or leaves it in the file
# RESULTS by itself
part()
{
	part_name=$1
	part_text=$2
	shift 2
	number=$((number + 1))
	part_ktap=$results/$part_name
	part_log=$logs/${part_name%.*}.log
	files="$files $part_ktap"
	printf '[%d/%d] %s ... ' "$number" "$total" "$part_text"
	part_start=$(date +%s)
	rm -f "$part_ktap"
	part_status=0
	limit 3600 "$@" >"$part_log.out" 2>"$part_log" || part_status=$?
	[ -f "$part_ktap" ] || cp "$part_log.out" "$part_ktap"
	rm -f "$part_log.out"
	if [ "$part_status" -ne 0 ] && ! grep -q '^not ok' "$part_ktap"; then
		echo "not ok 0 - $part_text # $(sed -n 's/^error: //p' "$part_log" | tail -n 1)" \
			>>"$part_ktap"
	fi
	"$lab/ktap.sh" summary "$part_ktap" >"$part_log.summary" || :
	echo "$(tail -n 1 "$part_log.summary") ($(($(date +%s) - part_start)) s)"
	grep '^    not ok' "$part_log.summary" || :
	rm -f "$part_log.summary"
	[ "${V:-0}" != 1 ] || cat "$part_log"
}

# commands FILE: what the machines run. KUnit's results are in the kernel's log.
commands()
{
	for test in $tests; do
		echo "$test 600 ./$test"
	done >"$1"
	cat >>"$1" <<-'END'
		kunit 120 echo kunit begins >/dev/kmsg; modprobe kvm-shared-msrs-kunit && dmesg | sed '1,/kunit begins$/d; s/^\[[^]]*\] //' >/tmp/kunit; cat /tmp/kunit; grep -q '^ok 1 .*kvm-shared-msrs' /tmp/kunit
	END
}

# built KVER: what the machines need; its own steps are shown
built()
{
	"$lab/build.sh" "$1" || return 1
	# shellcheck disable=SC2086 # a list of words
	programs=$("$lab/selftests.sh" "$1" $tests)
}

part lint.ktap "scripts and files" "$lab/lint.sh"
part lab.ktap "the lab's own negative tests" "$lab/selfcheck.sh"
part core.tap "the core, explored in user space" make -s -C "$top/tools/testing/shared_msrs" check

for kver; do
	part "review-v$kver.ktap" "v$kver: git am, checkpatch" "$lab/review.sh" "$kver"
	part "apply-v$kver.ktap" "v$kver: apply to a user's tree" "$lab/apply_test.sh" "$kver"
	if built "$kver"; then
		number=$((number + 1))
		for machine in $machines; do
			for cpus in $cpu_counts; do
				name=$machine-$cpus-v$kver
				commands "$top/build/check.commands"
				# shellcheck disable=SC2086 # a list of words
				part "$name.ktap" "v$kver: $machine, $cpus CPU(s)" "$lab/run.sh" "$kver" \
					"$machine" "$cpus" "$name" "$top/build/check.commands" $programs
			done
		done
		part "steps-v$kver.ktap" "v$kver: every step builds, sparse and W=1 are silent" \
			"$lab/steps.sh" "$kver"
	else
		part "build-v$kver.ktap" "v$kver: the kernel builds" false
	fi
done

say
# shellcheck disable=SC2086 # a list of words
"$lab/ktap.sh" summary $files
