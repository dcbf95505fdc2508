#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# An interactive shell in a machine that runs the patched kernel KVER (VARIANT=, if set, is build.sh's).
#
#   shell.sh KVER vmx|svm CPUS [FILE...]
#
# FILE, a file or a folder, is put into the machine's /tests.

. "$(dirname "$0")/../lib.sh"

[ $# -ge 3 ] || die "usage: shell.sh KVER vmx|svm CPUS [FILE...]"
kver=$1
machine=$2
cpus=$3
shift 3
variant=${VARIANT:+$VARIANT-}
built=$cache/v$kver/$variant
initrd=$top/build/initrd/shell

tty >/dev/null || die "a shell needs a terminal"
"$top/tools/lab/machine/initramfs.sh" "$initrd" "${built}modules" - "$@"
exec "$top/tools/lab/machine/boot.sh" --kernel "${built}build/arch/x86/boot/bzImage" --initrd "$initrd" \
	--machine "$machine" --cpus "$cpus" --limit 1 --name shell --shell
