// SPDX-License-Identifier: GPL-2.0-only
// What WRMSRLIST writes is not traced.
@@
@@
 kvm_wrmsrlist(...)
 {
 <...
-if (tracepoint_enabled(write_msr)) { ... }
 ...>
 }
