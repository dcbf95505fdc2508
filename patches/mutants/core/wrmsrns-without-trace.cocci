// SPDX-License-Identifier: GPL-2.0-only
// What WRMSRNS writes is not traced.
@@
@@
 kvm_wrmsrns_safe(...)
 {
 ...
-if (tracepoint_enabled(write_msr))
-	do_trace_write_msr(...);
 ...
 }
