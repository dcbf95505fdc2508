// SPDX-License-Identifier: GPL-2.0-only
// Host values are never sampled: nothing is ever loaded.
@@
@@
-kvm_shared_msr_cpu_online();
