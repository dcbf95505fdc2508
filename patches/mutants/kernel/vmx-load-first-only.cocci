// SPDX-License-Identifier: GPL-2.0-only
// Of the active slots only the first one is loaded.
@@
expression slot, msr;
@@
 vmx_load_shared_msrs(...)
 {
 <...
 kvm_set_shared_msr(slot, msr->data, msr->mask);
+break;
 ...>
 }
