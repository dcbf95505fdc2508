#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Boot a PC with virtualization extensions and run what its initramfs says.
#
#   boot.sh --kernel BZIMAGE --initrd FILE --machine vmx|svm --cpus N --limit SECONDS --name NAME
#           [--model BOCHS_CPU] [--mips N] [--append WORDS] [--shell | --until-reboot]
#
# vmx is an Intel CPU emulated by Bochs, svm an AMD CPU emulated by QEMU; where the host's CPU is of
# that vendor and KVM offers nesting, QEMU and KVM run the PC instead. --model is another CPU
# of Bochs, with its options if need be: arrow_lake,add_features=wrmsrns. --mips is how
# many million instructions Bochs takes for a second (20). A kernel that looks for errors needs ten
# times as many for the same work: with 20, a timer that fires every millisecond would leave no time
# for anything else. --append adds words to the kernel's command line.
#
# Exit status 0: the PC powered down by itself and no test in it failed. Leaves
# build/log/NAME.console (V=1 shows it live), .results (as it came), .emulator (what that said) and
# build/results/NAME.ktap. --shell gives an interactive shell in the PC instead. With --until-reboot
# the PC must be reset: Bochs gets from its firmware to init again, QEMU ends. A PC that prints
# nothing for SILENCE= seconds (900, or 200 with an AMD CPU) hangs: it is ended, and the registers
# of QEMU's CPUs are in build/log/NAME.emulator.

. "$(dirname "$0")/../lib.sh"

usage="usage: boot.sh --kernel BZIMAGE --initrd FILE --machine vmx|svm --cpus N --limit SECONDS"
usage="$usage --name NAME [--model BOCHS_CPU] [--mips N] [--append WORDS]"
usage="$usage [--shell | --until-reboot]"
kernel='' initrd='' machine='' cpus='' limit='' name='' model='' mips=20 more=''
shell='' until_reboot=''
while [ $# -gt 0 ]; do
	case $1 in
	--shell)
		shell=1
		shift
		continue
		;;
	--until-reboot)
		until_reboot=1
		shift
		continue
		;;
	esac
	[ $# -ge 2 ] || die "$usage"
	case $1 in
	--kernel) kernel=$2 ;;
	--initrd) initrd=$2 ;;
	--machine) machine=$2 ;;
	--cpus) cpus=$2 ;;
	--limit) limit=$2 ;;
	--name) name=$2 ;;
	--model) model=$2 ;;
	--mips) mips=$2 ;;
	--append) more=$2 ;;
	*) die "$usage" ;;
	esac
	shift 2
