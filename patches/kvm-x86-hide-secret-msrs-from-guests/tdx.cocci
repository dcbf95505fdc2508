// SPDX-License-Identifier: GPL-2.0-only
// Every kernel.
// may match
@owner@
expression slot, data, mask;
@@
-kvm_set_shared_msr(slot, data, mask)
+kvm_set_shared_msr(vcpu->kvm->arch.shared_msr_owner,
+		   slot, data, mask)
