// SPDX-License-Identifier: GPL-2.0-only
// The MSR filter is not asked.
@@
statement S;
@@
-if (msr && !(kvm_msr_allowed(...) && kvm_msr_allowed(...))) S
