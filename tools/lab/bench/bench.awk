# SPDX-License-Identifier: GPL-2.0
# Tables of what 'bench' measured in a machine: bench.awk -v policies="stock plain ..." -v guest=KVER FILE
#
# FILE has lines "unit WHAT", what the TSC counts, "case POLICY WORKLOAD EVENT WRMSRS TICKS", "boot POLICY
# WRMSRS WRMSRS" of a guest that boots Linux KVER, and "size POLICY WHAT NUMBER".

$1 == "unit" { unit = $2 }

# bench.sh compares that one by itself
$2 == "twice" { next }

$1 == "case" {
	if (!(($3, $4) in seen)) {
		seen[$3, $4] = 1
		workloads[++cases] = $3
		events[cases] = $4
	}
	wrmsrs[$2, $3, $4] = $5
	ticks[$2, $3, $4] = $6
}

$1 == "boot" {
	booted = 1
	boots[$2, 1] = $3
	boots[$2, 2] = $4
}

$1 == "size" {
	if (!($3 in seen)) {
		seen[$3] = 1
		sizes[++kinds] = $3
	}
	size[$2, $3] = $4
}

function head(text, width,    p) {
	print text
	printf "%-16s %-16s", "event", "guest"
	for (p = 1; p <= count; p++)
		printf "%" width "s", policy[p]
	print ""
}

END {
	count = split(policies, policy, " ")

	head("WRMSRs of shared MSRs per event", 9)
	for (c = 1; c <= cases; c++) {
		printf "%-16s %-16s", events[c], workloads[c]
		for (p = 1; p <= count; p++)
			printf "%9.2f", wrmsrs[policy[p], workloads[c], events[c]]
		print ""
	}
	for (time = 1; booted && time <= 2; time++) {
		printf "%-16s %-16s", time == 1 ? "power_on_to_off" : "the second time", "linux_boot " guest
		for (p = 1; p <= count; p++)
			printf "%9d", boots[policy[p], time]
		print ""
	}
	print ""

	head(unit " per event, and what times the stock kernel's that is", 16)
	for (c = 1; c <= cases; c++) {
		printf "%-16s %-16s", events[c], workloads[c]
		stock = ticks["stock", workloads[c], events[c]]
		for (p = 1; p <= count; p++) {
			n = ticks[policy[p], workloads[c], events[c]]
			printf "%10.1f %5s", n, stock ? sprintf("%.3f", n / stock) : ""
		}
		print ""
	}
	print ""

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
