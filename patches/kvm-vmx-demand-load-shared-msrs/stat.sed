# SPDX-License-Identifier: GPL-2.0-only
# Every kernel.
/^	u64 l1d_flush;$/a\
	u64 shared_msr_gated;\
	u64 shared_msr_faults;
