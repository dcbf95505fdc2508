// SPDX-License-Identifier: GPL-2.0-only
// The cached value is taken for what the guest has written.
@@
@@
 kvm_read_back_shared_msrs(...)
 {
 <...
-rdmsrl(...);
 ...>
 }
