#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Let VMMs run and disturb them for a long time, on a kernel with KASAN and lockdep.
#
#   soak.sh KVER MINUTES [SEED]
#
# A slice is a PC with two CPUs in which the script "soak" does what the seed says. The next slice
# has the next number for its seed, and begins unless the time is over. An even seed takes an Intel
# CPU, an odd one an AMD CPU: so a slice can be done again by its seed alone. Without SEED there is
# a slice of each, however short the time is. The results of a slice are run.sh's, named soak-SEED.
# In the end it says how often each action was done.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 2 ] || [ $# -eq 3 ] || die "usage: soak.sh KVER MINUTES [SEED]"
kver=$1
check_kernel "$kver"
check_number MINUTES "$2" minutes
seed=${3:-$(($(od -An -N2 -tu2 /dev/urandom) + 1))}
check_seed "$seed"
lab=$top/tools/lab
export VARIANT=kasan
# With one CPU offline the script shares the other with the threads of twenty vCPUs.
export SILENCE="${SILENCE:-1200}"

VARIANT='' "$lab/kernel/build.sh" "$kver" >&2
guest=$top/build/programs/v$kver-soak/guest
"$lab/guest/guest.sh" "$guest" "$cache/v$kver/build/arch/x86/boot/bzImage" >&2
"$lab/check/cell.sh" build "$kver" kasan >/dev/null
rm -f "$results"/soak-*.ktap
commands=$top/build/soak.commands
end=$(($(date +%s) + $2 * 60))
needed_seed=${3:-$((seed + 1))}
bad=
while :; do
	name=soak-$seed
	machine=vmx
	[ $((seed % 2)) -eq 0 ] || machine=svm
	say "slice of seed $seed, $machine:"
	echo "soak 3000 ./soak $seed 4" >"$commands"
	# shellcheck disable=SC2046 # a list of words
	"$lab/machine/run.sh" "$kver" "$machine" 2 "$name" "$commands" \
		$(cat "$top/build/programs/v$kver-kasan/list") "$guest" "$lab/check/soak" || {
		[ -f "$results/$name.ktap" ] || exit 1
		bad="$bad $seed"
	}
	[ "$seed" -lt "$needed_seed" ] || [ "$(date +%s)" -lt "$end" ] || break
	seed=$((seed + 1))
done

say
sed -n 's/^\(not \)\{0,1\}ok [0-9]* - soak: \([a-z]*\): .*/\2/p' "$results"/soak-*.ktap |
	sort | uniq -c
"$lab/machine/ktap.sh" summary "$results"/soak-*.ktap | tail -n 1
[ -z "$bad" ] ||
	die "these seeds failed, each can be done again by 'make soak MINUTES=1 SEED=N':$bad"
