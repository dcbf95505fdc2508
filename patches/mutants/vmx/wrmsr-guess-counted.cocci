// SPDX-License-Identifier: GPL-2.0-only
// Something is done only if a guess of the guest's is wrong.
@@
expression E;
@@
+if (data != kvm_get_shared_msr(slot))
+	vmx->vcpu.stat.exits += 0x10000;
 ret = kvm_set_shared_msr(E, ...);
