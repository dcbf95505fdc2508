#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# All tests in one machine: a cell of the matrix of kernels, machines and numbers of CPUs.
#
#   cell.sh build KVER [KIND]                what the machines need; prints KTAP
#   cell.sh run KVER vmx|svm CPUS [KIND]     boots the machine; results are run.sh's
#   cell.sh inputs KVER vmx|svm              prints what the results of such machines come from
#   cell.sh checkout                         prints a hash of this checkout's part in that
#
# KIND is that of the kernel, kasan or kcsan (build.sh has these), or that of the CPU: old is without
# "load IA32_EFER", so that EFER is a shared MSR, new has RDPID, WRMSRNS and WRMSRLIST. The machine is
# called MACHINE-CPUS-vKVER[-KIND]. What came of it is in build/results/cells, too: the numbers of
# test points, and the inputs.

. "$(dirname "$0")/../lib.sh"

usage="usage: cell.sh build KVER [kasan|kcsan] | cell.sh run KVER vmx|svm CPUS [old|new|kasan|kcsan] | cell.sh inputs KVER vmx|svm | cell.sh checkout"
lab=$top/tools/lab
tests='shared_msrs_test shared_msrs_count_test shared_msrs_bad_value_test shared_msrs_host_test
	shared_msrs_state_test shared_msrs_nested_test shared_msrs_demand_test shared_msrs_stress_test
	kernel_gs_base_test shared_msrs_hotplug_test'
seconds=600

# commands: what the machine runs
commands()
{
	for test in $tests; do
		case $test-$machine-$cpus-$kind in
		shared_msrs_hotplug_test-svm-[2-9]-kasan)
			# and KASAN's report turns lockdep off
			echo "$test 10 echo the stock kernel, too, writes past cpu_caps_set when an AMD CPU comes online; exit 4"
			;;
		# a fifth of the exits, for kernels that are so much slower
		shared_msrs_stress_test-*-kasan | shared_msrs_stress_test-*-kcsan) echo "$test $seconds ./$test -n 8000" ;;
		*) echo "$test $seconds ./$test" ;;
		esac
	done
	echo "kunit $seconds ./kunit"
	case $cpus-$kind in
	*-kasan | *-kcsan) ;;
	1-*)
		if [ "$machine" = vmx ] || native svm; then
			echo "guest 300 guest/run"
		else
			# seen with its local APIC: the timer's interrupt in the IRR, none in service, nothing masked
			echo "guest 300 echo on a busy host the AMD CPU of QEMU stops taking interrupts while a guest spins, as CPUs of a Linux guest do; exit 4"
		fi
		;;
	*)
		# patched or not: as if a page fault came twice, and found the GS of user mode in place
		echo "guest 300 echo Linux guests may die of a double fault in emulated machines with more than one CPU, stock KVM or not; exit 4"
		;;
	esac
	[ "$machine-$cpus-$kind" != vmx-1- ] || eager
	[ "$cpus-$kind" != 2- ] || per_vm
}

# eager: the tests that differ without demand loading
eager()
{
	echo "demand_shared_msrs=0 60 rmmod kvm_intel && modprobe kvm_intel demand_shared_msrs=0"
	for test in shared_msrs_test shared_msrs_count_test shared_msrs_state_test shared_msrs_nested_test; do
		echo "demand_shared_msrs=0/$test $seconds ./$test"
	done
}

# per_vm: the test of how virtualization is disabled, where the first VM enables it and the last one's
# end disables it, as all kernels did before they had this parameter
per_vm()
{
	find "$cache/v$kver/modules" -name kvm.ko -exec modinfo -F parm {} + | grep -q ^enable_virt_at_load: || return 0
	case $machine in
	vmx) vendor=kvm_intel ;;
	svm) vendor=kvm_amd ;;
	esac
	echo "enable_virt_at_load=0 60 rmmod $vendor && rmmod kvm && modprobe kvm enable_virt_at_load=0 && modprobe $vendor"
	echo "enable_virt_at_load=0/shared_msrs_hotplug_test $seconds ./shared_msrs_hotplug_test"
}

build()
{
	rm -rf "$programs"
	mkdir -p "$programs"
	checkout >"$programs/checkout"
	# or the first machines would wait for each other
	native vmx || "$lab/machine/bochs.sh" >/dev/null
	"$lab/kernel/build.sh" "$kver" >&2
	# shellcheck disable=SC2086 # a list of words
	"$lab/kernel/selftests.sh" "$kver" $tests >"$programs/built"
	echo "$lab/check/kunit" >>"$programs/built"
	if [ -z "$VARIANT" ]; then
		"$lab/guest/guest.sh" "$programs/guest" "$cache/v$kver/build/arch/x86/boot/bzImage" >&2
		echo "$programs/guest" >>"$programs/built"
	fi
	mv "$programs/built" "$programs/list"
	say "KTAP version 1"
	say "1..1"
	say "ok 1 - v$kver${VARIANT:+ with $VARIANT}: the kernel and what it runs build"
}

