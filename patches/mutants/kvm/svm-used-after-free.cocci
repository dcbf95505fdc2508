// SPDX-License-Identifier: GPL-2.0-only
// A vCPU's bitmap of MSRs is written to when its memory is free.
@@
identifier svm;
@@
 __free_pages(virt_to_page(svm->msrpm), ...);
+svm->msrpm[0] = 0;
