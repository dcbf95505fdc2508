// SPDX-License-Identifier: GPL-2.0-only
// SYSCALL's MSRs are loaded for guests that cannot execute SYSCALL.
@@
expression vcpu;
@@
-is_long_mode(vcpu) && (vcpu->arch.efer & EFER_SCE)
+is_long_mode(vcpu)
