#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Compare what this series costs a guest with the stock kernel and with other policies, all in one
# boot of one kernel on an Intel CPU: an emulated one, whose TSC counts instructions, or, where
# the host has KVM with nesting, one that counts cycles.
#
#   bench.sh [--nested] KVER [POLICY...]
#
# The policies are stock, plain (this series), demand (with demand loading, if it has it), and those
# of patches/peers/peers; with POLICY only these. Prints a table, and leaves it in build/results/
# as bench-vKVER.txt, with bench-vKVER.json and, if all are compared, bench-vKVER.svg. Those of
# patches/peers/peers must also pass kselftests on two CPUs, in build/results/peers-vKVER.ktap.
#
# With --nested a virtual machine on stock and on demand runs this kernel, and measures stock,
# demand and each POLICY there: build/results/nested-vKVER.{txt,json,svg}.

. "$(dirname "$0")/../lib.sh"

nested=
if [ "${1:-}" = --nested ]; then
	nested=1
	shift
fi
case ${1:-} in
'' | -*) die "usage: bench.sh [--nested] KVER [POLICY...]" ;;
esac
kver=$1
shift
[ $# -eq 0 ] || printf '%s\n' "$@" | grep -qvx -e twice -e intercept ||
	die "$* needs plain beside it: run tools/lab/bench/bench.sh $kver plain $*"
need spatch coccinelle
need size binutils
[ $# -gt 0 ] || need gnuplot gnuplot-nox
lab=$top/tools/lab
# The kernel of the guest that boots Linux is another one, so that its values are, too. With KSRC=
# there may be no other: it is the same, and KASLR makes its LSTAR differ.
case $kver in
5.10) guest_kver=6.1 ;;
*) guest_kver=5.10 ;;
esac
[ -z "$nested${KSRC:-}" ] || guest_kver=$kver
guest_kernel=$cache/v$guest_kver/build/arch/x86/boot/bzImage
peers=$top/patches/peers
dir=$cache/v$kver
sets=$dir/bench
name=bench-v$kver
[ -z "$nested" ] || name=nested-v$kver
out=$results/$name
list=$(sed 's/#.*//' "$peers/peers" | awk 'NF')
all="$(echo "$list" | awk '!($1 in seen) { seen[$1] = 1; printf "%s ", $1 }')stock plain demand"
for policy; do
	echo "$all" | tr ' ' '\n' | grep -qx -e "$policy" ||
		die "there is no policy '$policy': the policies are $all"
done

"$lab/kernel/build.sh" "$kver"
# those that are not about how this series loads values
tests=$("$lab/kernel/selftests.sh" "$kver" shared_msrs_test shared_msrs_host_test \
	shared_msrs_mode_test shared_msrs_efer_test shared_msrs_cpuid_test shared_msrs_vcpus_test \
	shared_msrs_bad_value_test shared_msrs_stress_test shared_msrs_secret_test)
test=$(echo "$tests" | grep '/shared_msrs_test$')
secret_test=$(echo "$tests" | grep '/shared_msrs_secret_test$')
tests=$(echo "$tests" | grep -v '/shared_msrs_secret_test$')
mkdir -p "$top/build/bench"
gcc -O2 -Wall -D_GNU_SOURCE -static -pthread -o "$top/build/bench/measure" "$lab/bench/bench.c"
# KVM is not in there, so any will do
[ -f "$guest_kernel" ] || "$lab/kernel/build.sh" "$guest_kver"
"$lab/guest/guest.sh" "$top/build/bench/guest" "$guest_kernel"

# keep POLICY MODULES: what of the folder MODULES a machine loads
keep()
{
	rm -rf "${sets:?}/$1"
	mkdir -p "$sets/$1"
	find "$2" \( -name kvm.ko -o -name kvm-intel.ko \) -exec cp {} "$sets/$1" \;
}

keep plain "$dir/modules"
demand=1
if ! modinfo -F parm "$sets/plain/kvm-intel.ko" | grep -q ^demand_shared_msrs:; then
	case " $* " in
	*' demand '*) die "this series has no demand loading: see build/series.config" ;;
	esac
	all=${all% demand}
	demand=
