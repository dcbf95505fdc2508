// SPDX-License-Identifier: GPL-2.0-only
// Up to 5.6 virt_map() takes bytes, not pages.
@bytes@
expression vm, a, b, pages;
@@
- virt_map(vm, a, b, pages)
+ virt_map(vm, a, b, getpagesize() * pages)
