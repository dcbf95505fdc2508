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

# lost RIP RFLAGS ISR IRR: is that of one of two CPUs an interrupt that is lost?
lost()
{
	{
		echo "CPU#0"
		echo "RIP=ffffffff81a3b7cb RFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1"
		echo "CPU#1"
		echo "RIP=$1 RFL=$2 [-------] CPL=0 II=0 A20=1 SMM=0 HLT=0"
		echo "dumping local APIC state for CPU 0"
		printf 'ISR\t (none)\nIRR\t (none)\n'
		echo "dumping local APIC state for CPU 1"
		printf 'ISR\t %s\nIRR\t %s\n' "$3" "$4"
	} | awk -f "$top/tools/lab/machine/lost_interrupt.awk" && echo lost || echo "not lost"
}
same "$(lost ffffffff81a3b7cb 00000246 "(none)" 236)" lost "hang: interrupts are enabled"
same "$(lost 0000000000403a10 00000002 "(none)" 236)" lost "hang: a guest with interrupts disabled runs"
same "$(lost ffffffff81a3b7cb 00000046 "(none)" 236)" "not lost" "hang: Linux has interrupts disabled"
same "$(lost ffffffff81a3b7cb 00000246 251 236)" "not lost" "hang: another interrupt is in service"
same "$(lost ffffffff81a3b7cb 00000246 "(none)" "(none)")" "not lost" "hang: there is no interrupt"
