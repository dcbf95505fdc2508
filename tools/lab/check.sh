#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# check.sh KVER...: every test, for each of these kernels. Goes on after a failure; the last line is
# "N passed, N failed, N skipped". Results as KTAP in build/results. DEBUG=1: the tests that run in
# machines, on kernels that look for errors (kasan.config and kcsan.config say of which kinds).

. "$(dirname "$0")/lib.sh"

[ $# -ge 1 ] || die "usage: check.sh KVER..."
lab=$top/tools/lab
cpu_counts='1 2'
# without "load IA32_EFER": EFER is a shared MSR
old_vmx=core2_penryn_t9600
# with RDPID, WRMSRNS and WRMSRLIST
new_vmx='arrow_lake,add_features="wrmsrns msrlist"'
tests='shared_msrs_test shared_msrs_count_test shared_msrs_bad_value_test shared_msrs_host_test
	shared_msrs_state_test shared_msrs_nested_test shared_msrs_demand_test shared_msrs_stress_test
	kernel_gs_base_test shared_msrs_hotplug_test'
variants=plain
seconds=600
part_seconds=4000
parts=3
parts_per_kernel=14
parts_if_built=10
if [ "${DEBUG:-0}" = 1 ]; then
	variants='kasan kcsan'
	parts=0
	parts_per_kernel=10
	parts_if_built=4
fi
mkdir -p "$logs" "$results"

for kver; do
	"$lab/source.sh" "$kver" >"$logs/source.log" || exit 1
done

total=$((parts + $# * parts_per_kernel))
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
	limit "$part_seconds" "$@" >"$part_log.out" 2>"$part_log" || part_status=$?
	[ -f "$part_ktap" ] || cp "$part_log.out" "$part_ktap"
	rm -f "$part_log.out"
	if [ "$part_status" -ne 0 ] && ! grep -q '^not ok' "$part_ktap"; then
		part_why=$(sed -n 's/^error: //p' "$part_log" | tail -n 1)
		[ "$part_status" -ne 124 ] || part_why="no end within $part_seconds s"
		echo "not ok 0 - $part_text # $part_why" >>"$part_ktap"
	fi
	"$lab/ktap.sh" summary "$part_ktap" >"$part_log.summary" || :
	echo "$(tail -n 1 "$part_log.summary") ($(($(date +%s) - part_start)) s)"
	grep '^    not ok' "$part_log.summary" || :
	rm -f "$part_log.summary"
	[ "${V:-0}" != 1 ] || cat "$part_log"
}

# commands FILE MACHINE CPUS SUFFIX: what a machine runs
commands()
{
	for test in $tests; do
		case $test-$VARIANT-$2-$3$4 in
		shared_msrs_hotplug_test-kasan-svm-[2-9])
			# and KASAN's report turns lockdep off
			echo "$test 10 echo the stock kernel, too, writes past cpu_caps_set when an AMD CPU comes online; exit 4"
			;;
		shared_msrs_host_test-*-new)
			echo "$test 10 echo no signal interrupts KVM_RUN on this CPU of Bochs, stock KVM or not; exit 4"
			;;
		# a fifth of the exits, for kernels that are so much slower
		shared_msrs_stress_test-k*) echo "$test $seconds ./$test -n 8000" ;;
		*) echo "$test $seconds ./$test" ;;
		esac
	done >"$1"
	echo "kunit $seconds ./kunit" >>"$1"
	case $variants-$2-$3 in
	plain-*-2)
		# patched or not: as if a page fault came twice, and found the GS of user mode in place
		echo "guest 300 echo Linux guests may die of a double fault in emulated machines with more than one CPU, stock KVM or not; exit 4"
		;;
	plain-*) echo "guest 300 guest/run" ;;
	esac >>"$1"
	[ "$variants-$2-$3$4" != plain-vmx-1 ] || eager >>"$1"
}

# eager: the tests that differ without demand loading
eager()
{
	echo "demand_shared_msrs=0 60 rmmod kvm_intel && modprobe kvm_intel demand_shared_msrs=0"
	for test in shared_msrs_test shared_msrs_count_test shared_msrs_state_test shared_msrs_nested_test; do
		echo "demand_shared_msrs=0/$test $seconds ./$test"
	done
}

