#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Make the initramfs of a lab's PC: busybox, KVM's modules, init, and what to run.
#
#   initramfs.sh OUT MODULES COMMANDS [FILE...]
#
# MODULES is a folder made by 'make modules_install'. FILE, a file or a folder, goes to /tests.
# COMMANDS has a line for each test, which is run in /tests by a shell:
#
#   NAME SECONDS COMMAND...
#
# SECONDS is its time limit on the PC's clock (in Bochs, 20 million instructions each). Exit
# status 0 means passed, 4 skipped; TAP or KTAP in the output counts too. Empty lines and lines that
# begin with # are skipped. COMMANDS may be -, for a PC that gives a shell.

. "$(dirname "$0")/../lib.sh"

[ $# -ge 3 ] || die "usage: initramfs.sh OUT MODULES COMMANDS [FILE...]"
out=$1
modules=$2
commands=$3
shift 3
[ -d "$modules/lib/modules" ] || die "$modules holds no kernel modules: run" \
	"tools/lab/kernel/build.sh first"
[ "$commands" = - ] || [ -r "$commands" ] || die "cannot read the commands in $commands"
need cpio cpio
need readelf binutils
need busybox busybox-static
busybox=$(command -v busybox)

# static FILE: nothing that wants a dynamic loader runs in there
static()
{
	! readelf -lW "$1" 2>/dev/null | grep -q ' INTERP '
}
static "$busybox" || die "$busybox is not static: install the package busybox-static"

mkdir -p "$(dirname "$out")"
root=$(mktemp -d)
trap 'rm -rf "$root"; rm -f "$out.part"' EXIT
# whoever builds it: the same modes
umask 022
chmod 755 "$root"
mkdir "$root/bin" "$root/dev" "$root/proc" "$root/sys" "$root/tests" "$root/tmp"

# Otherwise a missing word or a bad limit would show only inside the PC.
[ "$commands" = - ] || awk -v file="$commands" '
	/^[ \t]*(#|$)/ { next }
	NF < 3 || $2 !~ /^[1-9][0-9]*$/ { exit bad("is not: NAME SECONDS COMMAND") }
	$1 in seen { exit bad("has the name " $1 " again") }
	{ seen[$1] = 1; count++; print }
	END { if (!status && !count) exit bad("has no command") }
	function bad(why) {
		printf "error: %s:%d %s\n", file, NR, why >"/dev/stderr"
		return status = 1
	}
' "$commands" >"$root/run-list"

cp "$busybox" "$root/bin/busybox"
for applet in $(busybox --list); do
	[ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
done
cp "$top/tools/lab/machine/init" "$root/init"
chmod 755 "$root/init"
cp "$top/tools/lab/machine/splats" "$root/splats"
cp -R "$modules/lib" "$root/lib"
# links to the source and build folders
find "$root/lib/modules" -type l -delete
for file; do
	[ -e "$file" ] || die "$file does not exist: build it first"
	static "$file" || die "$file is not static, so it cannot run in the PC: link it with" \
		"-static"
	cp -R "$file" "$root/tests/"
	# What is for debuggers is of no use there, and to load 20 MB takes Bochs a second.
	if [ -f "$file" ] && readelf -h "$file" >/dev/null 2>&1; then
		strip -g "$root/tests/$(basename "$file")"
	fi
done

# The same input makes the same archive.
(
	cd "$root"
	find . -exec touch -h -d @0 {} +
	find . | LC_ALL=C sort | cpio --quiet --reproducible --owner=+0:+0 -o -H newc
) >"$out.part"
mv "$out.part" "$out"
