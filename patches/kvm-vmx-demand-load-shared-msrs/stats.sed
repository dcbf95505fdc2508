# SPDX-License-Identifier: GPL-2.0-only
# Up to 5.7.
/^	{ "l1d_flush", VCPU_STAT(l1d_flush) },$/a\
	{ "shared_msr_gated", VCPU_STAT(shared_msr_gated) },\
	{ "shared_msr_faults", VCPU_STAT(shared_msr_faults) },
# 5.10; from 5.14 on the counters have descriptors.
/^	VCPU_STAT("l1d_flush", l1d_flush),$/a\
	VCPU_STAT("shared_msr_gated", shared_msr_gated),\
	VCPU_STAT("shared_msr_faults", shared_msr_faults),
/^	STATS_DESC_COUNTER(VCPU, l1d_flush),$/a\
	STATS_DESC_COUNTER(VCPU, shared_msr_gated),\
	STATS_DESC_COUNTER(VCPU, shared_msr_faults),
