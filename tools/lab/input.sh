# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # of the script that sources this
# Refuses bad input before anything slow or lasting begins: lib.sh sources this, so every script of
# the lab checks all variables first. check_... are for a script's arguments. check/goals.sh refuses
# what a goal of make cannot have.

# A variable that is set and empty is a mistake as well, except where it is said here.

# check_kernel KVER: a kernel that the lab can get, or that KSRC= has
check_kernel()
{
	local ours="use 5.10, 6.1, 6.12 or 7.x"
	case $1 in
	'') die "KVER= is empty: $ours, or leave it out" ;;
	5.10 | 6.1 | 6.12 | 7.[0-9] | 7.[0-9][0-9]) return ;;
	*[!0-9.]* | [!1-9]* | *.) ;;
	*.*) [ -z "${KSRC:-}" ] || return 0 ;;
	esac
	die "KVER=$1 is not one of the lab's kernels: $ours, or set KSRC=/path/to/linux"
}

# check_machine MACHINE
check_machine()
{
	case $1 in
	vmx | svm) ;;
	*) die "MACHINE=$1 is not known: use vmx or svm" ;;
	esac
}

# check_cpus CPUS
check_cpus()
{
	case $1 in
	[1-4]) ;;
	*) die "CPUS=$1 is not a number of CPUs that a PC can have: use 1 to 4" ;;
	esac
}

# check_number NAME VALUE WHAT
check_number()
{
	case $2 in
	'' | *[!0-9]* | 0* | ???????*) die "$1=$2 is not a number of $3: use 1 or more" ;;
	esac
}

# check_seed SEED: of soak.sh
check_seed()
{
	case $1 in
	'' | *[!0-9]* | 0* | ???????*) die "SEED=$1 is not a seed: use a number from 1 to 999999" ;;
	esac
}

# check_switch NAME VALUE: nothing is off, too
check_switch()
{
	case $2 in
	'' | 0 | 1) ;;
	*) die "$1=$2 is neither 1 nor 0" ;;
	esac
}

# check_emulator NAME COMMAND: nothing is the lab's
check_emulator()
{
	[ -z "$2" ] || command -v -- "$2" >/dev/null ||
		die "$1=$2 cannot be run: set the path of an emulator, or leave it out"
}

# check_variant VARIANT: nothing is the patched kernel as it is
check_variant()
{
	case $1 in
	'' | stock | kasan | kcsan | coco) ;;
	*) die "VARIANT=$1 is not a variant of the kernel: use stock, kasan or kcsan" ;;
	esac
}

# check_mutants_variant VARIANT: one that mutants are for; nothing is the patched kernel as it is
check_mutants_variant()
{
	case $1 in
	'' | kasan | kcsan) ;;
	*) die "VARIANT=$1 has no mutants: use kasan or kcsan, or leave it out" ;;
	esac
}

# check_shard SHARD: nothing is all of it
check_shard()
{
	[ -n "$1" ] || return 0
	echo "$1" | grep -qx '[1-9][0-9]\{0,2\}/[1-9][0-9]\{0,2\}' ||
		die "SHARD=$1 is not a part of the matrix: 2/4 is the second of four"
	[ "${1%/*}" -le "${1#*/}" ] || die "SHARD=$1: there is no part ${1%/*} of ${1#*/}"
}

# check_cells KVER...: the matrix of these kernels has as many cells as SHARD= asks for
check_cells()
{
	local cells=$(($# * 4)) shards="${SHARD:-1/1}"
	shards=${shards#*/}
	[ "$shards" -le "$cells" ] ||
		die "SHARD=$SHARD: the matrix has $cells cells, so it has no $shards parts"
}

# check_release KREL: the name of one of Debian's own kernels; prints the suite that has it
check_release()
{
	if [ "$1" = "$(uname -r)" ] && ! uname -v | grep -q ' Debian '; then
		die "the running kernel, $1, is not Debian's: name one that is, like" \
			"KREL=6.1.0-47-amd64"
	fi
	case $1 in
	*[!a-z0-9.+-]*) ;;
	*.deb11.*-amd64 | 5.10.0-*-amd64) say bullseye && return ;;
	*+deb12*-amd64 | 6.1.0-*-amd64) say bookworm && return ;;
	[7-9].*+deb13*-amd64) say trixie-backports && return ;;
	*+deb13*-amd64) say trixie && return ;;
	esac
	die "KREL=$1 is not a kernel of Debian 11, 12 or 13 for amd64:" \
		"name it as 'uname -r' does, like 6.1.0-47-amd64"
}

