#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Break the patched kernel on purpose, and see that the kselftests notice.
#
#   mutants.sh KVER [SLIP...]
#
# patches/mutants/kselftests says which slip is made in which file, and which test must fail where.
# Each slip goes into a tree of its own, of which only KVM's modules are built; the kernel is the
# one of build.sh. First the same modules without a slip must pass all of these tests. With SLIP
# (its name there) only these are tried. VARIANT=kasan or VARIANT=kcsan does it with such a kernel and
# patches/mutants/debug, and the kernel itself has to complain. Prints KTAP, and leaves it in build/results.

. "$(dirname "$0")/../lib.sh"

[ $# -ge 1 ] || die "usage: mutants.sh KVER [SLIP...]"
kver=$1
shift
need spatch coccinelle
lab=$top/tools/lab
mutants=$top/patches/mutants
file=$mutants/kselftests
[ -z "${VARIANT:-}" ] || file=$mutants/debug
list=$(sed 's/#.*//' "$file" | awk -v variant="${VARIANT:-}" 'NF && $6 == variant')
for slip; do
	echo "$list" | awk -v slip="$slip" '$1 == slip { found = 1 } END { exit !found }' ||
		die "there is no slip '$slip' in ${file#"$top/"}"
done
if [ $# -gt 0 ]; then
	list=$(printf '%s\n' "$@" | awk 'NR == FNR { wanted[$1] = 1; next } $1 in wanted' - /dev/fd/3 3<<-END
		$list
	END
	)
fi

"$lab/kernel/build.sh" "$kver" >&2
# shellcheck disable=SC2046 # a list of words
programs=$("$lab/kernel/selftests.sh" "$kver" \
	$(echo "$list" | awk '$5 != "kunit" { print $5 }' | sort -u))
programs="$lab/check/kunit
$programs"
set -- "$top/build/series/v$kver"/*.patch
count=$#

dir=$cache/v$kver
variant=${VARIANT:+$VARIANT-}
out=$dir/${variant}mutants-build
modules=$dir/${variant}mutants-modules
mkdir -p "$logs"
lock "$out.lock"

# build [SLIP FILE]: the modules, with the slip made in the file
build()
{
	# also undoes the slip before
	tree=$("$lab/series/tree.sh" "$kver" mutants-tree "$count") || return 1
	if [ $# -gt 0 ]; then
		cp "$tree/$2" "$tree/$2.mutant"
		limit 60 spatch --very-quiet --in-place --sp-file "$mutants/$1.cocci" "$tree/$2.mutant" ||
			return 1
		if cmp -s "$tree/$2.mutant" "$tree/$2"; then
			say "the slip does not fit $2 of Linux $kver any more"
			return 1
		fi
		mv "$tree/$2.mutant" "$tree/$2"
	fi
	"$lab/kernel/modules.sh" "$kver" "$tree" "$out" "$modules"
}

# boot MACHINE[/MODEL] CPUS TEST NAME: run the test with these modules
boot()
{
	rm -f "$results/$4.ktap" "$logs/$4.results"
	model=
	case $1 in
	*/*) model=${1#*/} ;;
	esac
	options=
	# as check.sh does
	[ "$3${VARIANT:+-debug}" != shared_msrs_stress_test-debug ] || options=' -n 8000'
	echo "$3 200 ./$3$options" >"$top/build/mutant.commands"
	program=$(echo "$programs" | grep "/$3\$")
	"$lab/machine/initramfs.sh" "$top/build/initrd/$4" "$modules" "$top/build/mutant.commands" "$program" &&
		"$lab/machine/boot.sh" --kernel "$dir/${variant}build/arch/x86/boot/bzImage" \
			--initrd "$top/build/initrd/$4" --machine "${1%%/*}" --cpus "$2" \
			${model:+--model "$model"} ${VARIANT:+--mips 200} --limit 400 --name "$4"
}

name=${variant}mutants-v$kver
log=$logs/$name.log
ktap=$results/$name.tap
number=0
failed=0
# point ok|no NAME [WHY]
point()
{
	number=$((number + 1))
	result=ok
	if [ "$1" != ok ]; then
		failed=$((failed + 1))
		result='not ok'
	fi
	echo "$result $number - $2${3:+ # $3}" | tee -a "$ktap"
}

controls=$(echo "$list" | awk '{ print $3, $4, $5 }' | sort -u)
mkdir -p "$results"
{
	echo "KTAP version 1"
	echo "1..$(($(echo "$list" | wc -l) + $(echo "$controls" | wc -l)))"
} | tee "$ktap"

if ! build >"$log" 2>&1; then
	tail -n 15 "$log" >&2
	die "KVM's modules do not build without a slip; log: $log"
fi
while read -r machine cpus test; do
	if boot "$machine" "$cpus" "$test" "$name" >"$log" 2>&1; then
		point ok "$test passes without a slip, $machine, $cpus CPU(s)"
	else
		point no "$test passes without a slip, $machine, $cpus CPU(s)" "$(tail -n 1 "$log")"
	fi
done <<END
$controls
END

while read -r slip file machine cpus test _; do
	text="$slip: $test, $machine, $cpus CPU(s)"
	if ! build "$slip" "$file" >"$log" 2>&1; then
		point no "$text" "$(tail -n 1 "$log")"
	elif boot "$machine" "$cpus" "$test" "$name" >"$log" 2>&1; then
		point no "$text" "survives"
	elif [ "${VARIANT:-}" ]; then
		if grep -q '^not ok [0-9]* - kernel log is clean' "$results/$name.ktap"; then
			point ok "$text" \
				"$(grep -a -E -f "$lab/machine/splats" "$logs/$name.results" | grep -m 1 -v "cut here" | tr -d '\r' | sed 's/^\[[^]]*\] *//')"
		else
			point no "$text" "the kernel does not complain"
		fi
	elif red=$(grep -c "^not ok [0-9]* - $test: " "$results/$name.ktap"); then
		point ok "$text" "$red points fail"
	elif grep -q "^not ok [0-9]* - $test " "$results/$name.ktap"; then
		point ok "$text" "$(sed -n 's/^error: [^:]*: \([^;]*\);.*/\1/p' "$log" | tail -n 1)"
	else
		why=$(sed -n 's/^not ok [0-9]* - //p' "$results/$name.ktap" | head -n 1)
		point no "$text" "not by this test: ${why:-$(tail -n 1 "$log")}"
	fi
done <<END
$list
END
"$lab/machine/ktap.sh" summary "$ktap" | tail -n 1
[ "$failed" -eq 0 ] || exit 1