done
case $name in
'' | */*) die "$usage" ;;
esac
check_machine "$machine"
check_cpus "$cpus"
check_number --limit "$limit" seconds
check_number --mips "$mips" "million instructions a second"
{ [ -f "$kernel" ] && [ -r "$kernel" ]; } ||
	die "no kernel in '$kernel': run tools/lab/kernel/build.sh first"
[ -r "$initrd" ] || die "no initramfs in '$initrd': run tools/lab/machine/initramfs.sh first"

silence=${SILENCE:-$([ "$machine" = svm ] && echo 200 || echo 900)}
console=$logs/$name.console
emulator=$logs/$name.emulator
raw=$logs/$name.results
ktap=$results/$name.ktap
mkdir -p "$logs" "$results"
rm -f "$console" "$emulator" "$raw" "$ktap"
: >"$console"
: >"$raw"

[ -z "$shell" ] || tty >/dev/null || die "a shell needs a terminal"

work=$(mktemp -d)
pid='' viewer='' terminal='' qemu=''
# Runs whatever happens: nothing stays behind, and the terminal is as it was.
finish()
{
	for child in $pid $viewer; do
		kill "$child" 2>/dev/null || continue
		wait "$child" 2>/dev/null || :
	done
	# it complains about what a terminal cannot do, and does the rest
	[ -z "$terminal" ] || stty "$terminal" 2>/dev/null || :
	rm -rf "$work"
}
trap finish EXIT

# A kernel that panics stays where it is (no panic=): the console then has all of it. idle=halt,
# as CPUs of Bochs that idle in MWAIT miss wake-ups: one boot in three with two CPUs hung. The log
# is searched at the end, so it must have room for all (log_buf_len).
append="console=ttyS0,115200 loglevel=5 log_buf_len=2M reboot=t lpj=1000000 tsc=reliable nokaslr"
append="$append idle=halt lab_cpus=$cpus"
# Before VM-entry after an interrupt, Linux flushes the data cache by thousands of loads. Each of
# several CPUs is so slow that the next timer interrupt can come first, again and again: seen with
# 5.15.
[ "$cpus" -eq 1 ] || append="$append l1tf=off"
# What newer models of Bochs have and do not get right: Linux crashes early with FSRM (580),
# VM-entry fails with APICv, and CPUID tells how fast the TSC of the real CPU is. The kernel's
# second would have as many instructions, and who spins until a timer fires would spin two hundred
# times too long. Linux turns TSX off if it is not told otherwise.
[ -z "$model" ] || append="$append clearcpuid=580 kvm_intel.enable_apicv=0 tsx=on"
[ -z "$model" ] || append="$append tsc_early_khz=$((mips * 1000))"
[ -z "$more" ] || append="$append $more"
[ -z "$shell" ] || append="$append lab_shell=1"
# how a triple fault ends: in an error, or as real hardware does it
reset_on_triple_fault=0
[ -z "$until_reboot" ] || reset_on_triple_fault=1

# claim_host_cpu: finds a host CPU for this PC alone, or shares one if all are taken. QEMU has a
# thread for each CPU, and the threads change each other's flags without a lock. FXRSTOR on any CPU
# clears IGNNE in CPU 0's flags, which include GIF and NPT: if CPU 0 loses NPT while it is in VMRUN,
# it takes guest-physical addresses of page tables for physical ones. #VMEXIT clears a pending
# virtual interrupt: if another interrupt arrives then, it is lost. Each change is one instruction,
# so none is lost as long as one host CPU runs all threads.
claim_host_cpu()
{
	local range
	need taskset util-linux
	mkdir -p "$cache"
	for range in $(taskset -cp $$ | sed 's/.*: //; s/,/ /g'); do
		for host_cpu in $(seq "${range%-*}" "${range#*-}"); do
			exec 8>"$cache/host-cpu-$host_cpu.lock"
			! flock -n 8 || return 0
		done
	done
}

host_cpu=
memory=1024
# The PC's command is put into "$@". timeout is there for the case that this script is killed.
native=
if [ -z "$model" ] && native "$machine"; then
	native=1
fi
if [ "$machine" = vmx ] && [ -z "$native" ]; then
	need xorriso xorriso
	bochs=$("$top/tools/lab/machine/bochs.sh")
	# Bochs boots no kernel by itself, a boot loader on a CD does
	iso=$work/iso/isolinux
	mkdir -p "$iso"
	for file in /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32; do
		[ -f "$file" ] || die "$file is missing: install isolinux and syslinux-common, or" \
			"run 'make deps'"
		cp "$file" "$iso"
	done
	ln "$kernel" "$iso/kernel" 2>/dev/null || cp "$kernel" "$iso/kernel"
	ln "$initrd" "$iso/initrd" 2>/dev/null || cp "$initrd" "$iso/initrd"
	cat >"$iso/isolinux.cfg" <<-EOF
		default lab
		label lab
		kernel kernel
		append initrd=initrd $append
	EOF
	xorriso -as mkisofs -quiet -o "$work/cd.iso" -b isolinux/isolinux.bin -c isolinux/boot.cat \
		-no-emul-boot -boot-load-size 4 -boot-info-table "$work/iso" >"$emulator" 2>&1 ||
		die "cannot make a boot CD: $(tail -n 1 "$emulator"); log: $emulator"

	case $cpus in
	1) count=1 ;;
	# threads of one core: with cores some kernels find one CPU only
	*) count=1:1:$cpus ;;
	esac
	com1="mode=file, dev=$console"
	[ -z "$shell" ] || com1="mode=term, dev=$(tty)"
	# The display needs no screen. A broken guest makes millions of error messages. The clock
	# starts at the same time always: then all runs of 5.10 are the same, to the instruction,
	# and those of kernels that ask the CPU for random numbers nearly are.
	cat >"$work/bochsrc" <<-EOF
		cpu: model=${model:-corei7_haswell_4770}, count=$count
		cpu: ips=${mips}000000, reset_on_triple_fault=$reset_on_triple_fault
		memory: guest=$memory, host=$memory
		romimage: file=\$BXSHARE/BIOS-bochs-latest
		vgaromimage: file=\$BXSHARE/VGABIOS-lgpl-latest
		ata0-master: type=cdrom, path=$work/cd.iso, status=inserted
		boot: cdrom
		com1: enabled=1, $com1
		com2: enabled=1, mode=file, dev=$raw
		display_library: rfb, options="timeout=0"
		clock: sync=none, time0=1600000000
		log: $emulator
		info: action=ignore
		error: action=ignore
		panic: action=fatal
	EOF
	set -- "$bochs" -q -unlock -f "$work/bochsrc"
	if "$bochs" --help 2>&1 </dev/null | grep -q -e '^ *-rc '; then
		# it stops in its debugger first
		echo c >"$work/go"
		set -- "$@" -rc "$work/go"
	fi
else
	if [ "$native" ]; then
		need qemu-system-x86_64 qemu-system-x86
		qemu=qemu-system-x86_64 cpu=host accel=kvm
		append=$(echo "$append" | sed 's/ lpj=[0-9]* tsc=reliable//')
	else
		qemu=$("$top/tools/lab/machine/qemu.sh")
		# A Zen 2: for each Zen 1 that comes online Linux 5.10 writes past cpu_caps_set.
		cpu='EPYC,model=49,+svm,+npt' accel=tcg,thread=multi
		claim_host_cpu
		# On a busy host its timer may be too late for the test of the I/O APIC.
		append="$append no_timer_check"
	fi
	com1="file:$console"
	[ -z "$shell" ] || com1=mon:stdio
	mkfifo "$work/monitor.in" "$work/monitor.out"
	set -- ${host_cpu:+taskset -c "$host_cpu"} \
		"$qemu" -accel "$accel" -cpu "$cpu" -smp "$cpus" -m "$memory" \
		-nodefaults \
		-display none -no-reboot -serial "$com1" -serial "file:$raw" \
		-chardev "pipe,id=monitor,path=$work/monitor" -mon chardev=monitor \
		-kernel "$kernel" -initrd "$initrd" -append "$append"
fi

if [ -n "$shell" ]; then
	terminal=$(stty -g)
	# the standard input of what runs in the background is nothing, unless told so
	exec 3<&0
	# Bochs opens the terminal by itself, and what it says is not for there
	[ "$qemu" ] || exec >>"$emulator"
	"$@" <&3 2>>"$emulator" &
else
	timeout -k 2 "$limit" "$@" </dev/null >>"$emulator" 2>&1 &
fi
pid=$!
if [ "${V:-0}" = 1 ] && [ -z "$shell" ]; then
	tail -n +1 -f "$console" &
	viewer=$!
fi
# Bochs takes long to end after the power is off, and a kernel that panicked never ends: it says
# its last words, or hangs while it tries.
panicking=0
boots=0
hangs=
while kill -0 "$pid" 2>/dev/null && ! grep -qs -e '^lab: off' "$raw" &&
	! grep -qs 'reboot: Power down' "$console" && [ "$panicking" -lt 50 ] &&
	[ "$boots" -lt 2 ]; do
	sleep 0.2
	if [ -z "$shell" ] &&
		[ -z "$(find "$console" "$raw" -newermt "$silence seconds ago")" ]; then
		hangs=1
		if [ -p "$work/monitor.in" ]; then
			{
				echo 'info registers -a'
				for cpu in $(seq 0 $((cpus - 1))); do echo "info lapic $cpu"; done
			} >"$work/monitor.in"
			timeout 2 cat "$work/monitor.out" >>"$emulator" || :
		fi
		kill "$pid"
		break
	fi
	if [ "$until_reboot" ]; then
		boots=$(grep -c 'lab: booted' "$console") || :
	elif grep -qs 'end Kernel panic' "$console"; then
		panicking=50
	elif grep -qs 'Kernel panic - ' "$console"; then
		panicking=$((panicking + 1))
	fi
done
[ -z "$shell" ] || exit 0
if [ "$until_reboot" ]; then
	[ "$boots" -lt 2 ] || exit 0
	if [ "$qemu" ] && ! kill -0 "$pid" 2>/dev/null && wait "$pid" &&
		! grep -q 'reboot: Power down' "$console"; then
		exit 0
	fi
	die "$name: the PC did not get back to its firmware, the last line is" \
		"'$(tr -d '\r' <"$console" | tail -n 1)'; console: $console"
fi

down=
grep -q 'reboot: Power down' "$console" && down=1
status=0
if [ -z "$down" ] && ! grep -q 'Kernel panic - ' "$console"; then
	wait "$pid" || status=$?
	pid=
fi
[ -z "$viewer" ] || sleep 0.3
"$top/tools/lab/machine/ktap.sh" convert "$raw" >"$ktap"

# lines PATTERN: the console's lines like it, without their time stamps
lines()
{
	tr -d '\r' <"$console" | grep -e "$1" | sed 's/^\[[ 0-9.]*\] //'
}
panic=$(lines 'Kernel panic - ' | head -n 1)
[ -z "$panic" ] || die "$name: $panic; console: $console"
if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
	line=$(lines . | tail -n 1)
	die "$name: no end within $limit s, the last line is" \
		"'${line:-nothing at all}'; console: $console"
fi
if [ -n "$hangs" ]; then
	line=$(lines . | tail -n 1)
	die "$name: it hung, without a word for $silence s; the last line is" \
		"'${line:-nothing at all}'; console: $console, emulator: $emulator"
fi
if [ -z "$down" ]; then
	why=$(sed -n -e 's/^.*>>PANIC<< //p' -e '/ warning: /!s/^[^ ]*qemu[^ ]*: //p' \
		"$emulator" | tail -n 1)
	die "$name: the PC ended without powering down (${why:-it was reset});" \
		"console: $console, emulator: $emulator"
fi
few=$(lines 'CPUs are online')
[ -z "$few" ] || die "$name: only ${few#lab: }; console: $console"
missing=$(sed -n 's/^not ok [0-9]* - results are complete # //p' "$ktap")
[ -z "$missing" ] || die "$name: results are incomplete, $missing: $ktap; console: $console"
summary=$("$top/tools/lab/machine/ktap.sh" summary "$ktap") && good=1 || good=
say "$summary" | sed '$d'
[ -n "$good" ] || die "$name: a test failed: $ktap; console: $console"
