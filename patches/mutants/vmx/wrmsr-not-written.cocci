// SPDX-License-Identifier: GPL-2.0-only
// A guest's WRMSR of a loaded MSR does not reach the hardware.
@@
@@
 vmx_set_guest_shared_msr(...)
 {
 <...
-ret = kvm_set_shared_msr(...);
 ...>
 }
