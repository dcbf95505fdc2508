#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# mutants.sh [-t FIRST] core|vmx BUILD: break a copy of the core or of the VMX part on purpose, one
# mutant of patches/mutants/userspace at a time, and see that the test that is named there notices,
# by the rule that is named there. core: those that a test of the core must notice; vmx: the others.
#
# Before that the same tests must pass without a mutant. Prints KTAP results, which -t counts from
# FIRST; with -l (mutants.sh -l core|vmx) prints how many there will be. ONLY=core/NAME tries one
# mutant.

set -u
LC_ALL=C
export LC_ALL
unset CDPATH
cd "$(dirname "$0")" || exit 1

mutants=../../../patches/mutants
kvm=../../../arch/x86/kvm

die() {
	echo "mutants.sh: $*" >&2
	exit 1
}

# list PART: mutant, rule, test and its options
list() {
	sed 's/#.*//' $mutants/userspace | awk -v program="^$1_" -v only="${ONLY-}" \
		'NF && $3 ~ program && (only == "" || $1 == only)'
}

first=1
count=
case ${1-} in
-l) count=1 && shift ;;
-t) first=${2-} && shift 2 ;;
esac
case ${1-} in
core | vmx) part=$1 ;;
*) part= ;;
esac
if [ -z "$part" ] || [ $# -ne $((2 - ${count:-0})) ]; then
	echo "usage: mutants.sh [-t FIRST] core|vmx BUILD" >&2
	exit 2
fi
if [ "${ONLY-}" ]; then
	awk -v only="$ONLY" '$1 == only { found = 1 } END { exit !found }' $mutants/userspace ||
		die "ONLY=$ONLY is not a mutant: see patches/mutants/userspace"
fi
wrong=$(sed 's/#.*//' $mutants/userspace | awk 'NF &&
	$3 !~ /^(core_(register|explore|random)|vmx_(explore|random))$/ { print $1, $3; exit }')
[ -z "$wrong" ] || die "patches/mutants/userspace: ${wrong% *} names no program: '${wrong#* }'"
if [ -n "$count" ]; then
	list "$part" | wc -l
	exit
fi
build=$2
plain=$build/core/plain
work=$build/core/mutants/$part
command -v spatch >/dev/null || die "spatch is not installed (Debian's package: coccinelle)"
mkdir -p "$work"

# A mutant that nobody must notice is forgotten.
for file in "$mutants"/*/*.cocci; do
	name=${file#"$mutants/"}
	grep -q "^${name%.cocci}[[:space:]]" "$mutants/userspace" "$mutants/kselftests" \
		"$mutants/debug" ||
		die "no list in patches/mutants names ${name%.cocci}"
done

list "$part" | grep -q . || exit 0

# The objects of a program; see the Makefile.
objects() {
	local base="report snapshot simulator core virt rules watch"
	local vmx="$base vmx guest vmcs vmx_mirror vcpu_run vcpu_steps vcpu"
	case $1 in
	core_register) echo "core_register paths steps $base" ;;
	core_explore) echo "core_explore search paths steps $base" ;;
	core_random) echo "core_random seeded model steps $base" ;;
	vmx_explore) echo "vmx_explore search paths $vmx" ;;
	vmx_random) echo "vmx_random seeded $vmx" ;;
	esac
}

# make_mutant NAME PROGRAM: the program in $dir, with the mutant; or else $why it is not there
make_mutant() {
	local program="$2" rules mutated source coverage name
	rm -rf "$dir"
	mkdir -p "$dir/vmx"
	cp $kvm/shared_msrs.c $kvm/shared_msrs*.h vmx_mirror.c "$dir"
	cp $kvm/vmx/*.[ch] "$dir/vmx"
	case $1 in
	# The header's inline functions are in these, too.
	core/*)
		set -- "$1" "core.c watch.c steps.c vcpu.c" \
			shared_msrs.c shared_msrs.h shared_msrs_cpu.h
		;;
	vmx/*)
		set -- "$1" vmx.c vmx/shared_msrs.c vmx/demand_shared_msrs.c \
			vmx/passthrough_shared_msrs.c
		;;
	kvm/*) set -- "$1" "$dir/vmx_mirror.c" vmx_mirror.c ;;
	esac
	rules=$mutants/$1.cocci
	mutated=$2
	shift 2
	cp "$rules" "$dir/rules.cocci"
	(cd "$dir" && cat "$@") >"$dir/before"
	(cd "$dir" && timeout 60 spatch --very-quiet --in-place --sp-file rules.cocci "$@") \
		>"$dir/log" 2>&1 || {
		why="spatch fails: see $dir/log"
		return 1
	}
	if (cd "$dir" && cat "$@") | cmp -s - "$dir/before"; then
		why="the mutant does not fit the code any more"
		return 1
	fi
	for source in $mutated; do
		# What the code under test executes is observed, as the Makefile has it.
		case $source in
		core.c | vmx.c) coverage=trace-pc ;;
		*) coverage= ;;
		esac
		cc -O1 -g -std=gnu11 -w ${coverage:+-fsanitize-coverage=$coverage} -DCONFIG_X86_64 \
			-I"$dir" -I. -Iinclude -Iinclude/kvm/vmx -c \
			-o "$dir/$(basename "$source" .c).o" "$source" >"$dir/log" 2>&1 || {
			why="does not compile: see $dir/log"
			return 1
		}
	done
	set --
	for name in $(objects "$program"); do
		if [ -f "$dir/$name.o" ]; then
			set -- "$@" "$dir/$name.o"
		else
			set -- "$@" "$plain/$name.o"
		fi
	done
	cc -o "$dir/$program" "$@"
}

# run PROGRAM [OPTIONS]: the rule that it found broken, and after how many transitions or steps
run() {
	local program="$1"
	shift
	timeout 240 "$dir/$program" "$@" >"$dir/$program.log" 2>&1
	case $? in
	0) echo none ;;
	1)
		awk '
			/: violation after / {
				after = $0
				sub(/.* after /, "after ", after)
				sub(/,.*|:.*/, "", after)
			}
			END {
				sub(/^ */, "")
				sub(/:.*/, "")
				sub(/^rule /, "")
				print $0, after
			}' "$dir/$program.log"
		;;
	# the program's own complaint: it has not run
	2) echo "?" ;;
	124) echo "hang" ;;
	*) echo "crash" ;;
	esac
}

# A test that finds something without a mutant shows nothing.
dir=$plain
while read -r options; do
	# shellcheck disable=SC2086 # a program and its options
	found=$(run $options)
	case $found in
	none) ;;
	'?' | crash) die "$options does not run: see $dir/${options%% *}.log" ;;
	*) die "$options finds something without a mutant: $found" ;;
	esac
done <<END
$(list "$part" | awk '{ $1 = $2 = ""; print }' | sort -u)
END

nr=$first
failed=0
while read -r mutant rule program options; do
	dir=$work/$(basename "$mutant")
	if make_mutant "$mutant" "$program"; then
		# shellcheck disable=SC2086 # a list of options
		found=$(run "$program" $options)
		case $found in
		none) why="survives" ;;
		"$rule" | "$rule "*) why= ;;
		*) why="found is $found" ;;
		esac
	fi
	if [ -z "$why" ]; then
		echo "ok $nr - mutant $mutant: rule $found, $program"
		rm -rf "$dir"
	else
		failed=$((failed + 1))
		echo "not ok $nr - mutant $mutant: rule $rule, $program # $why"
	fi
	nr=$((nr + 1))
done <<END
$(list "$part")
END
[ $failed -eq 0 ]