fi
complete=
if [ $# -eq 0 ]; then
	complete=1
fi
if [ "$nested" ]; then
	# shellcheck disable=SC2046 # a list of words
	set -- stock demand $(echo "$*" | tr ' ' '\n' | grep -vx -e stock -e demand)
elif [ "$complete" ]; then
	# shellcheck disable=SC2086 # a list of words
	set -- $all
fi

# peer POLICY: its modules
peer()
{
	step "$kver-bench-$1" 2400 "building KVM with the policy '$1'" \
		"$lab/bench/peer.sh" "$kver" "$1"
	keep "$1" "$dir/peers-modules"
}

lock "$sets.lock"
steps $#
for policy; do
	case $policy in
	plain | demand) steps_done=$((steps_done + 1)) ;;
	stock)
		steps_done=$((steps_done + 1))
		stock=$("$lab/kernel/unpatched.sh" "$kver")
		keep stock "$stock"
		;;
	*)
		# a commit changes no more than the dates of the series
		made_of=$(sed '/^From /d; /^Date: /d' "$top/build/series/v$kver"/*-[DK]*.patch |
			cat - "$peers"/* "$lab/bench/peer.sh" "$lab/kernel/modules.sh" | sha256sum)
		! made_from "$sets/$policy.made-of" "$made_of" || steps_done=$((steps_done + 1))
		make_from "$sets/$policy.made-of" "$made_of" peer "$policy"
		;;
	esac
done

rm -rf "$top/build/bench/sets"
mkdir "$top/build/bench/sets"
for policy; do
	[ "$policy" = demand ] || cp -R "$sets/$policy" "$top/build/bench/sets"
done
[ -d "$top/build/bench/sets/plain" ] || cp -R "$sets/plain" "$top/build/bench/sets"
[ -z "$demand" ] || : >"$top/build/bench/sets/has_demand"
rm -f "$out".*
# shown: the policies that can be compared, checked: those that no other test runs
shown=
checked=
for policy; do
	case $policy in
	twice | intercept) continue ;;
	stock | plain | demand) ;;
	*) checked="$checked $policy" ;;
	esac
	shown="$shown${shown:+ }$policy"
done
say "measuring: $* (minutes)"
# pc NAME FILE...: run what is in commands; what that prints is in the log NAME.results
pc()
{
	local name="$1"
	shift
	# shellcheck disable=SC2086 # --mips N, or nothing
	"$lab/machine/run.sh" $mips "$kver" vmx 1 "$name" "$top/build/bench/commands" \
		"$top/build/bench/sets" "$lab/bench/bench" "$@" >"$logs/$name.run" 2>&1 ||
		die "$(sed -n 's/^error: //p' "$logs/$name.run" | tail -n 1)"
	tr -d '\r' <"$logs/$name.results" | grep -E '^(unit|case|again|exits|size|boot|life) ' || :
}

# The more instructions a second, the fewer events does something happen to that goes by the clock.
mips='--mips 400'
if [ "$nested" ]; then
	# shellcheck disable=SC2016 # a variable of the kernel's command line
	echo 'bench 10000 ./bench --above "$above"' >"$top/build/bench/commands"
	"$lab/machine/initramfs.sh" "$top/build/bench/above" "$dir/modules" \
		"$top/build/bench/commands" "$top/build/bench/measure" \
		"$top/build/bench/guest" "$top/build/bench/sets" "$lab/bench/bench"
	echo "bench $((1600 * $#)) ./bench --nested $shown" >"$top/build/bench/commands"
	pc "$name" "$top/build/bench/above" "$top/build/bench/guest" >"$top/build/bench/output"
	base=stock/stock
	workload=kernel_only
	# shellcheck disable=SC2086 # lists of words
	shown="$(printf 'stock/%s ' $shown)$(printf 'demand/%s ' $shown)"
	checked=
else
	echo "bench $((400 * $#)) ./bench $*" >"$top/build/bench/commands"
	pc "$name" "$top/build/bench/measure" "$test" "$secret_test" >"$top/build/bench/output"
	# A Linux guest waits by counting as often as by the clock, so that it has this machine's
	# usual speed.
	mips=
	# shellcheck disable=SC2086 # a list of words
	set -- $shown
	echo "boots $((800 * $#)) ./bench --boots $*" >"$top/build/bench/commands"
	pc "boots-v$kver" "$top/build/bench/guest" >>"$top/build/bench/output"
	base=stock
	workload=windows
	for policy; do
		set=$policy
		[ "$policy" != demand ] || set=plain
		for module in kvm kvm-intel; do
			size "$sets/$set/$module.ko" |
				awk -v what="size $policy $module.ko_text" \
					'NR == 2 { print what, $1 }'
		done
	done >>"$top/build/bench/output"
fi
awk -f "$lab/bench/bench.awk" -v policies="$shown" -v base="$base" -v guest="$guest_kver" \
	"$top/build/bench/output" | tee "$out.txt"
awk '
	# of(POLICY, WORKLOAD, EVENT): begins what was measured
	function of(policy, workload, event) {
		printf "%s  {\"policy\": \"%s\", \"workload\": \"%s\", \"event\": \"%s\",\n", \
			separator, policy, workload, event
		separator = ",\n"
	}
	BEGIN { print "[" }
	$1 == "unit" { unit = $2 }
	$1 == "case" {
		of($2, $3, $4)
		printf "   \"wrmsrs_per_event\": %s, \"%s_per_event\": %s}", $5 + 0, unit, $6 + 0
	}
	$1 == "exits" {
		of($2, $3, $4)
		printf "   \"exit\": \"%s\", \"exits_per_event\": %s}", $5, $6 + 0
	}
	$1 == "life" {
		of($2, "linux_life", "power_on_to_off")
		printf "   \"wrmsrs_per_event\": null, \"%s_per_event\": %s,\n", unit, $3
		printf "   \"%s_second_time\": %s}", unit, $4
	}
	# those of its idle time would be among them
	$1 == "boot" {
		of($2, "linux_boot", "power_on_to_off")
		printf "   \"tsc_aux\": \"%s\", \"wrmsrs_per_event\": %s,\n", $3, $4
		printf "   \"wrmsrs_second_time\": %s, \"%s_per_event\": null}", $5, unit
	}
	END { print "\n]" }
' "$top/build/bench/output" >"$out.json"
say
say "The same as data: $out.json"

if [ -n "$checked" ]; then
	say "checking on two CPUs:$checked (minutes)"
	check=peers-v$kver
	# shellcheck disable=SC2086 # a list of words
	set -- $checked
	echo "peers $((600 * $#)) ./bench --check $*" >"$top/build/bench/check-commands"
	# shellcheck disable=SC2086 # a list of words
	"$lab/machine/run.sh" "$kver" vmx 2 "$check" "$top/build/bench/check-commands" \
		"$top/build/bench/sets" "$lab/bench/bench" $tests >"$logs/$check.run" 2>&1 ||
		die "$(sed -n 's/^error: //p' "$logs/$check.run" | tail -n 1)"
	say "$(tail -n 1 "$logs/$check.run")"
fi

# plot_data COLUMN KEY VALUE BY FILE: of the lines whose word KEY is VALUE, one a word BY: the word
# COLUMN of each policy; with COLUMN 6 divided by the word of $base
plot_data()
{
	awk -v column="$1" -v key="$2" -v value="$3" -v by="$4" -v policies="$shown" \
		-v base="$base" '
		$1 == "case" && $key == value {
			if (!($by in seen)) {
				seen[$by] = 1
				rows[++count] = $by
			}
			cell[$by, $2] = $column
		}
		END {
			n = split(policies, policy, " ")
			print by == 4 ? "event" : "guest", policies
			for (r = 1; r <= count; r++) {
				row = rows[r]
				line = row
				gsub("_", " ", line)
				line = "\"" line "\""
				for (p = 1; p <= n; p++)
					line = line " " cell[row, policy[p]] / \
						(column == 6 ? cell[row, base] : 1)
				print line
			}
		}
	' "$top/build/bench/output" >"$top/build/bench/$5"
}
unit=$(awk '$1 == "unit" { print $2; exit }' "$top/build/bench/output")
if [ "$complete" ]; then
	plot_data 5 3 "$workload" 4 wrmsrs-by-event
	plot_data 6 3 "$workload" 4 ticks-by-event
	plot_data 5 4 user_round_trip 3 wrmsrs-by-guest
	plot_data 6 4 user_round_trip 3 ticks-by-guest
	limit 60 gnuplot -e "data='$top/build/bench'; kernel='$kver'; unit='$unit'" \
		"$lab/bench/bench.gp" >"$out.svg" 2>"$logs/$name.plot" ||
		die "gnuplot: $(grep . "$logs/$name.plot" | tail -n 1)"
	say "The same as a plot: $out.svg"
fi

# more POLICY OTHER GUEST EVENT: what POLICY takes more than OTHER
more()
{
	awk -v policy="$1" -v other="$2" -v guest="$3" -v event="$4" '
		$1 == "case" && $3 == guest && $4 == event { ticks[$2] = $6 }
		END {
			if (policy in ticks && other in ticks)
				print ticks[policy] - ticks[other]
		}
	' "$top/build/bench/output"
}
# Twice forgets it by one instruction before each VM-entry, of which a kernel exit has one.
for guest in one_slot kernel_only; do
	path=$(more twice plain "$guest" kernel_exit)
	[ -n "$path" ] || continue
	say "To forget that all values of $guest are loaded, and to find out, takes $path $unit." |
		tee -a "$out.txt"
	[ "$unit" != instructions ] || awk "BEGIN { exit !(1 < $path && $path <= 15) }" ||
		die "to find all values of $guest still loaded takes $path instructions," \
			"not 15 at most"
done
for event in kernel_exit user_round_trip; do
	passthrough=$(more plain intercept kernel_only "$event")
	[ -z "$passthrough" ] || say "A $event of a guest that nothing is passed through to takes" \
		"$passthrough $unit for pass-through." | tee -a "$out.txt"
done
