#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# check.sh BUILD: every test of the core and of the VMX part in user space. Prints KTAP, and keeps it in
# BUILD/results/core.tap. Needs a C compiler with sanitizers, gcov, and spatch for the mutants.

set -u
cd "$(dirname "$0")" || exit 1

if [ $# -ne 1 ]; then
	echo "usage: check.sh BUILD" >&2
	exit 2
fi
build=$1
results=$build/results/core.tap
log=$build/core/check.log
mkdir -p "$build/results" "$build/core"

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
	name=$1
	shift
	nr=$((nr + 1))
	result=ok
	"$@" >"$log" 2>&1 || result=not\ ok
	sed 's/^/# /' "$log"
	echo "$result $nr - $name"
}

# The longest of them, beside the others.
explore_vcpus() {
	"$build/core/checked/vcpus" >"$log.vcpus" 2>&1 &
	beside=$!
	trap 'kill "$beside" 2>/dev/null' EXIT
	trap 'exit 1' INT TERM
}

# shellcheck disable=SC2317 # called by run
vcpus_explored() {
	wait "$beside"
	status=$?
	cat "$log.vcpus"
	return "$status"
}

tests() {
	checked=$build/core/checked
	echo "KTAP version 1"
	echo "1..$((tests + mutants))"
	explore_vcpus
	run "registration: every mixture of MSRs, every preemption" "$checked/register"
	run "explorer: every interleaving" "$checked/explore"
	run "explorer: with WRMSRNS and WRMSRLIST, 10 steps" "$checked/explore" -l -d 10
	run "explorer: with FRED, 10 steps" "$checked/explore" -f -d 10
	for seed in 1 2 "$(date +%s)"; do
		run "model: seed $seed" "$checked/random" -s "$seed"
	done
	run "vCPUs: every interleaving" vcpus_explored
	for seed in 1 2 "$(date +%s)"; do
		run "vCPUs at random: seed $seed" "$checked/walk" -s "$seed"
	done
	run "coverage" ./coverage.sh "$build/core"
	if [ "$mutants" -eq 1 ]; then
		echo "ok $((tests + 1)) - mutants # SKIP spatch is not installed (Debian's package: coccinelle)"
		return
	fi
	# One part beside the other.
	./mutants.sh -t $((tests + 1 + core)) vmx "$build" >"$log.mutants" 2>&1 &
	beside=$!
	./mutants.sh -t $((tests + 1)) core "$build"
	wait "$beside"
	cat "$log.mutants"
	sed 's/^/# /' "$build/results/core-mutants.txt" "$build/results/vmx-mutants.txt"
}

tests=12
mutants=1
if command -v spatch >/dev/null; then
	core=$(./mutants.sh -l core | wc -l)
	mutants=$((core + $(./mutants.sh -l vmx | wc -l)))
fi
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
