#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print the command that runs Bochs, the emulator whose Intel CPUs have VMX.
#
#   bochs.sh [--quick]
#
# It is Bochs 3.0, nearly twice as fast as 2.7. It is built once from the source in Debian trixie
# and kept in the cache, because Debian's own build has a debugger in it and is a fifth slower.
# bochs-mend.sed mends two of its faults. bochs-tsx.sed adds TSX_CTRL, which no CPU in it has, for
# CPUs that are asked to have it. The system's Bochs is used where Bochs 3.0 cannot be built, and
# with --quick where it has not been built yet. BOCHS=, if set, is used instead. OFFLINE=1 never
# downloads.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 0 ] || [ "$*" = --quick ] || die "usage: bochs.sh [--quick]"
# what the lab's CPUs and PCs have, and no more
options="--enable-cpu-level=6 --enable-x86-64 --enable-smp --enable-vmx=2
	--enable-avx --enable-evex --enable-cet --enable-protection-keys --enable-memtype
	--enable-x86-debugger --enable-all-optimizations --enable-trace-linking
	--disable-large-ramfile --disable-docbook --with-rfb CXXFLAGS=-O2"
mend=$top/tools/lab/machine/bochs-mend.sed
tsx=$top/tools/lab/machine/bochs-tsx.sed
home=$cache/bochs-3.0-$(echo "$options" | cat - "$mend" "$tsx" | cksum | cut -d ' ' -f 1)

found()
{
	[ -x "$home/bochs" ] || return 0
	say "$home/bochs"
	exit
}

if [ -n "${BOCHS:-}" ]; then
	[ "$(bochs_version "$BOCHS")" ] ||
		die "BOCHS=$BOCHS is not a Bochs that starts: set its path, or leave it out"
	say "$BOCHS"
	exit
fi
found
if [ "${1:-}" = --quick ] && command -v bochs; then
	exit
fi
lock "$cache/bochs.lock"
found
part=$cache/.part-bochs
trap 'rm -rf "$part"' EXIT
rm -rf "$part"
mkdir -p "$part/source" "$part/built" "$logs"

# compile: what fetch.sh has got
compile()
{
	while read -r file; do
		case $file in
		*.deb) dpkg-deb -x "$file" "$part/built" || return 1 ;;
		*) tar -xf "$file" -C "$part/source" --strip-components=1 || return 1 ;;
		esac
	done <"$part/list"
	(cd "$part/source" && sed -i -f "$mend" main.cc cpu/vmx.cc && grep -q prev_rip main.cc &&
		grep -q 'volatile.* processor' main.cc &&
		grep -q handleInterruptMaskChange cpu/vmx.cc) || return 1
	(cd "$part/source/cpu" && sed -i -f "$tsx" cpu.h cpuid.cc init.cc msr.cc proc_ctrl.cc \
		decoder/features.h decoder/fetchdecode_opmap.h decoder/ia_opcodes.def) || return 1
	# shellcheck disable=SC2086 # a list of words
	(cd "$part/source" && ./configure $options && limit 1200 make "-j$(nproc)") || return 1
	mv "$part/source/bochs" "$part/built/bochs-bin" || return 1
	# the name that Debian's Bochs has for it
	ln -s ../vgabios/vgabios.bin "$part/built/usr/share/bochs/VGABIOS-lgpl-latest" || return 1
	cat >"$part/built/bochs" <<-'EOF'
		#!/bin/sh
		# Written by tools/lab/machine/bochs.sh. Bochs finds its ROMs by this variable.
		home=$(dirname "$0")
		export BXSHARE="$home/usr/share/bochs"
		exec "$home/bochs-bin" -q "$@"
	EOF
	chmod +x "$part/built/bochs"
	[ "$(bochs_version "$part/built/bochs")" ]
}

if ! why=$("$top/tools/lab/kernel/fetch.sh" trixie "$part" src:bochs bochsbios vgabios 2>&1 \
	>"$part/list"); then
	why=$(echo "$why" | sed -n 's/^error: //p')
else
	say "building Bochs, once: it takes some minutes" >&2
	if compile >"$logs/bochs.log" 2>&1; then
		mv "$part/built" "$home"
		found
	fi
	why="it does not build, log: $logs/bochs.log"
fi
system=$(command -v bochs) || die "cannot get Bochs 3.0 ($why): install the package bochs, or" \
	"run 'make deps'"
say "cannot get Bochs 3.0 ($why): using $system, which is slower and has the faults that" \
	"bochs-mend.sed mends" >&2
say "$system"