# kernel_version TREE: the version of a kernel tree, by its Makefile
kernel_version()
{
	sed -n 's/^\(VERSION\|PATCHLEVEL\|SUBLEVEL\) *= *\([0-9]*\)$/\2/p' "$1/Makefile" \
		2>/dev/null |
		paste -sd .
}

# check_tree NAME TREE: an unchanged kernel tree
check_tree()
{
	[ -n "$2" ] || die "$1= is empty: set $1=/path/to/linux"
	[ -d "$2" ] || die "$1=$2: there is no such folder"
	if [ ! -f "$2/Kbuild" ] || [ ! -d "$2/arch/x86/kvm" ] ||
		[ -z "$(kernel_version "$2")" ]; then
		die "$1=$2 is not a kernel source tree with arch/x86/kvm in it"
	fi
	[ ! -e "$2/arch/x86/kvm/shared_msrs.c" ] ||
		die "$1=$2: the series is already applied there: take an unchanged tree"
}

# check_clean TREE: one that the lab can build beside
check_clean()
{
	case $1 in
	*[[:space:]:]*)
		die "KSRC=$1: kernels do not build in a path with a space or a colon"
		;;
	esac
	if [ -e "$1/.config" ] || [ -e "$1/include/config" ] ||
		[ -e "$1/arch/x86/include/generated" ]; then
		die "KSRC=$1 was built in; the lab builds beside a clean tree only: run 'make" \
			"mrproper' there"
	fi
}

# check_version KVER: KSRC= is of that version
check_version()
{
	local version
	version=$(kernel_version "$KSRC")
	case $version. in
	"$1".*) ;;
	*) die "KSRC=$KSRC is Linux $version, not $1: leave KVER= out" ;;
	esac
}

# check_kut FOLDER: kvm-unit-tests, built
check_kut()
{
	[ -n "$1" ] || die "KUT= is empty: clone gitlab.com/kvm-unit-tests/kvm-unit-tests," \
		"run './configure && make' there, and set KUT=/path/to/kvm-unit-tests"
	[ -d "$1" ] || die "KUT=$1: there is no such folder"
	[ -f "$1/x86/unittests.cfg" ] ||
		die "KUT=$1 is not kvm-unit-tests: it has no x86/unittests.cfg"
	# an x86-64 one that EFI boots has none
	if ! grep -qsx ARCH=x86_64 "$1/config.mak" || [ ! -f "$1/x86/msr.flat" ]; then
		die "KUT=$1 is not built for x86-64: run './configure && make' there"
	fi
}

# check_folder FOLDER HINT: it can be made and written to
check_folder()
{
	{ mkdir -p "$1" 2>/dev/null && [ -w "$1" ]; } || die "cannot write to $1: $2"
}

# Kernel trees, build folders and downloads live outside the checkout, so that a second run, or a
# second checkout, is quick.
case ${XDG_CACHE_HOME:-} in
'')
	[ -n "${HOME:-}" ] ||
		die "HOME is not set: set XDG_CACHE_HOME to a folder for kernels and downloads"
	case $HOME in
	/*) ;;
	*) die "HOME=$HOME is relative: set XDG_CACHE_HOME to a folder for kernels and downloads" ;;
	esac
	cache=$HOME/.cache/kvm-shared-msrs
	;;
/*) cache=$XDG_CACHE_HOME/kvm-shared-msrs ;;
*) die "XDG_CACHE_HOME=$XDG_CACHE_HOME is relative: it must begin with a slash" ;;
esac
case $top$cache in
*[[:space:]:]*)
	die "kernels do not build in a path with a space or a colon: '$top' and '$cache' must" \
		"have none"
	;;
esac
check_folder "$logs" "the checkout must be one that can be written"
check_folder "$results" "the checkout must be one that can be written"
check_folder "$cache" "set XDG_CACHE_HOME to a folder that can be written"
[ -w "${TMPDIR:-/tmp}" ] ||
	die "cannot write to ${TMPDIR:-/tmp}: set TMPDIR to a folder that can be written"

for input in V OFFLINE DEBUG NESTED; do
	eval "check_switch $input \"\${$input:-}\""
done
[ -z "${CPUS+set}" ] || check_cpus "$CPUS"
[ -z "${MACHINE+set}" ] || check_machine "$MACHINE"
[ -z "${JOBS:-}" ] || check_number JOBS "$JOBS" "parts to run side by side"
[ -z "${SILENCE+set}" ] || check_number SILENCE "$SILENCE" seconds
check_emulator BOCHS "${BOCHS:-}"
check_emulator QEMU "${QEMU:-}"
check_variant "${VARIANT:-}"
check_shard "${SHARD:-}"
if [ -n "${KSRC:-}" ]; then
	check_tree KSRC "$KSRC"
	KSRC=$(cd "$KSRC" && pwd)
fi
