# SPDX-License-Identifier: GPL-2.0-only
# Up to 5.7.
/^	{ "shared_msr_faults", VCPU_STAT(shared_msr_faults) },$/a\
	{ "shared_msr_passthrough", VCPU_STAT(shared_msr_passthrough) },
# 5.10; from 5.14 on the counters have descriptors.
/^	VCPU_STAT("shared_msr_faults", shared_msr_faults),$/a\
	VCPU_STAT("shared_msr_passthrough", shared_msr_passthrough),
/^	STATS_DESC_COUNTER(VCPU, shared_msr_faults),$/a\
	STATS_DESC_COUNTER(VCPU, shared_msr_passthrough),
