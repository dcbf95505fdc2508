// SPDX-License-Identifier: GPL-2.0-only
// A set counts as loaded although one of its values is refused.
@@
@@
 kvm_replace_refused(...)
 {
 <...
-__this_cpu_write(kvm_loaded_shared_msrs, NULL);
 ...>
 }
