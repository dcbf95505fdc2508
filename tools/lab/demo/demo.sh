#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# demo.sh KVER: from nothing to guests under the patched kernel KVER on an emulated Intel CPU, and
# a table of what shared MSRs save. Leaves build/results/demo-vKVER.json.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || die "usage: demo.sh KVER"
kver=$1
check_kernel "$kver"
lab=$top/tools/lab
name=demo-v$kver
json=$results/$name.json
rm -f "$json" "$logs/$name.results" "$results/$name.ktap"

# The source comes while packages are installed. If it needs one of these, phase 2 gets it.
"$lab/kernel/source.sh" "$kver" >"$logs/$name.source" 2>&1 &
source=$!
trap 'kill "$source" 2>/dev/null || :' EXIT
phase 1 6 "tools" "$lab/debian/deps.sh"
wait "$source" || :
phase 2 6 "Linux $kver" "$lab/kernel/source.sh" "$kver"
phase 3 6 "the patch series" "$lab/series/series.sh" "$kver"
phase 4 6 "kernel and modules (minutes the first time)" "$lab/kernel/build.sh" "$kver"
say "(5/6) kselftests"
test=$("$lab/kernel/selftests.sh" "$kver" shared_msrs_test)
gcc -O2 -Wall -D_GNU_SOURCE -static -o "$top/build/demo" "$lab/demo/demo.c"

cat >"$top/build/demo.commands" <<-END
	demo 300 ./demo
	shared_msrs_test 600 ./shared_msrs_test
END
# One CPU of Haswell is enough: where no Bochs has been built yet, Debian's has it, too.
native vmx || {
	BOCHS=$("$lab/machine/bochs.sh" --quick)
	export BOCHS
}
say "(6/6) an emulated Intel CPU boots Linux $kver, loads kvm_intel and runs guests (seconds)"
status=0
"$lab/machine/run.sh" "$kver" vmx "${CPUS:-1}" "$name" "$top/build/demo.commands" \
	"$top/build/demo" "$test" \
	>"$logs/$name.run" 2>&1 || status=$?

[ -s "$logs/$name.results" ] || die "$(sed -n 's/^error: //p' "$logs/$name.run" | tail -n 1)"

# What the demo printed: a table for people, and lines of JSON.
tr -d '\r' <"$logs/$name.results" | sed -n '/^lab: begin demo$/,/^lab: end /{/^lab: /d;p}' \
	>"$top/build/demo.output"
say
grep -v '^json ' "$top/build/demo.output" || :

tests=$results/$name.ktap
passed=$(grep '^ok .* - shared_msrs_test: ' "$tests" | grep -vc '# SKIP') || :
failed=$(grep -c '^not ok .* - shared_msrs_test' "$tests") || :
say "kselftest shared_msrs_test: $passed passed, $failed failed"
sed -n 's/^ok .* - shared_msrs_test: .*# SKIP .*: //p' "$tests" | sort | uniq -c |
	awk '{ count = $1; $1 = ""; printf "    %d skipped:%s\n", count, $0 }'

[ "$status" -eq 0 ] || die "$(sed -n 's/^error: //p' "$logs/$name.run" | tail -n 1)"
[ "$passed" -gt 0 ] || die "no kselftest passed: $tests"

{
	echo '{'
	echo "  \"kernel\": \"$kver\","
	sed -n 's/^json /  /p' "$top/build/demo.output"
	echo "  \"selftests_passed\": $passed,"
	echo "  \"selftests_failed\": $failed"
	echo '}'
} >"$json.new"
mv "$json.new" "$json"
say "These figures: $json"
