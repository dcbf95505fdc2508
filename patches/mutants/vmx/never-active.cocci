// SPDX-License-Identifier: GPL-2.0-only
// SYSCALL's MSRs are not active in 64-bit guests that set EFER.SCE.
@@
expression vcpu;
@@
-is_long_mode(vcpu) && (vcpu->arch.efer & EFER_SCE)
+!is_long_mode(vcpu) && (vcpu->arch.efer & EFER_SCE)
