#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Make a guest that boots Linux, for a lab's PC: a folder for its /tests.
#
#   guest.sh OUT BZIMAGE
#
# OUT gets the kernel BZIMAGE, guest.c as its /init, and QEMU with its libraries and ROMs, as there
# are none in the PC. OUT/run is the test: it boots the guest on two virtual CPUs. OUT/monitor
# CPUS -- ARGUMENT... boots a guest whose init gets arguments. OUT/machine OPTION... runs QEMU.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 2 ] || die "usage: guest.sh OUT BZIMAGE"
out=$1
kernel=$2
[ -r "$kernel" ] || die "no kernel in '$kernel': run tools/lab/kernel/build.sh first"
need gcc gcc
need cpio cpio
need ldd libc-bin
need qemu-system-x86_64 qemu-system-x86
qemu=$(command -v qemu-system-x86_64)

rm -rf "$out"
mkdir -p "$out/lib" "$out/initramfs"
cp "$kernel" "$out/bzImage"
cp -L "$qemu" "$out/qemu"
# Two kinds of lines: "libz.so.1 => /lib/libz.so.1 (0x...)" and "/lib64/ld-linux-x86-64.so.2
# (0x...)"
ldd "$qemu" >"$out/ldd" || die "$qemu: ldd cannot tell its libraries"
sed -n 's,^[^/]*\(/[^ ]*\) (0x.*$,\1,p' "$out/ldd" | while read -r library; do
	cp -L "$library" "$out/lib/"
done
loader=$(cd "$out/lib" && ls ld-linux*) || die "$qemu: ldd names no loader: $(cat "$out/ldd")"
for rom in bios-256k.bin kvmvapic.bin linuxboot_dma.bin multiboot_dma.bin; do
	file=
	for folder in $("$qemu" -L help); do
		[ ! -r "$folder/$rom" ] || file=$folder/$rom
	done
	[ "$file" ] || die "QEMU's $rom is missing: install qemu-system-x86 again"
	cp -L "$file" "$out/"
done

gcc -O2 -Wall -D_GNU_SOURCE -static -o "$out/guest" "$top/tools/lab/guest/guest.c"
cp "$out/guest" "$out/initramfs/init"
(cd "$out/initramfs" && echo init | cpio --quiet -o -H newc) >"$out/initrd"
rm -r "$out/initramfs" "$out/ldd"

cat >"$out/machine" <<END
#!/bin/sh
# Written by tools/lab/guest/guest.sh
cd "\$(dirname "\$0")"
exec lib/$loader --library-path lib ./qemu -L . -M pc,accel=kvm -cpu host -nodefaults \\
	-display none -no-reboot "\$@"
END
# loglevel=1: no message but the last one comes between the test's lines. A panic ends QEMU, without
# that last one. noxsave: in QEMU's emulated AMD CPU a guest's rt_sigreturn fails with XSAVE.
cat >"$out/monitor" <<END
#!/bin/sh
# Written by tools/lab/guest/guest.sh
cd "\$(dirname "\$0")"
cpus=\$1
shift
exec ./machine -smp "\$cpus" -m 128 -serial stdio -kernel bzImage -initrd initrd \\
	-append "console=ttyS0 loglevel=1 panic=-1 noxsave lpj=1000000 tsc=reliable \$*"
END
cat >"$out/run" <<END
#!/bin/sh
# Written by tools/lab/guest/guest.sh
cd "\$(dirname "\$0")"
exec ./guest host ./monitor 2
END
chmod +x "$out/machine" "$out/monitor" "$out/run"
