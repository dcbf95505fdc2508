// SPDX-License-Identifier: GPL-2.0-only
// What WRMSRNS and WRMSRLIST write is not traced.
@@
@@
-do_trace_write_msr(...);
+;
