// SPDX-License-Identifier: GPL-2.0-only
// Every vCPU that is switched in loads its values one by one.
@@
identifier smsrs, generation;
@@
-smsrs->generation = generation;
+(void)generation;