# checkout: all files that take part, those of the series, the lab and what 'make menuconfig' chose
checkout()
{
	(
		cd "$top"
		options=build/series.config
		[ -f "$options" ] || options=
		find tools/lab patches arch Documentation tools/testing/selftests $options -type f \
			! -path 'patches/mutants/*' ! -path 'patches/peers/*' -exec sha256sum {} + |
			LC_ALL=C sort | sha256sum | cut -d ' ' -f 1
	)
}

# emulator: QEMU is in all of them, for the Linux guest
emulator()
{
	emulator_qemu="QEMU $(qemu-system-x86_64 --version | sed -n '1s/^QEMU emulator version //p')"
	if [ -z "${MODEL:-}" ] && native "$machine"; then
		say "KVM on $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $emulator_qemu"
	elif [ "$machine" = vmx ]; then
		emulator_bochs=$("$lab/machine/bochs.sh")
		say "Bochs $(bochs_version "$emulator_bochs"), $emulator_qemu"
	else
		say "$emulator_qemu"
	fi
}

inputs()
{
	inputs_tree=$("$lab/kernel/source.sh" "$kver")
	inputs_checkout=$(checkout)
	inputs_emulator=$(emulator)
	jq -cn --arg checkout "$inputs_checkout" --arg emulator "$inputs_emulator" \
		--arg kernel "$(make -s -C "$inputs_tree" kernelversion)${KSRC:+ in $KSRC}" \
		--arg compiler "$(gcc --version | head -n 1)" \
		'{checkout: $checkout, kernel: $kernel, compiler: $compiler, emulator: $emulator}'
}

run()
{
	name=$machine-$cpus-v$kver${kind:+-$kind}
	[ -f "$programs/list" ] ||
		die "there is nothing to run on Linux $kver: run tools/lab/check/cell.sh build $kver $VARIANT"
	mkdir -p "$results/cells"
	result=$results/cells/$name.json
	rm -f "$result" "$results/$name.ktap"
	start=$(date +%s)
	commands >"$top/build/$name.commands"
	files=$(cat "$programs/list")
	# more than all the others are
	grep -q ' guest/run$' "$top/build/$name.commands" ||
		files=$(echo "$files" | grep -vxF "$programs/guest")
	status=0
	# shellcheck disable=SC2086 # a list of words
	"$lab/machine/run.sh" "$kver" "$machine" "$cpus" "$name" "$top/build/$name.commands" $files || status=$?
	[ -f "$results/$name.ktap" ] || exit "$status"
	took=$(($(date +%s) - start))
	if [ "$(checkout)" != "$(cat "$programs/checkout")" ]; then
		say "$name: the checkout is not what it was when the kernel was built, so this is not noted in $result" >&2
		exit "$status"
	fi
	"$lab/machine/ktap.sh" summary "$results/$name.ktap" | tail -n 1 |
		jq -R --arg name "$name" --arg kernel "$kver" --arg machine "$machine" --argjson cpus "$cpus" \
			--argjson status "$status" --argjson seconds "$took" --argjson inputs "$(inputs)" '
			[scan("[0-9]+") | tonumber] as [$passed, $failed, $skipped] | {
				name: $name, kernel: $kernel, machine: $machine, cpus: $cpus,
				passed: $passed,
				# a machine that did not end well has failed, whatever its tests say
				failed: (if $failed == 0 and $status != 0 then 1 else $failed end),
				skipped: $skipped, seconds: $seconds, inputs: $inputs
			}' >"$result.new"
	mv "$result.new" "$result"
	exit "$status"
}

need jq jq
case ${1:-}-$# in
build-[23])
	kver=$2
	kind=${3:-}
	;;
run-[45] | inputs-3)
	kver=$2
	machine=$3
	cpus=${4:-}
	kind=${5:-}
	;;
checkout-1) kind= ;;
*) die "$usage" ;;
esac
case ${machine:-vmx} in
vmx | svm) ;;
*) die "$usage" ;;
esac
export VARIANT=
case $1-$kind in
*-) ;;
build-kasan | build-kcsan | run-kasan | run-kcsan) VARIANT=$kind ;;
run-old) export MODEL=core2_penryn_t9600 ;;
run-new) export MODEL='arrow_lake,add_features="wrmsrns msrlist"' ;;
*) die "$usage" ;;
esac
programs=$top/build/programs/v${kver:-}${VARIANT:+-$VARIANT}
"$1"
