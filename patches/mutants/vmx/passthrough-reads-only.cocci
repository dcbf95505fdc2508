// SPDX-License-Identifier: GPL-2.0-only
// RDMSR is passed through, and WRMSR is not.
@@
expression bitmap, value;
@@
-__assign_bit(msr, bitmap + VMX_BITMAP_WRITE_HIGH, value);
