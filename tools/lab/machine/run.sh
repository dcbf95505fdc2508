#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run tests in a machine that boots the patched kernel KVER (VARIANT=, if set, is build.sh's).
#
#   run.sh KVER vmx|svm CPUS NAME COMMANDS [FILE...]
#
# COMMANDS and FILE are initramfs.sh's, what comes of it is boot.sh's. MODEL= and MIPS=, if set, are --model
# and --mips, and MODULES= is a folder of other modules than those of that kernel.

. "$(dirname "$0")/../lib.sh"

[ $# -ge 5 ] || die "usage: run.sh KVER vmx|svm CPUS NAME COMMANDS [FILE...]"
kver=$1
machine=$2
cpus=$3
name=$4
commands=$5
shift 5
variant=${VARIANT:+$VARIANT-}
built=$cache/v$kver/$variant
initrd=$top/build/initrd/$name

# Another checkout may have built its own series meanwhile: the cache is for all.
if [ "$variant" != stock- ] && ! cmp -s "$top/build/series/v$kver.inputs" "${built}build/.series"; then
	die "the kernel in ${built}build does not have this checkout's series: run tools/lab/kernel/build.sh $kver"
fi
"$top/tools/lab/machine/initramfs.sh" "$initrd" "${MODULES:-${built}modules}" "$commands" "$@"
# Their clock may be slower than this one, so this limit is a generous one.
limit=$(awk '/^[ \t]*(#|$)/ { next } { sum += $2 } END { print 120 + 2 * sum }' "$commands")
set -- --kernel "${built}build/arch/x86/boot/bzImage" --initrd "$initrd" \
	--machine "$machine" --cpus "$cpus" --limit "$limit" --name "$name"
[ -z "${VARIANT:-}" ] || MIPS=${MIPS:-200}
[ -z "${MIPS:-}" ] || set -- "$@" --mips "$MIPS"
[ -z "${MODEL:-}" ] || set -- "$@" --model "$MODEL"
exec "$top/tools/lab/machine/boot.sh" "$@"
