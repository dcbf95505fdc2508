#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# tests.sh KVER vmx|svm CPUS KIND [TEST]: prints the tests of such a PC, or TEST alone, as the file
# tests has them, in the form of initramfs.sh's commands: NAME SECONDS COMMAND. For the kinds own
# and kut, upstream.sh reads them.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 4 ] || [ $# -eq 5 ] || die "usage: tests.sh KVER vmx|svm CPUS KIND [TEST]"
kver=$1
machine=$2
cpus=$3
kind=$4
test=${5:-}
check_kernel "$kver"
check_machine "$machine"
check_cpus "$cpus"
table=$top/tools/lab/check/tests
case $kind in
plain | old | new | tsx | kasan | kcsan | debian | own | kut) ;;
*) die "there is no kind '$kind' of PC: see $table" ;;
esac

if [ -z "$(bochs_model "$kind")" ] && native "$machine"; then
	pc=$machine-kvm
elif [ "$machine" = vmx ]; then
	pc=vmx-bochs
else
	pc=svm-qemu
fi

# fits PATTERN CPUS KINDS PARAMETER
fits()
{
	local kinds="$3"
	# shellcheck disable=SC2254 # patterns they are
	case $pc in $1) ;; *) return 1 ;; esac
	# shellcheck disable=SC2254
	case $cpus in $2) ;; *) return 1 ;; esac
	[ "$kinds" != '*' ] || kinds=plain,old,new,tsx,kasan,kcsan
	case ,$kinds, in *",$kind,"*) ;; *) return 1 ;; esac
	[ "$4" = - ] || find "$cache/v$kver/modules" -name kvm.ko -exec modinfo -F parm {} + \
		2>/dev/null | grep -q "^$4:"
}

# left_out NAME: a kselftest that the series cannot have on this kernel
left_out()
{
	case $kind-$1 in
	own-* | kut-*) return 1 ;;
	*_test) ;;
	*) return 1 ;;
	esac
	[ -d "$cache/v$kver/tree" ] && ! has_kselftests "$cache/v$kver/tree"
}

# commands: of TEST alone also what it needs, as a/b needs a
commands()
{
	local seen=' ' name pcs numbers kinds parameter seconds command
	grep -v '^\(#\|$\)' "$table" |
		while read -r name pcs numbers kinds parameter seconds command; do
			case $seen in *" $name "*) continue ;; esac
			case ${test:-$name}/ in "$name"/*) ;; *) continue ;; esac
			fits "$pcs" "$numbers" "$kinds" "$parameter" || continue
			seen="$seen$name "
			if left_out "$name"; then
				command="SKIP this kernel has no Makefile for KVM selftests"
			fi
			case $kind-$command in
			*--) ;;
			own-* | kut-*) say "$name $seconds $command" ;;
			*'-SKIP '*) say "$name $seconds echo ${command#SKIP }; exit 4" ;;
			*-?*) say "$name $seconds $command" ;;
			*) die "$table: $name has no command" ;;
			esac
		done
}

found=$(commands)
[ -n "$found" ] || die "the PC $machine, $cpus CPU(s), $kind has no test '$test': see $table"
say "$found"
