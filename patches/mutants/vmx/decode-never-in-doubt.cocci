// SPDX-License-Identifier: GPL-2.0-only
// What cannot be read is no gate's business.
@@
identifier all;
@@
-if (kvm_read_guest_virt(...))
+if (kvm_read_guest_virt(vcpu, rip + i, &byte, 1, &exception))
+	return 0;
+if (i > VMX_MAX_INSN_BYTES)
 	return all;
