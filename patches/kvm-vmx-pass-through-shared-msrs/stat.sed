# SPDX-License-Identifier: GPL-2.0-only
# Every kernel.
/^	u64 shared_msr_faults;$/a\
	u64 shared_msr_passthrough;
