// SPDX-License-Identifier: GPL-2.0-only
// A guest with RDTSCP and without RDPID has the host's TSC_AUX.
@@
expression vcpu;
@@
-guest_cpuid_has(vcpu, X86_FEATURE_RDTSCP) ||
 guest_cpuid_has(vcpu, X86_FEATURE_RDPID)
