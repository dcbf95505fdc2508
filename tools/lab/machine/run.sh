#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Boot a PC of the lab and run tests in it. The one place that puts a kernel, its modules and tests
# together.
#
#   run.sh [OPTION...] KVER vmx|svm CPUS NAME COMMANDS [FILE...]
#
# The kernel is what build.sh has built of KVER (and VARIANT=, if set), with this checkout's series.
# COMMANDS and FILE are initramfs.sh's, what comes of it is boot.sh's, and so are the options
# --model, --mips, --append, --limit, --shell and --until-reboot. By default the time limit follows
# from COMMANDS. Others are
#
#   --kernel BZIMAGE    another kernel than KVER's
#   --modules FOLDER    other modules than those of that kernel

. "$(dirname "$0")/../lib.sh"

usage="usage: run.sh [OPTION...] KVER vmx|svm CPUS NAME COMMANDS [FILE...]"
kernel='' modules='' mips='' limit='' shell=''
append='' model='' until_reboot=''
while [ $# -gt 0 ]; do
	case $1 in
	--shell) shell=1 ;;
	--until-reboot) until_reboot=1 ;;
	--*)
		[ $# -ge 2 ] || die "$usage"
		case $1 in
		--kernel) kernel=$2 ;;
		--modules) modules=$2 ;;
		--model) model=$2 ;;
		--mips) mips=$2 ;;
		--append) append=$2 ;;
		--limit) limit=$2 ;;
		*) die "$usage" ;;
		esac
		shift
		;;
	*) break ;;
	esac
	shift
done
[ $# -ge 5 ] || die "$usage"
kver=$1
machine=$2
cpus=$3
name=$4
commands=$5
shift 5
check_machine "$machine"
check_cpus "$cpus"
built=$cache/v$kver/${VARIANT:+$VARIANT-}build
initrd=$top/build/initrd/$name

# Another checkout may have built its own series meanwhile: the cache is for all.
if [ -z "$kernel" ] && [ "${VARIANT:-}" != stock ]; then
	made_from "$built/.series" "$(cat "$top/build/series/v$kver.inputs" 2>/dev/null)" ||
		die "the kernel in $built does not have this checkout's series:" \
			"run tools/lab/kernel/build.sh $kver"
fi
"$top/tools/lab/machine/initramfs.sh" "$initrd" "${modules:-${built%build}modules}" "$commands" "$@"
# The PC's clock may be slower than this one, so the limit is a generous one.
if [ -z "$limit" ] && [ -z "$shell" ]; then
	limit=$(awk '/^[ \t]*(#|$)/ { next } { sum += $2 } END { print 120 + 2 * sum }' "$commands")
fi
[ -z "${VARIANT:-}" ] || mips=${mips:-200}
set -- --kernel "${kernel:-$built/arch/x86/boot/bzImage}" --initrd "$initrd" \
	--machine "$machine" --cpus "$cpus" --limit "${limit:-1}" --name "$name"
[ -z "$mips" ] || set -- "$@" --mips "$mips"
[ -z "$model" ] || set -- "$@" --model "$model"
[ -z "$append" ] || set -- "$@" --append "$append"
[ -z "$shell" ] || set -- "$@" --shell
[ -z "$until_reboot" ] || set -- "$@" --until-reboot
exec "$top/tools/lab/machine/boot.sh" "$@"
