# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # of the script that sources this
# A PC that hangs is seen as such.

# A program that boots as a kernel does, and then finds no system on a floppy of zeros.
truncate -s 1440K "$work/floppy"
why=$(SILENCE=3 "$top/tools/lab/machine/boot.sh" --kernel /usr/lib/syslinux/memdisk --initrd "$work/floppy" \
	--machine svm --cpus 1 --limit 60 --name selfcheck-hang 2>&1) || :
same "$(echo "$why" | sed 's/;.*//'), $(grep -c 'RIP=\|EIP=' "$logs/selfcheck-hang.emulator")" \
	"error: selfcheck-hang: it hung, without a word for 3 s, 1" "a PC that hangs"
rm -f "$logs/selfcheck-hang".* "$results/selfcheck-hang.ktap"