# built KVER: what the machines need; its own steps are shown
built()
{
	"$lab/build.sh" "$1" || return 1
	# shellcheck disable=SC2086 # a list of words
	programs=$("$lab/selftests.sh" "$1" $tests) || return 1
	programs="$programs $lab/kunit"
	if [ "$variants" = plain ]; then
		"$lab/guest.sh" "$top/build/guest" "$cache/v$1/build/arch/x86/boot/bzImage" || return 1
		programs="$programs $top/build/guest"
	fi
}

# boot KVER MACHINE CPUS SUFFIX: a machine with all tests
boot()
{
	name=$2-$3-v$1$4
	commands "$top/build/check.commands" "$2" "$3" "$4"
	# shellcheck disable=SC2086 # a list of words
	part "$name.ktap" "v$1: $2, $3 CPU(s)${4:+, ${4#-}}" "$lab/run.sh" "$1" "$2" "$3" "$name" \
		"$top/build/check.commands" $programs
}

# more KVER: what is asked of the patched kernel besides
more()
{
	stress=$(echo "$programs" | grep -o '[^ ]*/shared_msrs_stress_test')
	for machine in vmx svm; do
		part "reboot-$machine-v$1.ktap" "v$1: reboot under vCPUs, $machine, 2 CPU(s)" \
			"$lab/reboot.sh" "$1" "$machine" 2 "$stress"
	done
	files_of_upstream=$("$lab/upstream.sh" "$1" "$top/build/upstream.commands") || return 1
	for machine in vmx svm; do
		name=upstream-$machine-v$1
		# shellcheck disable=SC2086 # a list of words
		part "$name.ktap" "v$1: KVM's own selftests, stock against patched, $machine, 2 CPU(s)" \
			"$lab/run.sh" "$1" "$machine" 2 "$name" "$top/build/upstream.commands" $files_of_upstream
	done
}

# machines KVER VARIANT: builds one kernel and runs the tests in every machine
machines()
{
	suffix=
	[ "$2" = plain ] || suffix=-$2
	export VARIANT="${suffix#-}"
	if [ "$2" = kcsan ] && ! echo | gcc -fsanitize=thread --param tsan-distinguish-volatile=1 \
		-c -x c -o /dev/null - 2>/dev/null; then
		total=$((total - 4))
		part "build-v$1-kcsan.ktap" "v$1: KCSAN" \
			echo "ok 1 - the kernel builds with KCSAN # SKIP this compiler has none"
	elif built "$1"; then
		number=$((number + 1))
		for cpus in $cpu_counts; do
			boot "$1" vmx "$cpus" "$suffix"
			boot "$1" svm "$cpus" "$suffix"
		done
		if [ "$2" = plain ]; then
			export MODEL=$old_vmx
			boot "$1" vmx 2 -old
			MODEL=$new_vmx
			boot "$1" vmx 1 -new
			unset MODEL
			if ! more "$1"; then
				total=$((total - 1))
				part "upstream-v$1.ktap" "v$1: KVM's own selftests build" false
			fi
		fi
	else
		total=$((total - parts_if_built))
		part "build-v$1$suffix.ktap" "v$1: the kernel builds" false
	fi
	unset VARIANT
}

if [ "$variants" = plain ]; then
	part lint.ktap "scripts and files" "$lab/lint.sh"
	part lab.ktap "the lab's own negative tests" "$lab/selfcheck.sh"
	part core.tap "the core, explored in user space" make -s -C "$top/tools/testing/shared_msrs" check
fi

for kver; do
	if [ "$variants" = plain ]; then
		part "review-v$kver.ktap" "v$kver: git am, checkpatch" "$lab/review.sh" "$kver"
		part "apply-v$kver.ktap" "v$kver: apply to a user's tree" "$lab/apply_test.sh" "$kver"
	fi
	for variant in $variants; do
		machines "$kver" "$variant"
	done
	[ "$variants" != plain ] ||
		part "steps-v$kver.ktap" "v$kver: every step builds, sparse and W=1 are silent" \
			"$lab/steps.sh" "$kver"
done

say
# shellcheck disable=SC2086 # a list of words
"$lab/ktap.sh" summary $files
