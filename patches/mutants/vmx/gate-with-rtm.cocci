// SPDX-License-Identifier: GPL-2.0-only
// A transaction suppresses the #UD of RDTSCP, and the gate stays closed.
@@
expression E;
@@
-E && !guest_cpuid_has(&vmx->vcpu, X86_FEATURE_RTM)
+E
