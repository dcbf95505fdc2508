#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# goals.sh GOAL...: refuses what these goals of make cannot have, before the first of them begins.
# lib.sh has checked the variables by then, each by itself. GIVEN= names those that were said behind
# 'make', KVERS= has all kernels.

. "$(dirname "$0")/../lib.sh"

# check_kernels GOAL: KVER and KSRC fit together
check_kernels()
{
	local kver
	[ -n "${KVER:-}" ] || check_kernel ''
	for kver in $KVER; do
		check_kernel "$kver"
		[ -n "${KSRC:-}" ] || continue
		[ "$kver" = "$KVER" ] || die "KSRC=$KSRC is one kernel, KVER=\"$KVER\" names more"
		check_version "$kver"
		# a series is made of any tree
		[ "$1" = series ] || check_clean "$KSRC"
	done
	# shellcheck disable=SC2086 # a list of words
	kver=$(printf '%s\n' $KVER | sort | uniq -d)
	[ -z "$kver" ] || die "KVER=\"$KVER\" names a kernel twice"
}

# one_kernel GOAL
one_kernel()
{
	check_kernels "$1"
	case $KVER in
	*\ *) die "'make $1' takes one kernel, KVER=\"$KVER\" names more" ;;
	esac
}

# taken GOAL: the variables that it takes
taken()
{
	say V OFFLINE BOCHS QEMU SILENCE HOME XDG_CACHE_HOME
	case $1 in
	demo) say KVER KSRC CPUS ;;
	check) say KVER KSRC JOBS DEBUG ;;
	check-peers) say KVER KSRC KUT ;;
	check-mutants) say KVER KSRC VARIANT ;;
	soak) say KVER KSRC MINUTES SEED ;;
	matrix) say SHARD JOBS ;;
	matrix-merge) say DIRS ;;
	fuzz) say SECONDS ;;
	bench) say KVER KSRC NESTED ;;
	series | menuconfig) say KVER KSRC ;;
	apply) say KSRC ;;
	modules | dkms-deb | check-dkms) say KREL KSRC ;;
	shell) say KVER KSRC MACHINE CPUS VARIANT ;;
	esac
}

for goal; do
	case $goal in
	demo | check | check-mutants | check-peers | soak | matrix | bench | modules | dkms-deb | \
		check-dkms | shell)
		[ "$(uname -m)" = x86_64 ] ||
			die "'make $goal' needs an x86-64 machine; this is $(uname -m)"
		;;
	esac
	case $goal in
	demo | check | series | bench) check_kernels "$goal" ;;
	check-mutants)
		one_kernel "$goal"
		check_mutants_variant "${VARIANT:-}"
		;;
	check-peers)
		one_kernel "$goal"
		check_kut "${KUT:-}"
		;;
	soak)
		one_kernel "$goal"
		check_number MINUTES "${MINUTES:-}" minutes
		case " ${GIVEN:-} " in
		*' SEED '*) check_seed "${SEED:-}" ;;
		*) [ -z "${SEED:-}" ] || check_seed "$SEED" ;;
		esac
		;;
	shell | menuconfig)
		one_kernel "$goal"
		[ "${VARIANT:-}" != coco ] ||
			die "VARIANT=coco is compiled and not booted: use stock, kasan or kcsan"
		tty >/dev/null || die "'make $goal' needs a terminal"
		;;
	matrix | matrix-merge)
		[ -z "${KSRC:-}" ] ||
			die "KSRC=$KSRC is one kernel, the matrix has several: leave it out"
		# shellcheck disable=SC2086,SC2153 # a list of words, which is no KVER
		check_cells $KVERS
		;;
	apply) check_tree KSRC "${KSRC:-}" ;;
	modules | dkms-deb) check_release "${KREL:-}" >/dev/null ;;
	check-dkms)
		check_release "${KREL:-}" >/dev/null
		[ "$(id -u)" -eq 0 ] ||
			die "'make check-dkms' runs debootstrap and chroot: run it as root"
		;;
	fuzz)
		# shellcheck disable=SC3028 # make's, not the shell's own variable
		check_number SECONDS "${SECONDS:-}" seconds
		command -v clang >/dev/null ||
			die "clang is missing, which has libFuzzer: install the package clang"
		;;
	esac
done

all_taken=$(for goal; do taken "$goal"; done)
for name in ${GIVEN:-}; do
	echo "$all_taken" | grep -qw "$name" ||
		die "'make $*' does not take $name=: leave it out"
done
