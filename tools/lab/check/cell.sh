#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# All tests in one PC: a cell of the matrix.
#
#   cell.sh build KVER [KIND]                     builds what the PCs need; prints KTAP
#   cell.sh run KVER vmx|svm CPUS [KIND [TEST]]   boots the PC; results are run.sh's
#   cell.sh inputs KVER vmx|svm                   prints what the results of such PCs come from
#   cell.sh checkout                              prints a hash of this checkout's part in that
#
# KIND names a kernel, kasan or kcsan, or a CPU, old, new or tsx: the file tests says what they are,
# and which tests run. The default is plain. The PC is called MACHINE-CPUS-vKVER[-KIND]. What came
# of it is in build/results/cells, too: the numbers of test points, and the inputs. With TEST that
# test runs alone: the PC's name ends in -one, and build/results/cells stays as it is.

. "$(dirname "$0")/../lib.sh"

usage="usage: cell.sh build KVER [kasan|kcsan] |"
usage="$usage run KVER vmx|svm CPUS [plain|old|new|tsx|kasan|kcsan [TEST]] |"
usage="$usage inputs KVER vmx|svm | checkout"
lab=$top/tools/lab

build()
{
	local tests
	rm -rf "$programs"
	mkdir -p "$programs"
	checkout >"$programs/checkout"
	# or else the first PCs would wait for each other
	native vmx || "$lab/machine/bochs.sh" >/dev/null
	native svm || "$lab/machine/qemu.sh" >/dev/null
	"$lab/kernel/build.sh" "$kver" >&2
	# those of all PCs
	tests=$(awk '$1 ~ /^[a-z0-9_]*_test$/ && $4 !~ /^(own|kut)$/ { print $1 }' \
		"$lab/check/tests" | sort -u)
	has_kselftests "$cache/v$kver/tree" || tests=
	# shellcheck disable=SC2086 # a list of words
	[ -z "$tests" ] || "$lab/kernel/selftests.sh" "$kver" $tests >"$programs/built"
	"$lab/bench/measure.sh" --pack "$programs/measured" 8
	printf '%s\n' "$lab/check/kunit" "$lab/check/measure" "$programs/measured" \
		>>"$programs/built"
	if [ -z "$VARIANT" ]; then
		"$lab/guest/guest.sh" "$programs/guest" \
			"$cache/v$kver/build/arch/x86/boot/bzImage" >&2
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
			! -name '*.md' ! -path 'patches/mutants/*' ! -path 'patches/peers/*' \
			-exec sha256sum {} + |
			LC_ALL=C sort | sha256sum | cut -d ' ' -f 1
	)
}

# emulator: the system's QEMU is in all of them, for the Linux guest
emulator()
{
	local guest bochs
	guest="QEMU $(qemu_version qemu-system-x86_64) for the guest"
	if [ -z "$model" ] && native "$machine"; then
		say "KVM on $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $guest"
	elif [ "$machine" = vmx ]; then
		bochs=$("$lab/machine/bochs.sh")
		say "Bochs $(bochs_version "$bochs"), $guest"
	else
		say "QEMU $(qemu_version "$("$lab/machine/qemu.sh")"), $guest"
	fi
}

inputs()
{
	local tree checkout emulator
	tree=$("$lab/kernel/source.sh" "$kver")
	checkout=$(checkout)
	emulator=$(emulator)
	jq -cn --arg checkout "$checkout" --arg emulator "$emulator" \
		--arg kernel "$(kernel_version "$tree")${KSRC:+ in $KSRC}" \
		--arg compiler "$(gcc --version | head -n 1)" \
		'{checkout: $checkout, kernel: $kernel, compiler: $compiler, emulator: $emulator}'
}

run()
{
	local name result start status=0 files took
	name=$machine-$cpus-v$kver${kind:+-$kind}${test:+-one}
	[ -f "$programs/list" ] ||
		die "there is nothing to run on Linux $kver:" \
			"run tools/lab/check/cell.sh build $kver${VARIANT:+ $VARIANT}"
	mkdir -p "$results/cells"
	result=$results/cells/$name.json
	rm -f "$result" "$results/$name.ktap"
	start=$(date +%s)
	"$lab/check/tests.sh" "$kver" "$machine" "$cpus" "${kind:-plain}" ${test:+"$test"} \
		>"$top/build/$name.commands"
	files=$(cat "$programs/list")
	# more than all the others are
	grep -q ' guest/run$' "$top/build/$name.commands" ||
		files=$(echo "$files" | grep -vxF "$programs/guest")
	# shellcheck disable=SC2086 # a list of words
	"$lab/machine/run.sh" ${model:+--model "$model"} \
		"$kver" "$machine" "$cpus" "$name" "$top/build/$name.commands" $files || status=$?
	[ -z "$test" ] || exit "$status"
	[ -f "$results/$name.ktap" ] || exit "$status"
	took=$(($(date +%s) - start))
	if [ "$(checkout)" != "$(cat "$programs/checkout")" ]; then
		say "$name: the checkout has changed since the kernel was built," \
			"so this is not noted in $result" >&2
		exit "$status"
	fi
	"$lab/machine/ktap.sh" summary "$results/$name.ktap" | tail -n 1 |
		jq -R --arg name "$name" --arg kernel "$kver" --arg machine "$machine" \
			--argjson cpus "$cpus" --argjson status "$status" \
			--argjson seconds "$took" --argjson inputs "$(inputs)" '
			[scan("[0-9]+") | tonumber] as [$passed, $failed, $skipped] | {
				name: $name, kernel: $kernel, machine: $machine, cpus: $cpus,
				passed: $passed,
				# a PC that did not end well has failed, whatever its tests say
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
run-[456] | inputs-3)
	kver=$2
	machine=$3
	cpus=${4:-}
	kind=${5:-}
	[ "$kind" != plain ] || kind=
	test=${6:-}
	;;
checkout-1) kind= ;;
*) die "$usage" ;;
esac
[ -z "${kver:-}" ] || check_kernel "$kver"
[ -z "${machine:-}" ] || check_machine "$machine"
[ -z "${cpus:-}" ] || check_cpus "$cpus"
export VARIANT=
model=$(bochs_model "$kind")
case $1-$kind in
*-) ;;
build-kasan | build-kcsan | run-kasan | run-kcsan) VARIANT=$kind ;;
run-old | run-new | run-tsx)
	[ "$machine" = vmx ] || die "the kind $kind is an Intel CPU of Bochs: use vmx"
	;;
*) die "$usage" ;;
esac
programs=$top/build/programs/v${kver:-}${VARIANT:+-$VARIANT}
"$1"
