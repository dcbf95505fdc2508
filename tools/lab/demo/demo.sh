#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# demo.sh KVER: from nothing to guests under the patched kernel KVER on an emulated Intel CPU, and
# a table of what shared MSRs save beside the stock KVM. Leaves build/results/demo-vKVER.json and
# demo-vKVER.svg.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 1 ] || die "usage: demo.sh KVER"
kver=$1
check_kernel "$kver"
lab=$top/tools/lab
name=demo-v$kver
json=$results/$name.json
svg=$results/$name.svg
rm -f "$json" "$svg" "$logs/$name.results" "$results/$name.ktap"

# The source comes while packages are installed. If it needs one of these, phase 2 gets it.
"$lab/kernel/source.sh" "$kver" >"$logs/$name.source" 2>&1 &
source=$!
trap 'kill "$source" 2>/dev/null || :' EXIT
phase 1 6 "tools" "$lab/debian/deps.sh"
wait "$source" || :
phase 2 6 "Linux $kver" "$lab/kernel/source.sh" "$kver"
phase 3 6 "the patch series" "$lab/series/series.sh" "$kver"
phase 4 6 "kernel and modules (minutes the first time)" "$lab/kernel/build.sh" "$kver"
stock=$("$lab/kernel/unpatched.sh" "$kver")
say "(5/6) kselftests"
test=
if has_kselftests "$cache/v$kver/tree"; then
	test=$("$lab/kernel/selftests.sh" "$kver" shared_msrs_test)
else
	say "left out: Linux $kver has no tools/testing/selftests/kvm/Makefile"
fi
gcc -O2 -Wall -D_GNU_SOURCE -static -o "$top/build/demo" "$lab/demo/demo.c"
rm -rf "$top/build/stock"
mkdir "$top/build/stock"
find "$stock" \( -name kvm.ko -o -name kvm-intel.ko \) -exec cp {} "$top/build/stock" \;

{
	echo "demo 300 ./demo"
	[ -z "$test" ] || echo "shared_msrs_test 600 ./shared_msrs_test"
	echo "load_stock 60 rmmod kvm_intel kvm && insmod stock/kvm.ko && insmod stock/kvm-intel.ko"
	echo "stock 300 ./demo"
} >"$top/build/demo.commands"
# One CPU of Haswell is enough: where no Bochs has been built yet, Debian's has it, too.
native vmx || {
	BOCHS=$("$lab/machine/bochs.sh" --quick)
	export BOCHS
}
say "(6/6) an emulated Intel CPU boots Linux $kver, loads kvm_intel and runs guests (seconds)"
status=0
# shellcheck disable=SC2086 # there may be none
"$lab/machine/run.sh" "$kver" vmx "${CPUS:-1}" "$name" "$top/build/demo.commands" \
	"$top/build/demo" $test "$top/build/stock" \
	>"$logs/$name.run" 2>&1 || status=$?

[ -s "$logs/$name.results" ] || die "$(sed -n 's/^error: //p' "$logs/$name.run" | tail -n 1)"

# output TEST: what it printed: a table for people, and lines of JSON
output()
{
	tr -d '\r' <"$logs/$name.results" | sed -n "/^lab: begin $1\$/,/^lab: end /{/^lab: /d;p}" \
		>"$top/build/$1.output"
}
output demo
output stock
say
grep -v '^json ' "$top/build/demo.output" || :

# number NAME TEST: of its JSON
number()
{
	sed -n "s/^json \"$1\": \([0-9]*\),$/\1/p" "$top/build/$2.output"
}

# row TEXT NAME: as the series and the stock KVM have it; for gnuplot, too
row()
{
	printf '%-48s %12s %12s\n' "$1" "$(number "$2" stock)" "$(number "$2" demo)"
	say "\"$1\" $(number "$2" stock) $(number "$2" demo)" >>"$top/build/demo.plot"
}
trips=$(number user_round_trips demo)
say '"" stock series' >"$top/build/demo.plot"
printf '%-48s %12s %12s\n' WRMSRs stock series
row "$(number kernel_exits demo) kernel exits" kernel_exit_wrmsrs
row "$trips user trips, no value used" unused_user_round_trip_wrmsrs
row "$trips user trips, all values used" user_round_trip_wrmsrs
say
say "Where a host is a virtual machine itself, each of these WRMSRs is a VM-exit to the"
say "hypervisor below. 'make bench NESTED=1' measures that."
limit 60 gnuplot -e "data='$top/build/demo.plot'; kernel='$kver'" "$lab/demo/demo.gp" \
	>"$svg" 2>"$logs/$name.plot" || die "gnuplot: $(grep . "$logs/$name.plot" | tail -n 1)"
say

tests=$results/$name.ktap
passed=$(grep '^ok .* - shared_msrs_test: ' "$tests" | grep -vc '# SKIP') || :
failed=$(grep -c '^not ok .* - shared_msrs_test' "$tests") || :
say "kselftest shared_msrs_test: $passed passed, $failed failed"
sed -n 's/^ok .* - shared_msrs_test: .*# SKIP .*: //p' "$tests" | sort | uniq -c |
	awk '{ count = $1; $1 = ""; printf "    %d skipped:%s\n", count, $0 }'

[ "$status" -eq 0 ] || die "$(sed -n 's/^error: //p' "$logs/$name.run" | tail -n 1)"
[ "$passed" -gt 0 ] || [ -z "$test" ] || die "no kselftest passed: $tests"

{
	echo '{'
	echo "  \"kernel\": \"$kver\","
	sed -n 's/^json /  /p' "$top/build/demo.output"
	sed -n '/_wrmsrs/s/^json "/  "stock_/p' "$top/build/stock.output"
	echo "  \"selftests_passed\": $passed,"
	echo "  \"selftests_failed\": $failed"
	echo '}'
} >"$json.new"
mv "$json.new" "$json"
say "These figures: $json"
say "As a picture: $svg"
