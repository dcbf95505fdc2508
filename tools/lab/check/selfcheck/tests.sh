# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # of the script that sources this
# The table of tests gives each PC its tests: one that is lost would not be missed otherwise.

tests="$top/tools/lab/check/tests.sh 5.10"

# runs COUNT MACHINE CPUS KIND
runs()
{
	local count="$1"
	shift
	same "$($tests "$@" | cut -d ' ' -f 1 | sort -u | wc -l)" "$count" "tests: $* has $count of them"
}
runs 27 vmx 1 plain
runs 17 vmx 2 plain
runs 18 svm 1 plain
runs 17 svm 2 plain
runs 17 vmx 1 new
runs 17 vmx 2 old
runs 17 vmx 2 tsx
runs 16 vmx 1 kasan
runs 16 svm 2 kcsan
runs 12 vmx 1 debian

same "$($tests svm 2 kasan | grep '^shared_msrs_stress_test ')" \
	"shared_msrs_stress_test 600 ./shared_msrs_stress_test -n 8000" "tests: the first line that fits counts"
same "$($tests svm 2 kasan | grep '^shared_msrs_hotplug_test ' | sed 's/.*; //')" "exit 4" \
	"tests: one that cannot run is skipped"
same "$($tests vmx 1 fast 2>&1)" \
	"error: there is no kind 'fast' of PC: see $top/tools/lab/check/tests" "tests: an unknown kind"
