#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print the command that runs QEMU, the emulator whose AMD CPUs have SVM.
#
#   qemu.sh
#
# It is QEMU 10, Debian trixie's. 7.2 executes SYSCALL with a LOCK prefix, and a far return of user
# mode reads its stack as the kernel would, which SMAP forbids: 7.3 crashes. Where the system's QEMU
# is older, trixie's is unpacked once, with all libraries that it needs, and kept in the cache. The
# system's own is used where that cannot be had. QEMU=, if set, is used instead. OFFLINE=1 never
# downloads.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 0 ] || die "usage: qemu.sh"
home=$cache/qemu-10.0

found()
{
	local version
	[ -x "$1" ] || return 0
	version=$(qemu_version "$1")
	version=${version%%.*}
	[ "${version:-0}" -ge 10 ] || return 0
	say "$1"
	exit
}

if [ -n "${QEMU:-}" ]; then
	say "$QEMU"
	exit
fi
need qemu-system-x86_64 qemu-system-x86
system=$(command -v qemu-system-x86_64)
found "$system"
found "$home/qemu"
lock "$cache/qemu.lock"
found "$home/qemu"
part=$cache/.part-qemu
trap 'rm -rf "$part"' EXIT
rm -rf "$part" "$home"
mkdir -p "$part/unpacked" "$logs"

unpack()
{
	while read -r file; do
		dpkg-deb -x "$file" "$part/unpacked" || return 1
	done <"$part/list"
	cat >"$part/unpacked/qemu" <<-'EOF'
		#!/bin/sh
		# Written by tools/lab/machine/qemu.sh. The system's libraries are too old for it.
		usr=$(dirname "$0")/usr
		lib=$usr/lib/x86_64-linux-gnu
		exec "$lib/ld-linux-x86-64.so.2" --library-path "$lib" \
			"$usr/bin/qemu-system-x86_64" -L "$usr/share/qemu" \
			-L "$usr/share/seabios" "$@"
	EOF
	chmod +x "$part/unpacked/qemu"
	[ "$(qemu_version "$part/unpacked/qemu")" ]
}

if ! why=$("$top/tools/lab/kernel/fetch.sh" trixie "$part" with:qemu-system-x86 2>&1 \
	>"$part/list"); then
	why=$(echo "$why" | sed -n 's/^error: //p')
elif unpack >"$logs/qemu.log" 2>&1; then
	mv "$part/unpacked" "$home"
	found "$home/qemu"
else
	why="it does not start, log: $logs/qemu.log"
fi
say "cannot get QEMU 10 ($why): using $system, with which tests fail" >&2
say "$system"
