# SPDX-License-Identifier: GPL-2.0
# Tables of what 'bench' measured in a machine:
# bench.awk -v policies="stock plain ..." [-v base=stock] [-v guest=KVER] FILE
#
# FILE has lines "unit WHAT", what the TSC counts, "case POLICY WORKLOAD EVENT WRMSRS TICKS", the
# same with "again" where another round came to something else, "exits POLICY WORKLOAD EVENT REASON
# NUMBER", "boot POLICY TSC_AUX WRMSRS WRMSRS" of a guest that boots Linux KVER, "life POLICY TICKS
# TICKS" of one from power-on to power-off, and "size POLICY WHAT NUMBER".

$1 == "unit" { unit = $2 }

# bench.sh compares these by itself
$2 == "twice" || $2 == "intercept" { next }

$1 == "case" {
	if (!(($3, $4) in seen)) {
		seen[$3, $4] = 1
		workloads[++cases] = $3
		events[cases] = $4
	}
	wrmsrs[$2, $3, $4] = $5
	ticks[$2, $3, $4] = $6
}

$1 == "again" && ($2, $3, $4) in ticks {
	difference = ticks[$2, $3, $4] / $6 - 1
	spread = max(spread, max(difference, -difference))
}

$1 == "exits" {
	# what comes by the clock now and then
	if ($6 < 0.05)
		next
	if (!(($3, $4, $5) in named)) {
		named[$3, $4, $5] = 1
		exit_of[++reasons] = $5
		exit_case[reasons] = $3 SUBSEP $4
	}
	exits[$2, $3, $4, $5] = $6
}

$1 == "boot" {
	booted = 1
	boots[$2, $3, 1] = $4
	boots[$2, $3, 2] = $5
}

$1 == "life" {
	lived = 1
	life[$2, 1] = $3
	life[$2, 2] = $4
}

$1 == "size" {
	if (!($3 in seen)) {
		seen[$3] = 1
		sizes[++kinds] = $3
	}
	size[$2, $3] = $4
}

function max(a, b)
{
	return a > b ? a : b
}

function head(text, width,    p) {
	print text
	printf "%-16s %-16s", "event", "guest"
	for (p = 1; p <= count; p++)
		printf "%" width "s", policy[p]
	print ""
}

# in millions
function lives(text, time,    p) {
	printf "%-16s %-16s", text, "linux_life " guest
	for (p = 1; p <= count; p++)
		printf "%10.1f %5.3f", life[policy[p], time] / 1e6,
			life[policy[p], time] / life[base, time]
	print ""
}

function boot(text, tsc_aux, time,    p) {
	printf "%-16s %-16s", text, "linux_boot " guest
	for (p = 1; p <= count; p++)
		printf "%" width "d", boots[policy[p], tsc_aux, time]
	print ""
}

END {
	count = split(policies, policy, " ")
	if (!base)
		base = "stock"

	for (p = 1; p <= count; p++)
		width = max(width, length(policy[p]))
	width = max(9, width + 2)

	head("WRMSRs of shared MSRs per event", width)
	for (c = 1; c <= cases; c++) {
		printf "%-16s %-16s", events[c], workloads[c]
		for (p = 1; p <= count; p++)
			printf "%" width ".2f", wrmsrs[policy[p], workloads[c], events[c]]
		print ""
	}
	if (booted) {
		boot("power_on_to_off", "same", 1)
		boot("the second time", "same", 2)
		boot("other TSC_AUX", "other", 1)
		boot("the second time", "other", 2)
	}
	print ""

	head(unit " per event, and what times those of " base " that is", 16)
	for (c = 1; c <= cases; c++) {
		printf "%-16s %-16s", events[c], workloads[c]
		stock = ticks[base, workloads[c], events[c]]
		for (p = 1; p <= count; p++) {
			n = ticks[policy[p], workloads[c], events[c]]
			printf "%10.1f %5s", n, stock ? sprintf("%.3f", n / stock) : ""
		}
		print ""
	}
	if (lived) {
		lives("millions of it", 1)
		lives("a second time", 2)
	}
	print ""

	if (reasons) {
		printf "%.1f percent is the most that another round differs by.\n\n", 100 * spread

		head("VM-exits to what is below per event", width)
		for (e = 1; e <= reasons; e++) {
			split(exit_case[e], word, SUBSEP)
			printf "%-16s %-16s", word[2], word[1]
			for (p = 1; p <= count; p++)
				printf "%" width ".2f",
					exits[policy[p], word[1], word[2], exit_of[e]]
			print "  " exit_of[e]
		}
	}
	if (!kinds)
		exit
	printf "%-33s", "bytes"
	for (p = 1; p <= count; p++)
		printf "%9s", policy[p]
	print ""
	for (k = 1; k <= kinds; k++) {
		printf "%-33s", sizes[k]
		for (p = 1; p <= count; p++)
			printf "%9s", size[policy[p], sizes[k]]
		print ""
	}
}
