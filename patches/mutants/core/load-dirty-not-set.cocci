// SPDX-License-Identifier: GPL-2.0-only
// The slots of a set that is loaded are not marked dirty.
@@
identifier smsrs;
expression slots;
@@
 kvm_load_shared_msrs(...)
 {
 <...
-smsrs->dirty |= slots;
 ...>
 }
