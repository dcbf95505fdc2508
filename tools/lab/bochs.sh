#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print the command that runs Bochs, the emulator whose Intel CPUs have VMX.
#
# Bochs 3.0 is nearly twice as fast as 2.7. Where the system's is older, 3.0 is fetched from Debian
# trixie and unpacked in the cache, with the C library it wants; the rest of its libraries are
# those of the system's own package. Where that cannot be had the system's Bochs has to do.
# OFFLINE=1 never downloads.

. "$(dirname "$0")/lib.sh"

home=$cache/bochs-3.0

system=$(command -v bochs || :)
[ -z "$system" ] || case $(bochs_version "$system") in
[3-9].* | [1-9][0-9].*)
	say "$system"
	exit
	;;
esac

if [ ! -x "$home/bochs" ]; then
	mkdir -p "$cache" 2>/dev/null ||
		die "cannot write to $cache: set XDG_CACHE_HOME to a folder that can be written"
	lock "$cache/bochs-3.0.lock"
fi

# unpack: fill $home, all or nothing
unpack()
{
	part=$cache/.part-bochs
	trap 'rm -rf "$part"' EXIT
	rm -rf "$part"
	mkdir "$part" || return 1
	"$top/tools/lab/fetch.sh" trixie "$part/debs" \
		bochs bochsbios vgabios libc6 >"$part/list" || return 1
	while read -r deb; do
		dpkg-deb -x "$deb" "$part/tree" || return 1
	done <"$part/list"
	set -- "$part"/tree/usr/lib/*/ld-linux-x86-64.so.2
	[ -e "$1" ] || return 1
	libraries=$(basename "$(dirname "$1")")
	cat >"$part/tree/bochs" <<-EOF
		#!/bin/sh
		# Written by tools/lab/bochs.sh. Bochs finds its plugins and ROMs by these variables.
		home=\$(dirname "\$0")
		lib=\$home/usr/lib/$libraries
		export LTDL_LIBRARY_PATH="\$lib/bochs/plugins" BXSHARE="\$home/usr/share/bochs"
		exec "\$lib/ld-linux-x86-64.so.2" --library-path "\$lib:/lib/$libraries:/usr/lib/$libraries" \\
			"\$home/usr/bin/bochs-bin" -q "\$@"
	EOF
	chmod +x "$part/tree/bochs"
	if [ -z "$(bochs_version "$part/tree/bochs")" ]; then
		"$part/tree/bochs" --help 2>&1 </dev/null | sed -n '/error while loading/p' >&2
		return 1
	fi
	mv "$part/tree" "$home"
}

if [ ! -x "$home/bochs" ]; then
	[ "$(uname -m)" = x86_64 ] || die "the lab needs an x86-64 machine; this is $(uname -m)"
	if ! why=$(unpack 2>&1); then
		why="Bochs 3.0 cannot be had ($(echo "$why" | sed -n 's/^error: //; $p'))"
		[ -n "$system" ] || die "$why: install the package bochs, or run 'make deps'"
		say "$why: using $system, which is slower" >&2
		say "$system"
		exit
	fi
fi
say "$home/bochs"
