// SPDX-License-Identifier: GPL-2.0-only
// Any vCPU's values count as one's own.
@@
identifier generation;
@@
-return this_cpu_ptr(shared_msrs)->generation == generation;
+return this_cpu_ptr(shared_msrs)->generation;
