# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # of the script that sources this
# The table of tests gives each PC its tests: one that is lost would not be missed otherwise.

tests="$top/tools/lab/check/tests.sh 5.10"

programs=$(cat "$top"/patches/kvm-selftests-shared-msrs-*/files |
	sed -n 's|.*/\([a-z0-9_]*_test\)\.c.*|\1|p' | sort)

# runs OTHERS MACHINE CPUS KIND: all kselftests of the series, and so many other tests
runs()
{
	local others="$1"
	shift
	$tests "$@" | cut -d ' ' -f 1 | sort -u >"$work/runs"
	same "$(grep '^[a-z0-9_]*_test$' "$work/runs")" "$programs" "tests: $* has every kselftest"
	same "$(grep -vc '^[a-z0-9_]*_test$' "$work/runs")" "$others" "tests: $* has $others others"
}
runs 12 vmx 1 plain
runs 2 vmx 2 plain
runs 3 svm 1 plain
runs 2 svm 2 plain
runs 2 vmx 1 new
runs 1 vmx 2 old
runs 1 vmx 2 tsx
runs 1 vmx 1 kasan
runs 1 svm 2 kcsan

same "$($tests svm 2 kasan | grep '^shared_msrs_stress_test ')" \
	"shared_msrs_stress_test 600 ./shared_msrs_stress_test -n 8000" "tests: the first line that fits counts"
mkdir -p "$work/no-selftests/kvm-shared-msrs/v5.10/tree"
same "$(XDG_CACHE_HOME="$work/no-selftests" $tests vmx 1 plain shared_msrs_test | sed 's/.*; //')" "exit 4" \
	"tests: one that cannot run is skipped"
same "$($tests vmx 1 plain demand_shared_msrs=0/shared_msrs_test | cut -d ' ' -f 1 | paste -sd ' ')" \
	"demand_shared_msrs=0 demand_shared_msrs=0/shared_msrs_test" "tests: one alone, and what it needs"
same "$($tests vmx 2 new measure 2>&1)" \
	"error: the PC vmx, 2 CPU(s), new has no test 'measure': see $top/tools/lab/check/tests" \
	"tests: one that the PC does not have"
same "$($tests vmx 1 fast 2>&1)" \
	"error: there is no kind 'fast' of PC: see $top/tools/lab/check/tests" "tests: an unknown kind"
