# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # of the script that sources this
# A kernel that is none of Debian's, and one that the package archive does not have, are seen as
# such.

for krel in '' 6.1.0-47-arm64 5.10.0-../x-amd64; do
	same "$("$top/tools/lab/debian/stock.sh" "$krel" 2>&1 | cut -d : -f 1-2)" \
		"error: KREL=$krel is not a kernel of Debian 11, 12 or 13 for amd64" "no kernel of Debian's: '$krel'"
done

# archive MESSAGE STATUS: what becomes of a kernel's source where apt-get ends with this message
archive()
{
	mkdir -p "$work/archive"
	# shellcheck disable=SC2016 # for that script to expand
	printf '#!/bin/sh\n[ "$1" != indextargets ] || exec echo "stable main nowhere debian-archive"\necho "E: %s"\nexit 100\n' "$1" >"$work/archive/apt-get"
	chmod +x "$work/archive/apt-get"
	status=0
	PATH=$work/archive:$PATH XDG_CACHE_HOME=$work/archive KSRC='' OFFLINE=0 \
		"$top/tools/lab/kernel/source.sh" 7.9 >"$work/out" 2>&1 || status=$?
	same "$status, $(grep -c '^error: ' "$work/out"), $(cd "$work/archive/kvm-shared-msrs" && find . -maxdepth 1 -name '*7.9*' ! -name '*.lock')" \
		"$2, 1, " "the archive: $1"
}
archive "Unable to locate package linux-source-7.9" 4
archive "The repository 'nowhere trixie-backports Release' does not have a Release file." 4
archive "Failed to fetch nowhere  Could not connect" 1
