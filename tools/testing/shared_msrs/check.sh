#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# check.sh BUILD: every test of the core and of the VMX part in user space. Prints KTAP, and keeps
# it in BUILD/results/core.tap. Needs a C compiler with sanitizers, gcov, and spatch for the
# mutants.

set -u
unset CDPATH
cd "$(dirname "$0")" || exit 1

if [ $# -ne 1 ]; then
	echo "usage: check.sh BUILD" >&2
	exit 2
fi
build=$1
results=$build/results/core.tap
log=$build/core/check.log
if ! mkdir -p "$build/results" "$build/core" 2>/dev/null || [ ! -w "$build/core" ]; then
	echo "check.sh: cannot write to $build: the checkout must be one that can be written" >&2
	exit 1
fi

tests=17
mutants=1
if command -v spatch >/dev/null; then
	core=$(./mutants.sh -l core) && vmx=$(./mutants.sh -l vmx) || exit 1
	mutants=$((core + vmx))
fi

for target in checked plain covered; do
	${MAKE:-make} -s "O=$build" $target >"$log" 2>&1 || {
		cat "$log" >&2
		echo "check.sh: the tests do not compile" >&2
		exit 1
	}
done

nr=0

# run NAME COMMAND: a test; what it prints is its diagnosis
run() {
	local name="$1" result=ok
	shift
	nr=$((nr + 1))
	"$@" >"$log" 2>&1 || result=not\ ok
	sed 's/^/# /' "$log"
	echo "$result $nr - $name"
}

# beside NAME PROGRAM: starts a long test that runs beside the others
beside() {
	local name="$1"
	shift
	"$@" >"$log.$name" 2>&1 &
	eval "beside_$name=$!"
	pids="$pids $!"
}
pids=
trap 'kill $pids 2>/dev/null' EXIT
trap 'exit 1' INT TERM

# shellcheck disable=SC2317 # called by run
ended() {
	local status=0
	eval "wait \$beside_$1" || status=$?
	cat "$log.$1"
	return "$status"
}

# shellcheck disable=SC2317 # called by run
fuzzed() {
	${MAKE:-make} -s "O=$build" SECONDS=1 fuzz
}

# The sanitizers are in all tests but the exhaustive ones, which take half an hour with them.
tests() {
	local checked="$build/core/checked" plain="$build/core/plain" seed
	echo "KTAP version 1"
	echo "1..$((tests + mutants))"
	beside vmx "$plain/vmx_explore"
	beside core "$plain/core_explore"
	run "registration: every mixture of MSRs, every preemption" "$checked/core_register"
	run "core, two VMs, 7 transitions" "$checked/core_explore" -v -d 7
	run "core with WRMSRNS, 7 transitions" "$checked/core_explore" -n -d 7
	run "core with FRED, 7 transitions" "$checked/core_explore" -f -d 7
	run "core with FRED, two VMs, 6 transitions" "$checked/core_explore" -f -v -d 6
	for seed in 1 2 "$(date +%s)"; do
		run "core at random: seed $seed" "$checked/core_random" -s "$seed"
	done
	run "vCPUs of two VMs, 4 transitions" "$checked/vmx_explore" -v -d 4
	for seed in 1 2 "$(date +%s)"; do
		run "vCPUs at random: seed $seed" "$checked/vmx_random" -s "$seed"
	done
	run "core: every interleaving" ended core
	beside two_vms "$plain/vmx_explore" -v
	run "vCPUs: every interleaving" ended vmx
	run "vCPUs of two VMs: every interleaving" ended two_vms
	run "coverage" ./coverage.sh "$build/core"
	if command -v clang >/dev/null; then
		run "the fuzzer finds nothing in a second" fuzzed
	else
		nr=$((nr + 1))
		echo "ok $nr - the fuzzer # SKIP clang is not installed, which has libFuzzer"
	fi
	if [ "$mutants" -eq 1 ]; then
		echo "ok $((tests + 1)) - mutants # SKIP spatch is not installed" \
			"(Debian's package: coccinelle)"
		return
	fi
	# One part beside the other.
	beside mutants ./mutants.sh -t $((tests + 1 + core)) vmx "$build"
	./mutants.sh -t $((tests + 1)) core "$build"
	ended mutants
}

tests | tee "$results"
awk -v promised=$((tests + mutants)) '
	/^ok .*# SKIP/ { skipped++; next }
	/^ok / { passed++ }
	/^not ok / { failed++ }
	END {
		if (passed + failed + skipped != promised)
			failed += promised - passed - failed - skipped
		printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
		exit failed > 0
	}' "$results" >"$log"
status=$?
tee -a "$results" <"$log"
exit $status
